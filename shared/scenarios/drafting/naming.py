"""Draft name: the object of the goal, what tells it from others, and a notable outcome."""

import re
from collections.abc import Callable
from typing import Any

from shared.scenarios.drafting.journey import hands_over
from shared.scenarios.drafting.languages import LEAD, WITHDRAWN
from shared.scenarios.drafting.utterances import CLAUSE, PLACEHOLDER, Utterance, capitalize
from shared.scenarios.text import collapse_spaces, truncate
from shared.sessions.transcript import (
    ApprovalDecided,
    Entry,
    Signaled,
    ToolAnswered,
    ToolCalled,
    Transcript,
)

#: Characters of a name, of its goal, and of a goal that the next sentence completes.
_MAX_NAME, _MAX_GOAL, _SHORT = 80, 60, 28
#: Characters of a phrase before a wish; an article is shorter.
_WISH = 6
#: Placeholder, with the word that introduces a name.
_NAMED = re.compile(rf"(?:\b(?:named|called) )?{PLACEHOLDER.pattern}")
#: Number of an order, a booking or a flight; a date; a time.
_NUMBER = re.compile(r"(?<![\w<])(?=[\w:/.#-]{3})#?[\w:/-]*\d[\w:/-]*(?![\w>])")
_FAILURES = (
    *("turn failed", "error", "max_steps_exceeded", "reask_cap_exceeded"),
    *("routing_error", "node_execution_failed"),
)


def render_name(
    transcript: Transcript, goal: list[Utterance], redact_entry: Callable[[Entry], Entry]
) -> str:
    """Return a name, of at most 80 characters, for a session with this goal."""
    outcome = _outcome(transcript)
    redacted = (redact_entry(one) for one in transcript.entries if isinstance(one, ToolCalled))
    calls = [one for one in redacted if isinstance(one, ToolCalled)]
    tool = calls[0].tool if calls else ""
    spoken = [*goal[:1], *[one for one in goal[1:] if one.changes][-1:], *goal[1:]]
    titles = [title for one in spoken if (title := render_title(one.text))]
    name = titles[0] if titles else tool or "Conversation without a request"
    if len(titles) > 1 and (len(name) < _SHORT or name.endswith(":")):
        name += f"{'' if name.endswith(':') else '.'} {titles[1]}"
    while len(name) > _MAX_GOAL and len(clauses := CLAUSE.split(name)) > 1:
        name = name.removesuffix(clauses[-1]).rstrip(" ,;\uff0c\u3001")
    name = truncate(name, _MAX_GOAL).rstrip(".,;:\u3002")
    if titles and not any(map(str.isdigit, name)):
        sources = (*(one.text for one in goal), *(_scalars(one.arguments) for one in calls))
        number = _NUMBER.search(PLACEHOLDER.sub("", " ".join(sources)[: _MAX_NAME * 50]))
        detail = f" ({number[0] if number else tool})" if number or tool else ""
        name += detail if len(name + detail + outcome) <= _MAX_NAME else ""
    return f"{truncate(name, _MAX_NAME - len(outcome))}{outcome}"


def _scalars(arguments: Any) -> str:
    values = arguments.values() if isinstance(arguments, dict) else ()
    return " ".join(str(one) for one in values if isinstance(one, str | int))


def render_title(text: str) -> str:
    """Return a sentence without the phrase before its object and without withdrawn clauses."""
    clauses = [one for one in CLAUSE.split(text) if not WITHDRAWN.search(one)]
    # Without spaces, one clause withdraws a thing and then names another.
    rest = text[max((m.end() for m in WITHDRAWN.finditer(text)), default=0) :]
    wish = next((n for n, one in enumerate(clauses) if _asks(one)), 0)
    title = " ".join(clauses[wish:]) or (rest if text[:1] >= "\u2e80" else "")
    title = collapse_spaces(_NAMED.sub("", title)).rstrip(" .!?\u3002\uff01\uff1f")
    found = LEAD.match(title)
    return capitalize(title[found.end() :] or title if found else title)


def _asks(clause: str) -> bool:
    found = LEAD.match(clause)
    return found is not None and found.end() >= _WISH


def _outcome(transcript: Transcript) -> str:
    """Return the suffix of a session that did not end normally."""
    entries = transcript.entries
    if any(isinstance(entry, ApprovalDecided) and entry.decision == "deny" for entry in entries):
        return " \u2013 approval denied"
    if any(map(hands_over, entries)):
        return " \u2013 handed over"
    if any(isinstance(e, Signaled) and e.signal.startswith(_FAILURES) for e in entries):
        return " \u2013 failed"
    failed = any(isinstance(entry, ToolAnswered) and entry.error is not None for entry in entries)
    return " \u2013 with a tool error" if failed else ""
