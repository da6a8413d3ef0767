"""Journey: the steps of a session, one line each, from the first message to the ending."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from shared.core.json import as_text, dumps
from shared.scenarios.drafting.envelopes import unwrap
from shared.scenarios.drafting.languages import CHANGE
from shared.scenarios.library.domain import MAX_JOURNEY
from shared.scenarios.text import MAX_TURN, clean, collapse_spaces, truncate
from shared.sessions.transcript import (
    ApprovalDecided,
    AssistantSaid,
    Ended,
    Entry,
    HandedOff,
    Signaled,
    ToolAnswered,
    ToolCalled,
    Transcript,
    UserSaid,
)

#: Characters of a quotation: the first limit under which the whole journey fits is used.
_QUOTATION_LIMITS = (600, 240, 100)
#: Characters of an argument, of a tool's answer, and of all arguments of a call.
_MAX_VALUE = 80
_MAX_ANSWER = 200
_MAX_ARGUMENTS = 300
#: Fields that are listed for an answer that is itself too long.
_FIELDS = 8

_AGREES = re.compile(r"(?:yes|yeah|yep|sure|correct|exactly|absolutely|ok|okay)\b", re.IGNORECASE)
_DECLINES = re.compile(r"(?:no|nope|not)\b(?! problem| worries)", re.IGNORECASE)
#: Characters of a tool's name that are read.
_MAX_TOOL = 200
_HAND_OVER = re.compile(
    r"(?:transfer|hand|escalat|connect|route).*(?:human|agent|person|support|operator|staff|live)"
    r"|hand_?off|escalate$",
    re.IGNORECASE,
)


def render_journey(
    transcript: Transcript,
    redact: Callable[[Entry], Entry] = lambda entry: entry,
    *,
    answers_left_out: int = 0,
) -> str:
    """Return the journey (at most 20,000 characters); it states what it leaves out.

    ``redact`` removes personal data from an entry before it is rendered.
    ``answers_left_out`` counts the answers that do not fit into the mock world.
    """
    steps = _steps(transcript, answers_left_out)
    answers = {called.call: answered for called, answered in transcript.calls()}
    first = next((entry for entry in steps if isinstance(entry, UserSaid)), None)
    for limit in _QUOTATION_LIMITS:
        renderer = _Renderer(redact, answers, first, limit)
        lines = renderer.lines(steps, MAX_JOURNEY)
        if len(lines) == len(steps):
            return "\n".join(lines)
    return _without_middle(renderer, steps)


def hands_over(entry: Entry) -> bool:
    """Check whether an entry hands the conversation over to a person."""
    return isinstance(entry, HandedOff) or (
        isinstance(entry, ToolCalled) and _HAND_OVER.search(entry.tool[:_MAX_TOOL]) is not None
    )


#: Entry, or a line of this module.
type _Step = Entry | str


def _steps(transcript: Transcript, answers_left_out: int) -> list[_Step]:
    """Return the steps with a line of their own; a tool's answer is on the line of its call."""
    entries = transcript.entries
    steps: list[_Step] = [*entries[: transcript.gap_at]]
    if transcript.events_left_out:
        steps.append(f"[{transcript.events_left_out} events of the session are left out here.]")
    steps += entries[transcript.gap_at :]
    if answers_left_out:
        answers = (
            "1 tool answer is" if answers_left_out == 1 else f"{answers_left_out} tool answers are"
        )
        steps.append(f"[{answers} left out of the mock world.]")
    if not any(isinstance(entry, Ended | HandedOff) for entry in entries):
        steps.append(_open_end(transcript))
    return [step for step in steps if not isinstance(step, ToolAnswered)]


class _Renderer:
    """Renders steps as lines, with quotations up to a limit."""

    def __init__(
        self,
        redact: Callable[[Entry], Entry],
        answers: dict[int, ToolAnswered | None],
        first: Entry | None,
        limit: int,
    ) -> None:
        self._redact = redact
        self._answers = answers
        self._first = first
        self._limit = limit

    def lines(self, steps: Iterable[_Step], room: int) -> list[str]:
        """Return the lines of the first steps, as many as fit into ``room`` characters."""
        lines: list[str] = []
        for step in steps:
            line = self._line(step)
            room -= len(line) + 1
            if room < -1:  # the last line has no line break
                break
            lines.append(line)
        return lines

    def _line(self, step: _Step) -> str:
        if isinstance(step, str):
            return step
        entry = self._redact(step)
        if isinstance(entry, UserSaid):
            return _user(entry.text, self._limit, first=step is self._first)
        if isinstance(entry, ToolCalled):
            return _tool(entry, self._answer(entry.call))
        return _other(entry, self._limit)

    def _answer(self, call: int) -> ToolAnswered | None:
        answered = self._answers[call]
        redacted = None if answered is None else self._redact(answered)
        return redacted if isinstance(redacted, ToolAnswered) else None


