"""Draft name: the goal in short, and a notable outcome."""

import re

from shared.scenarios.drafting.clauses import Clause, Form
from shared.scenarios.drafting.journey import hands_over
from shared.scenarios.drafting.third_person import to_third_person
from shared.scenarios.text import clean, collapse_spaces, truncate
from shared.sessions.transcript import ApprovalDecided, Signaled, ToolAnswered, Transcript

#: Characters of the goal in a name, for lists; the contract allows 255.
_MAX_GOAL = 80
#: Goals with fewer characters are followed by the next one.
_SHORT = 32
#: Minimum characters of a goal that is cut at its first comma.
_MIN_HEAD = 16


def render_name(transcript: Transcript, turns: list[str], goal: list[Clause]) -> str:
    """Return a name, of at most 255 characters, for a session with these messages and goal."""
    return f"{_title(turns, goal)}{_outcome(transcript)}"


def _title(turns: list[str], goal: list[Clause]) -> str:
    goals = [
        to_third_person(clause.words.removeprefix("the assistant ").removeprefix("to "))
        for clause in goal
        if clause.form is Form.WANTS
    ]
    if not goals:
        goals = [text for turn in turns if (text := collapse_spaces(clean(turn)))] or turns
    goals = [_abbreviate(collapse_spaces(goal)) for goal in goals[:2]]
    title = goals[0]
    if len(title) < _SHORT and len(goals) > 1:
        title = f"{title}, {goals[1]}"
    title = truncate(title, _MAX_GOAL).rstrip(".,;:")
    return title[:1].upper() + title[1:]


def _abbreviate(goal: str) -> str:
    """Return a goal in the style of a title: without possessives, and up to a comma."""
    for pattern, short in _SHORTER:
        goal = pattern.sub(short, goal, count=0 if pattern is _THEIR else 1)
    head, _, rest = goal.partition(", ")
    head = head.rstrip()
    return head if rest and len(head) >= _MIN_HEAD else goal


def _outcome(transcript: Transcript) -> str:
    """Return the suffix of a session that did not end normally."""
    entries = transcript.entries
    if any(isinstance(entry, ApprovalDecided) and entry.decision == "deny" for entry in entries):
        return " \u2013 approval denied"
    if any(map(hands_over, entries)):
        return " \u2013 handed over"
    if any(isinstance(e, Signaled) and e.signal.startswith(_FAILURES) for e in entries):
        return " \u2013 failed"
    if any(isinstance(entry, ToolAnswered) and entry.error is not None for entry in entries):
        return " \u2013 with a tool error"
    return ""


_I = re.IGNORECASE
_THEIR = re.compile(r"(?<![\w-])(?:their|his|her) (?!own\b)(?=\w)", _I)
_SHORTER = (
    (_THEIR, ""),
    (
        re.compile(
            r"^(?:(?:get|have|claim|request|receive) )?(?:a |the )?(?:full )?"
            r"(?:refund|money back)(?= (?:for|of|on)\b)",
            _I,
        ),
        "Refund",
    ),
    (re.compile(r"^Refund (?:for|of|on) ", _I), "Refund of "),
    (re.compile(r"^(?:know|see)(?: about)? (?:the )?(?=\w)", _I), ""),
    (re.compile(r"^(?:a|an|the|some|help with|assistance with|assistance in) (?=\w)", _I), ""),
)

_FAILURES = (
    *("turn failed", "error", "max_steps_exceeded", "reask_cap_exceeded"),
    *("routing_error", "node_execution_failed"),
)
