"""Captured conversations as turns of an evaluation session.

A turn ends with the product's last message before the user's next one. Plain text is recorded
as clients record it; with tool calls, the messages before that last one are the input, in the
OpenAI chat form, so that no call is lost.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shared.core.ids import ApiKeyId
from shared.core.json import as_text
from shared.evaluations.results.documents import turn_event
from shared.evaluations.results.domain import ResultStatus, Turn
from shared.sessions.captured_conversations import CapturedConversation
from shared.sessions.domain import NewEvent
from shared.sessions.transcript import AssistantSaid, Entry, ToolAnswered, ToolCalled, UserSaid

#: API key of imported entities, which no key created (the Nil UUID of RFC 9562).
NO_KEY = ApiKeyId(UUID(int=0))


def result_events(conversation: CapturedConversation) -> list[NewEvent]:
    """Return the events that record a conversation's turns."""
    return [turn_event(_turn(entries), NO_KEY) for entries in _turns(conversation.entries)]


def _turns(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Divide a conversation: a user message after an answer starts a turn.

    A greeting before the first user message belongs to the first turn.
    """
    turns: list[list[Entry]] = [[]]
    for entry in entries:
        if isinstance(entry, UserSaid):
            by_user = [isinstance(earlier, UserSaid) for earlier in turns[-1]]
            if any(by_user) and not by_user[-1]:
                turns.append([])
        turns[-1].append(entry)
    return turns


def _turn(entries: Sequence[Entry]) -> Turn:
    last = entries[-1]
    output = last.text if isinstance(last, AssistantSaid) else None
    before = entries if output is None else entries[:-1]
    input_: dict[str, Any] | None = None
    if len(before) == 1 and isinstance(before[0], UserSaid):
        input_ = {"user_message": before[0].text}
    elif before:
        input_ = {"messages": _messages(before)}
    status = ResultStatus.PENDING if output is None else ResultStatus.GENERATED
    return Turn(input=input_, actual_output=output, status=status)


def _messages(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return entries as messages; tool calls after an assistant's text belong to its message."""
    messages: list[dict[str, Any]] = []
    for entry in entries:
        if isinstance(entry, UserSaid):
            messages.append({"role": "user", "content": entry.text})
        elif isinstance(entry, AssistantSaid):
            messages.append({"role": "assistant", "content": entry.text})
        elif isinstance(entry, ToolCalled):
            if not messages or messages[-1]["role"] != "assistant":
                messages.append({"role": "assistant", "content": None})
            messages[-1].setdefault("tool_calls", []).append(_call(entry))
        elif isinstance(entry, ToolAnswered):
            messages.append(_result(entry))
    return messages


def _call(entry: ToolCalled) -> dict[str, Any]:
    function = {"name": entry.tool, "arguments": as_text(entry.arguments)}
    return {"id": f"call_{entry.call}", "type": "function", "function": function}


def _result(entry: ToolAnswered) -> dict[str, Any]:
    message = {"role": "tool", "tool_call_id": f"call_{entry.call}", "name": entry.tool}
    if entry.error is not None:
        return message | {"content": entry.error, "error": entry.error}
    return message | {"content": as_text(entry.output)}