def _user(text: str, limit: int, *, first: bool) -> str:
    message = collapse_spaces(clean(unwrap(text)))
    if not re.search(r"\w", message):
        return "The user ends the conversation."
    if first:
        verb = "opens"
    elif CHANGE.search(message):
        verb = "changes course"
    elif _AGREES.match(message):
        verb = "agrees"
    elif _DECLINES.match(message):
        verb = "declines"
    else:
        verb = "asks" if message.endswith("?") else "says"
    return f"The user {verb}: {_quote(message, limit)}"


def _other(entry: Entry, limit: int) -> str:
    if isinstance(entry, AssistantSaid):
        message = unwrap(entry.text)[:MAX_TURN]
        return f"The assistant {'asks' if '?' in message else 'says'}: {_quote(message, limit)}"
    if isinstance(entry, ApprovalDecided):
        note = f" with the note {_quote(entry.note, limit)}" if entry.note else ""
        decision = {"approve": "given", "deny": "denied"}.get(entry.decision, entry.decision)
        return f"The approval is {decision}{note}."
    if isinstance(entry, Signaled) and entry.signal == "approval_required":
        return "The workflow waits for an approval."
    if isinstance(entry, Signaled):
        return f"The session reports: {_shorten(entry.signal, limit)}."
    if isinstance(entry, Ended):
        return f"The session ends: {_shorten(entry.reason, limit)}."
    return "The conversation is handed over to a person."


def _tool(called: ToolCalled, answered: ToolAnswered | None) -> str:
    line = f"The assistant calls {called.tool}{_arguments(called.arguments)}"
    if hands_over(called):
        line = f"The assistant hands the conversation over to a person: it calls {called.tool}"
    if answered is None:
        return f"{line}; no answer is recorded."
    if answered.error is not None:
        return f"{line}; it fails: {_quote(answered.error, _MAX_ANSWER)}"
    return f"{line}; it answers {_answer(answered.output)}."


def _arguments(arguments: Any) -> str:
    if not isinstance(arguments, dict):
        return f" with {_shorten(dumps(arguments), _MAX_VALUE)}" if arguments else ""
    listed = ", ".join(
        f"{name}: {_shorten(as_text(value), _MAX_VALUE)}" for name, value in arguments.items()
    )
    return f" ({truncate(listed, _MAX_ARGUMENTS)})" if listed else ""


def _answer(output: Any) -> str:
    if output in (None, "", [], {}):
        return "nothing"
    text = as_text(output)
    if len(text) <= _MAX_ANSWER:
        return collapse_spaces(text).rstrip(".")
    if isinstance(output, dict):
        names = ", ".join(map(str, list(output)[:_FIELDS]))
        return f"with {names}{' and more' if len(output) > _FIELDS else ''}"
    if isinstance(output, list):
        return f"with a list of {len(output)}"
    return _quote(text, _MAX_ANSWER)


def _shorten(text: str, limit: int) -> str:
    return truncate(collapse_spaces(text), limit)


def _quote(text: str, limit: int) -> str:
    return f"\u201c{_shorten(text, limit)}\u201d"


def _open_end(transcript: Transcript) -> str:
    messages = [e for e in transcript.entries if isinstance(e, UserSaid | AssistantSaid)]
    last = "user" if messages and isinstance(messages[-1], UserSaid) else "assistant"
    return f"The session is left open; the last word is the {last}'s."


def _without_middle(renderer: _Renderer, steps: list[_Step]) -> str:
    """Return the start, an ending of half its length, and the number of steps between."""
    room = MAX_JOURNEY - 60
    head = renderer.lines(steps, room * 2 // 3)
    tail = renderer.lines(reversed(steps[len(head) :]), room // 3)
    left_out = len(steps) - len(head) - len(tail)
    return "\n".join([*head, f"[{left_out} steps are left out here.]", *reversed(tail)])
