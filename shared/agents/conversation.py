"""What a turn knows of its session's log, and the conversation that it shows the model."""

from collections.abc import Iterable
from typing import Any

from shared.agents.event_types import (
    INPUT_MESSAGE,
    OUTPUT_MESSAGE_COMPLETED,
    REASON_STARTED,
    TOOL_COMPLETED,
    TOOL_STARTED,
)
from shared.agents.message_log import value_of
from shared.llm.port import ChatMessage, Part
from shared.sessions.models import Event


class KnownLog:
    """The events that are known, in order; there may be gaps where others wrote."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._events: dict[int, Event] = {}
        self.add(events)

    def add(self, events: Iterable[Event]) -> None:
        self._events |= {event.sequence: event for event in events}

    def first_gap(self, last: int, *, after: int) -> int:
        """Return the last sequence behind which, up to ``last``, something is not known."""
        known = after
        while known < last and known + 1 in self._events:
            known += 1
        return known

    def next_input(self, after: int) -> Event | None:
        """Return the first message of the user behind a sequence."""
        behind = (s for s, e in self._events.items() if s > after and e.type == INPUT_MESSAGE)
        first = min(behind, default=None)
        return None if first is None else self._events[first]

    def conversation(self, upto: int) -> tuple[ChatMessage, ...]:
        """Return each message of the user up to a sequence, followed by what came of it.

        Messages that are sent while a turn runs stand in the log amid its events; here
        every answer follows its question. What belongs to a question that is not known
        any more is left out.
        """
        ordered = [self._events[sequence] for sequence in sorted(self._events)]
        exchanges: dict[str, list[Event]] = {}
        for event in ordered:
            if event.type == INPUT_MESSAGE and event.sequence <= upto:
                exchanges[event.data["message"]["id"]] = [event]
            elif (question := event.context.get("input_message_id")) in exchanges:
                exchanges[question].append(event)
        return tuple(message for exchange in exchanges.values() for message in _messages(exchange))


def _messages(exchange: list[Event]) -> list[ChatMessage]:
    question = exchange[0].data["message"]
    messages = [ChatMessage("user", tuple(question["content"]))]
    said: list[Part] = []
    results: list[Part] = []
    for event in exchange[1:]:
        if event.type == REASON_STARTED:
            messages += _round(said, results)
            said, results = [], []
        elif event.type == OUTPUT_MESSAGE_COMPLETED:
            content = event.data["message"]["content"]
            said += [part for part in content if part["type"] == "text"]
        elif event.type == TOOL_STARTED:
            said.append(_call(event.data))
        elif event.type == TOOL_COMPLETED:
            results.append(_result(event.data))
    return messages + _round(said, results)


def _round(said: list[Part], results: list[Part]) -> list[ChatMessage]:
    messages = []
    if said:
        messages.append(ChatMessage("agent", tuple(said)))
    if results:
        messages.append(ChatMessage("tool_result", tuple(results)))
    return messages


def _call(data: dict[str, Any]) -> Part:
    return {
        "type": "tool_call",
        "id": data["tool_call_id"],
        "name": data["tool_name"],
        "arguments": data["arguments"],
    }


def _result(data: dict[str, Any]) -> Part:
    part: Part = {"type": "tool_result", "tool_call_id": data["tool_call_id"]}
    if data.get("error") is not None:
        return part | {"error": data["error"]}
    return part | {"result": value_of(data["result"])}
