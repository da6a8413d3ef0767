"""Conversation of a session as a model sees it."""

from collections.abc import Iterable
from typing import Any

from shared.agents import event_types as types
from shared.agents.messages.documents import result_from_parts
from shared.llm.port import ChatMessage, Part
from shared.sessions.domain import Event

#: Error of a call whose result is not in the log, or not in the part that is read.
_NO_RESULT = "the result is not shown: it is missing, or the conversation exceeds its limit"


def conversation(events: Iterable[Event], last: int) -> tuple[ChatMessage, ...]:
    """Return each user message up to a sequence, followed by its answer and tool results.

    A message that is sent during a turn is stored amid the turn's events; here every answer
    follows its own message. Events of an unknown message are left out. Each tool call has
    exactly one result, as models require. ``events`` are in order.
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
    results: dict[str, Part] = {}
    for event in exchange[1:]:
        if event.type == types.REASON_STARTED:
            messages += _round(output, results)
            output, results = [], {}
        elif event.type == types.OUTPUT_MESSAGE_COMPLETED:
            content = event.data["message"]["content"]
            output += [part for part in content if part["type"] == "text"]
        elif event.type == types.TOOL_STARTED:
            output.append(_call_part(event.data))
        elif event.type == types.TOOL_COMPLETED:
            results.setdefault(event.data["tool_call_id"], _result_part(event.data))
    return messages + _round(output, results)


def _round(output: list[Part], results: dict[str, Part]) -> list[ChatMessage]:
    """Return an answer and the results of its calls, in the order of the calls."""
    called = [part["id"] for part in output if part["type"] == "tool_call"]
    messages = []
    if output:
        messages.append(ChatMessage("agent", tuple(output)))
    if called:
        answered = tuple(results.get(identifier) or _no_result(identifier) for identifier in called)
        messages.append(ChatMessage("tool_result", answered))
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


def _no_result(identifier: str) -> Part:
    return {"type": "tool_result", "tool_call_id": identifier, "error": _NO_RESULT}
