"""A short name that tells one draft from another: what was wanted, and how it went."""

import re

from shared.scenarios.clauses import Clause, Form
from shared.scenarios.journey import hands_over
from shared.scenarios.text import cleaned, cut, one_line
from shared.scenarios.third_person import third_person
from shared.sessions.transcript import ApprovalDecided, Signalled, ToolAnswered, Transcript

#: Characters of the goal in a name: names stand in lists. The contract allows 255.
_MAX_GOAL = 80
#: A goal of fewer characters is joined by the next one.
_SHORT = 32
#: A goal of fewer characters needs what comes after its first comma.
_TELLING = 16


def name_of(transcript: Transcript, turns: list[str], goal: list[Clause]) -> str:
    """Return a name, of at most 255 characters, for a session with these turns and goal."""
    return f"{_wanted(turns, goal)}{_outcome(transcript)}"


def _wanted(turns: list[str], goal: list[Clause]) -> str:
    goals = [
        third_person(clause.words.removeprefix("the assistant ").removeprefix("to "))
        for clause in goal
        if clause.form is Form.WANTS
    ]
    if not goals:
        goals = [text for turn in turns if (text := one_line(cleaned(turn)))] or turns
    goals = [_in_short(one_line(goal)) for goal in goals[:2]]
    wanted = goals[0]
    if len(wanted) < _SHORT and len(goals) > 1:
        wanted = f"{wanted}, {goals[1]}"
    wanted = cut(wanted, _MAX_GOAL).rstrip(".,;:")
    return wanted[:1].upper() + wanted[1:]


def _in_short(wanted: str) -> str:
    """Say a want as a title does: without whose it is, and without what comes after a comma."""
    for pattern, short in _SHORTER:
        wanted = pattern.sub(short, wanted, count=0 if pattern is _THEIR else 1)
    head, _, rest = wanted.partition(", ")
    head = head.rstrip()
    return head if rest and len(head) >= _TELLING else wanted


def _outcome(transcript: Transcript) -> str:
    """Tell what sets a session apart from one that went well."""
    entries = transcript.entries
    if any(isinstance(entry, ApprovalDecided) and entry.decision == "deny" for entry in entries):
        return " \u2013 approval denied"
    if any(map(hands_over, entries)):
        return " \u2013 handed over"
    if any(isinstance(e, Signalled) and e.signal.startswith(_FAILURES) for e in entries):
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
    "turn failed",
    "error",
    "max_steps_exceeded",
    "reask_cap_exceeded",
    "routing_error",
    "node_execution_failed",
)
