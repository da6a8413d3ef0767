"""How a session went: one line a step, in order, from the first words to the ending."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from shared.core.json import as_text, dumps
from shared.scenarios.openings import announces_change
from shared.scenarios.text import MAX_TURN, cleaned, cut, one_line
from shared.sessions.transcript import (
    ApprovalDecided,
    AssistantSaid,
    Ended,
    Entry,
    HandedOff,
    Signalled,
    ToolAnswered,
    ToolCalled,
    Transcript,
    UserSaid,
)

#: Characters (the contract's limit).
MAX_JOURNEY = 20_000
#: Characters of a quotation: the first that lets the whole journey fit.
_QUOTED = (600, 240, 100)
#: Characters of an argument, of a tool's answer, and of all arguments of a call.
_MAX_VALUE = 80
_MAX_ANSWER = 200
_MAX_ARGUMENTS = 300
#: Fields of an answer that are named where the answer itself is too long.
_FIELDS = 8

_AGREES = re.compile(r"(?:yes|yeah|yep|sure|correct|exactly|absolutely|ok|okay)\b", re.IGNORECASE)
_DECLINES = re.compile(r"(?:no|nope|not)\b(?! problem| worries)", re.IGNORECASE)
_HAND_OVER = re.compile(
    r"(?:transfer|hand|escalat|connect|route).*(?:human|agent|person|support|operator|staff|live)"
    r"|hand_?off|escalate$",
    re.IGNORECASE,
)


def journey_of(
    transcript: Transcript,
    told: Callable[[Entry], Entry] = lambda entry: entry,
    *,
    answers_left_out: int = 0,
) -> str:
    """Return the journey (at most 20,000 characters); says what it leaves out.

    ``told`` is what an entry is put through before it is told: personal data is left out
    there. ``answers_left_out`` counts the answers that the mock world has no room for.
    """
    steps = _steps(transcript, answers_left_out)
    answers = {called.call: answered for called, answered in transcript.calls()}
    first = next((entry for entry in steps if isinstance(entry, UserSaid)), None)
    for quoted in _QUOTED:
        teller = _Teller(told, answers, first, quoted)
        lines = teller.lines(steps, MAX_JOURNEY)
        if len(lines) == len(steps):
            return "\n".join(lines)
    return _without_middle(teller, steps)


def hands_over(entry: Entry) -> bool:
    """Tell whether the conversation goes over to a person here."""
    return isinstance(entry, HandedOff) or (
        isinstance(entry, ToolCalled) and _HAND_OVER.search(entry.tool) is not None
    )


#: An entry, or a line of this module's own.
type _Step = Entry | str


def _steps(transcript: Transcript, answers_left_out: int) -> list[_Step]:
    """Return what makes a line each; a tool's answer is told with its call."""
    entries = transcript.entries
    steps: list[_Step] = [*entries[: transcript.gap_at]]
    if transcript.events_left_out:
        steps.append(f"[{transcript.events_left_out} events of the session are left out here.]")
    steps += entries[transcript.gap_at :]
    if answers_left_out:
        steps.append(f"[{answers_left_out} tool answers had no room in the mock world.]")
    if not any(isinstance(entry, Ended | HandedOff) for entry in entries):
        steps.append(_open_end(transcript))
    return [step for step in steps if not isinstance(step, ToolAnswered)]


class _Teller:
    """Tells steps as lines, with quotations of a certain length."""

    def __init__(
        self,
        told: Callable[[Entry], Entry],
        answers: dict[int, ToolAnswered | None],
        first: Entry | None,
        quoted: int,
    ) -> None:
        self._told = told
        self._answers = answers
        self._first = first
        self._quoted = quoted

    def lines(self, steps: Iterable[_Step], room: int) -> list[str]:
        """Return the lines of as many of the first steps as have room."""
        told: list[str] = []
        for step in steps:
            line = self._line(step)
            room -= len(line) + 1
            if room < -1:  # the last line needs no line break behind it
                break
            told.append(line)
        return told

    def _line(self, step: _Step) -> str:
        if isinstance(step, str):
            return step
        entry = self._told(step)
        if isinstance(entry, UserSaid):
            return _user(entry.text, self._quoted, first=step is self._first)
        if isinstance(entry, ToolCalled):
            return _tool(entry, self._answer(entry.call))
        return _other(entry, self._quoted)

    def _answer(self, call: int) -> ToolAnswered | None:
        answered = self._answers[call]
        told = None if answered is None else self._told(answered)
        return told if isinstance(told, ToolAnswered) else None


