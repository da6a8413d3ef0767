"""Conversation of a session as a model sees it."""

from collections.abc import Iterable
from typing import Any

from shared.agents import event_types as types
from shared.agents.messages.documents import result_from_parts
from shared.llm.port import ChatMessage, Part
from shared.sessions.domain import Event


def conversation(events: Iterable[Event], last: int) -> tuple[ChatMessage, ...]:
    """Return each user message up to a sequence, followed by its answer and tool results.

    A message that is sent during a turn is stored amid the turn's events; here every answer
    follows its own message. Events of an unknown message are left out. ``events`` are in
    order.
    """
    exchanges: dict[str, list[Event]] = {}
    for event in events:
        if event.type == types.INPUT_MESSAGE and event.sequence <= last:
            exchanges[event.data["message"]["id"]] = [event]
        elif (message_id := event.context.get("input_message_id")) in exchanges:
            exchanges[message_id].append(event)
    return tuple(message for exchange in exchanges.values() for message in _messages(exchange))


def _messages(exchange: list[Event]) -> list[ChatMessage]:
    user_message = exchange[0].data["message"]
    messages = [ChatMessage("user", tuple(user_message["content"]))]
    output: list[Part] = []
    results: list[Part] = []
    for event in exchange[1:]:
        if event.type == types.REASON_STARTED:
            messages += _round(output, results)
            output, results = [], []
        elif event.type == types.OUTPUT_MESSAGE_COMPLETED:
            content = event.data["message"]["content"]
            output += [part for part in content if part["type"] == "text"]
        elif event.type == types.TOOL_STARTED:
            output.append(_call_part(event.data))
        elif event.type == types.TOOL_COMPLETED:
            results.append(_result_part(event.data))
    return messages + _round(output, results)


def _round(output: list[Part], results: list[Part]) -> list[ChatMessage]:
    messages = []
    if output:
        messages.append(ChatMessage("agent", tuple(output)))
    if results:
        messages.append(ChatMessage("tool_result", tuple(results)))
    return messages


def _call_part(data: dict[str, Any]) -> Part:
    return {
        "type": "tool_call",
        "id": data["tool_call_id"],
        "name": data["tool_name"],
        "arguments": data["arguments"],
    }


def _result_part(data: dict[str, Any]) -> Part:
    part: Part = {"type": "tool_result", "tool_call_id": data["tool_call_id"]}
    if data.get("error") is not None:
        return part | {"error": data["error"]}
    return part | {"result": result_from_parts(data["result"])}
