"""Log of a simulated agent session, read as a conversation and as the answers of its turns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from shared.agents import event_types as types
from shared.agents.messages.documents import result_from_parts
from shared.sessions.domain import Event
from shared.simulation.conversation import Called, Conversation, Entry, Said, Totals
from shared.simulation.target import TargetAnswer

_ENDS = {types.TURN_COMPLETED, types.TURN_FAILED, types.TURN_CANCELLED}
#: Key of the duration, the cost and the end of a turn that another program answered, in the
#: metadata of its last message.
ANSWERED = "answered"


@dataclass(slots=True)
class Exchange:
    """A message of the user, and what follows until its turn ends."""

    message_id: str
    text: str
    events: list[Event] = field(default_factory=list)

    @property
    def end(self) -> Event | None:
        """Event of the turn's end, None before; turns of other programs have none."""
        return next((one for one in reversed(self.events) if one.type in _ENDS), None)

    def answer(self) -> TargetAnswer:
        """Return the agent's answer: its texts, and the measures of the turn."""
        texts = [text for one in self.events if (text := _said(one))]
        usage, measured = self._measures()
        return TargetAnswer(
            text="\n\n".join(texts),
            end_reason=measured.get("end_reason"),
            seconds=measured.get("seconds", 0.0),
            cost_usd=measured.get("cost_usd"),
            input_tokens=usage.get("input_tokens", 0),
            output_tokens=usage.get("output_tokens", 0),
            tool_calls=sum(one.type == types.TOOL_STARTED for one in self.events),
        )

    def _measures(self) -> tuple[dict[str, int], dict[str, Any]]:
        """Return the tokens of the turn, and its duration, cost and reason of an end."""
        end = self.end
        if end is not None:
            return end.data.get("usage") or {}, {"seconds": end.data.get("duration_ms", 0) / 1000}
        last = next((e for e in reversed(self.events) if ANSWERED in _metadata(e)), None)
        return (last.data.get("usage") or {}, _metadata(last)[ANSWERED]) if last else ({}, {})


def exchanges(events: Iterable[Event]) -> list[Exchange]:
    """Return the exchanges of a log in order, each with its own events."""
    found: dict[str, Exchange] = {}
    for event in events:
        if event.type == types.INPUT_MESSAGE:
            message = event.data["message"]
            found[message["id"]] = Exchange(message["id"], _text(message), [event])
        elif exchange := found.get(event.context.get("input_message_id", "")):
            exchange.events.append(event)
    return list(found.values())


def conversation_of(events: Iterable[Event]) -> Conversation:
    """Return a log as a conversation; a message that was sent again counts once.

    The end of a turn that failed for a passing reason is followed by the same message.
    """
    all_exchanges = exchanges(events)
    held = [
        one
        for one, following in zip_longest(all_exchanges, all_exchanges[1:])
        if not (following and _failed(one) and following.text == one.text)
    ]
    answers = [one.answer() for one in held]
    return Conversation(
        entries=tuple(entry for one in held for entry in _entries(one.events)),
        totals=_totals(answers),
        end_reason=answers[-1].end_reason if answers else None,
    )


def _totals(answers: Sequence[TargetAnswer]) -> Totals:
    return Totals(
        turns=len(answers),
        tool_calls=sum(one.tool_calls for one in answers),
        input_tokens=sum(one.input_tokens for one in answers),
        output_tokens=sum(one.output_tokens for one in answers),
        seconds=sum(one.seconds for one in answers),
        slowest_seconds=max((one.seconds for one in answers), default=0.0),
    )


def _entries(events: Sequence[Event]) -> list[Entry]:
    results = {e.data["tool_call_id"]: e.data for e in events if e.type == types.TOOL_COMPLETED}
    found: list[Entry] = []
    for event in events:
        if event.type == types.INPUT_MESSAGE:
            found.append(Said("user", _text(event.data["message"]), event.sequence))
        elif text := _said(event):
            found.append(Said("agent", text, event.sequence))
        elif event.type == types.TOOL_STARTED:
            found.append(_called(event, results.get(event.data["tool_call_id"], {})))
    return found


def _called(event: Event, result: dict[str, Any]) -> Called:
    parts = result.get("result")
    return Called(
        tool=event.data["tool_name"],
        arguments=event.data["arguments"],
        output=result_from_parts(parts) if parts else None,
        error=result.get("error"),
        sequence=event.sequence,
        matched=result.get("matched"),
    )


def _failed(exchange: Exchange) -> bool:
    return exchange.end is not None and exchange.end.type == types.TURN_FAILED


def _said(event: Event) -> str:
    """Return the text of an event with a message of the agent; "" of any other."""
    if event.type != types.OUTPUT_MESSAGE_COMPLETED:
        return ""
    return _text(event.data["message"])


def _text(message: dict[str, Any]) -> str:
    return "\n".join(part["text"] for part in message["content"] if part["type"] == "text")


def _metadata(event: Event) -> dict[str, Any]:
    found: dict[str, Any] = event.data.get("metadata") or {}
    return found