def _user(text: str, limit: int, *, first: bool) -> str:
    said = one_line(cleaned(text))
    if not re.search(r"\w", said):
        return "The user ends the conversation."
    if first:
        verb = "opens"
    elif announces_change(said):
        verb = "changes course"
    elif _AGREES.match(said):
        verb = "agrees"
    elif _DECLINES.match(said):
        verb = "declines"
    else:
        verb = "asks" if said.endswith("?") else "says"
    return f"The user {verb}: {_quote(said, limit)}"


def _other(entry: Entry, limit: int) -> str:
    if isinstance(entry, AssistantSaid):
        said = one_line(entry.text[:MAX_TURN])
        return f"The assistant {'asks' if '?' in said else 'says'}: {_quote(said, limit)}"
    if isinstance(entry, ApprovalDecided):
        note = f" with the note {_quote(one_line(entry.note), limit)}" if entry.note else ""
        decided = {"approve": "given", "deny": "denied"}.get(entry.decision, entry.decision)
        return f"The approval is {decided}{note}."
    if isinstance(entry, Signalled) and entry.signal == "approval_required":
        return "The workflow waits for an approval."
    if isinstance(entry, Signalled):
        return f"The session reports: {cut(one_line(entry.signal), limit)}."
    if isinstance(entry, Ended):
        return f"The session ends: {cut(one_line(entry.reason), limit)}."
    return "The conversation is handed over to a person."


def _tool(called: ToolCalled, answered: ToolAnswered | None) -> str:
    line = f"The assistant calls {called.tool}{_arguments(called.arguments)}"
    if hands_over(called):
        line = f"The assistant hands the conversation over to a person: it calls {called.tool}"
    if answered is None:
        return f"{line}; no answer is recorded."
    if answered.error is not None:
        return f"{line}; it fails: {_quote(one_line(answered.error), _MAX_ANSWER)}"
    return f"{line}; it answers {_answer(answered.output)}."


def _arguments(arguments: Any) -> str:
    if not isinstance(arguments, dict):
        return f" with {cut(one_line(dumps(arguments)), _MAX_VALUE)}" if arguments else ""
    given = ", ".join(f"{name}: {_value(value)}" for name, value in arguments.items())
    return f" ({cut(given, _MAX_ARGUMENTS)})" if given else ""


def _answer(output: Any) -> str:
    if output in (None, "", [], {}):
        return "nothing"
    text = as_text(output)
    if len(text) <= _MAX_ANSWER:
        return one_line(text).rstrip(".")
    if isinstance(output, dict):
        names = ", ".join(map(str, list(output)[:_FIELDS]))
        return f"with {names}{' and more' if len(output) > _FIELDS else ''}"
    if isinstance(output, list):
        return f"with a list of {len(output)}"
    return _quote(one_line(text), _MAX_ANSWER)


def _value(value: Any) -> str:
    return cut(one_line(as_text(value)), _MAX_VALUE)


def _quote(text: str, limit: int) -> str:
    return f"\u201c{cut(text, limit)}\u201d"


def _open_end(transcript: Transcript) -> str:
    said = [e for e in transcript.entries if isinstance(e, UserSaid | AssistantSaid)]
    last = "user" if said and isinstance(said[-1], UserSaid) else "assistant"
    return f"The session is left open; the last word is the {last}'s."


def _without_middle(teller: _Teller, steps: list[_Step]) -> str:
    """Keep the beginning, and half as much of the ending, and say how much lies between."""
    room = MAX_JOURNEY - 60
    head = teller.lines(steps, room * 2 // 3)
    tail = teller.lines(reversed(steps[len(head) :]), room // 3)
    left_out = len(steps) - len(head) - len(tail)
    return "\n".join([*head, f"[{left_out} steps are left out here.]", *reversed(tail)])
