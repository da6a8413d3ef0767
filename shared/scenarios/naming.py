"""A short name that tells one draft from another: what was wanted, and how it went."""

from shared.scenarios.clauses import Clause, Form
from shared.scenarios.journey import hands_over
from shared.scenarios.text import cleaned, cut, one_line
from shared.scenarios.third_person import third_person
from shared.sessions.transcript import ApprovalDecided, Signalled, ToolAnswered, Transcript

#: Characters of the goal in a name: names stand in lists. The contract allows 255.
_MAX_GOAL = 80
#: A goal of fewer characters is joined by the next one.
_SHORT = 32


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
    wanted = goals[0]
    if len(wanted) < _SHORT and len(goals) > 1:
        wanted = f"{wanted}, {goals[1]}"
    wanted = cut(one_line(wanted), _MAX_GOAL).rstrip(".,;:")
    return wanted[:1].upper() + wanted[1:]


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


_FAILURES = (
    "turn failed",
    "error",
    "max_steps_exceeded",
    "reask_cap_exceeded",
    "routing_error",
    "node_execution_failed",
)
