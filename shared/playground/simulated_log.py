"""Log of a simulated playground session, read as a conversation and as the answers of its turns."""

from collections.abc import Sequence
from typing import Any

from shared.playground.engine import events as types
from shared.playground.engine.state import APPROVAL_REQUIRED, COMPLETED, HANDOFF
from shared.playground.engine.turn import messages
from shared.playground.turns.trace import divide_into_turns
from shared.sessions.domain import Event
from shared.simulation.conversation import Called, Conversation, Entry, Said, Totals
from shared.simulation.target import TargetAnswer

#: Signals that end a simulation: a person who would decide about an approval is not simulated.
_ENDS = (HANDOFF, COMPLETED, APPROVAL_REQUIRED)


def answers_of(log: Sequence[Event]) -> list[TargetAnswer]:
    """Return the answers to the user's messages, in order.

    A turn that follows a decision about an approval belongs to no message.
    """
    turns = divide_into_turns(log)
    return [answer_of(turn) for turn in turns if turn[0].type == types.USER_MESSAGE]


def answer_of(turn: Sequence[Event]) -> TargetAnswer:
    """Return the answer of a turn, which has no tokens: the playground counts none."""
    signals = [event.data["signal"] for event in turn if event.type == types.SIGNAL]
    return TargetAnswer(
        text="\n".join(text for role, text in messages(turn) if role == "agent"),
        end_reason=next((one for one in signals if one in _ENDS), None),
        seconds=turn[-1].context["ms"] / 1000,
        tool_calls=sum(event.type == types.TOOL_CALLED for event in turn),
    )


def conversation_of(log: Sequence[Event]) -> Conversation:
    """Return a log as a conversation."""
    answers = answers_of(log)
    results = {e.data["tool_call_id"]: e.data for e in log if e.type == types.TOOL_ANSWERED}
    entries = (_entry(event, results) for event in log)
    return Conversation(
        entries=tuple(entry for entry in entries if entry is not None),
        totals=Totals(
            turns=len(answers),
            tool_calls=sum(one.tool_calls for one in answers),
            seconds=sum(one.seconds for one in answers),
            slowest_seconds=max((one.seconds for one in answers), default=0.0),
        ),
        end_reason=answers[-1].end_reason if answers else None,
    )


def _entry(event: Event, results: dict[str, dict[str, Any]]) -> Entry | None:
    match event.type:
        case types.USER_MESSAGE:
            return Said("user", event.data["text"], event.sequence)
        case types.ASSISTANT_MESSAGE:
            return Said("agent", event.data["text"], event.sequence)
        case types.TOOL_CALLED:
            result = results[event.data["tool_call_id"]]
            return Called(
                tool=event.data["tool"],
                arguments=event.data["arguments"],
                output=result.get("output"),
                error=result.get("error"),
                sequence=event.sequence,
                matched=result.get("matched"),
            )
    return None
