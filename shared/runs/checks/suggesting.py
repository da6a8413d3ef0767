"""Suggested checks: what a recorded conversation did, as checks of the next one.

The conversation has invented values in place of personal data. It passes each check that is
suggested from it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from shared.runs.checks.calls import calls_of
from shared.runs.checks.documents import parse_check
from shared.runs.checks.domain import MAX_CALLS, MAX_TEXT
from shared.runs.checks.effects import changing_tools, hands_over, has_failed, verb_changes
from shared.runs.checks.evaluation import evaluate
from shared.simulation.conversation import Called, Conversation, Said
from shared.simulation.judging.domain import Outcome

#: Personal values whose absence is suggested, at most.
MAX_VALUES = 10
#: Turns of a new conversation, as a multiple of the recorded one's.
_MORE_TURNS = 2
#: Words from which an argument is a text that no second conversation repeats.
_MANY_WORDS = 6


def suggest_checks(
    conversation: Conversation, personal_values: Sequence[str]
) -> list[dict[str, Any]]:
    """Return checks: its changes, its ending, and personal data that the agent did not say."""
    values = [
        {"type": "says_not", "text": value, "by": "agent"}
        for value in personal_values
        if len(value) <= MAX_TEXT
    ]
    return [
        *_holding(_of_calls(calls_of(conversation)), conversation),
        *_ending(conversation),
        *islice(_holding(values, conversation), MAX_VALUES),
    ]


def _holding(
    checks: Iterable[dict[str, Any]], conversation: Conversation
) -> Iterator[dict[str, Any]]:
    """Yield the checks that the conversation passes."""
    for check in checks:
        if evaluate(parse_check(check), conversation).outcome is Outcome.PASSED:
            yield check


def _of_calls(calls: Sequence[Called]) -> Iterator[dict[str, Any]]:
    """Yield the changes as an end state, and a handover to a person as a call."""
    if not calls:
        return
    changing = changing_tools(calls)
    changes = [call for call in calls if call.tool in changing and not has_failed(call)]
    state: dict[str, Any] = {
        "type": "end_state",
        "calls": [_expect(call) for call in changes[:MAX_CALLS]],
    }
    # Without names, changes by tools that the recording does not have count too.
    if any(verb_changes(call.tool) is None for call in calls):
        state["tools"] = sorted(changing)[:MAX_CALLS]
    yield state
    if hands_over(calls[-1].tool):
        yield {"type": "tool_called", "tool": calls[-1].tool, "match": "meaning", "min": 1}


def _expect(call: Called) -> dict[str, Any]:
    expected = {"tool": call.tool, "match": "meaning"}
    if not isinstance(call.arguments, dict):
        return expected
    values = {name: one for name, one in call.arguments.items() if not _is_prose(one)}
    return expected | {"arguments": values} if values else expected


def _is_prose(value: Any) -> bool:
    return isinstance(value, str) and len(value.split()) >= _MANY_WORDS


def _ending(conversation: Conversation) -> Iterator[dict[str, Any]]:
    turns = sum(isinstance(one, Said) and one.role == "user" for one in conversation.entries)
    yield {"type": "ends"}
    yield {"type": "max_turns", "max": max(1, turns) * _MORE_TURNS}
