"""A captured conversation as the turns of an evaluation session.

A turn is what the user said up to the product's last word on it. Where nothing but a text
stands on either side, it is recorded as clients record it; where tools were called, the
messages up to that last word are the input, in the OpenAI chat form, so that nothing of
the calls is lost.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shared.core.ids import ApiKeyId
from shared.core.json import as_text
from shared.evaluations.models import ResultStatus, Turn
from shared.evaluations.session_documents import turn_to_event
from shared.sessions.captured_conversations import CapturedConversation
from shared.sessions.models import NewEvent
from shared.sessions.transcript import AssistantSaid, Entry, ToolAnswered, ToolCalled, UserSaid

#: Who made what an import makes: no key did (the Nil UUID of RFC 9562).
NO_KEY = ApiKeyId(UUID(int=0))


def result_events(conversation: CapturedConversation) -> list[NewEvent]:
    """Return a conversation as the events that record its turns."""
    return [turn_to_event(_turn(entries), NO_KEY) for entries in _turns(conversation.entries)]


def _turns(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Divide a conversation: a turn ends where the user speaks again after an answer.

    A greeting before the user's first word belongs to the first turn.
    """
    turns: list[list[Entry]] = [[]]
    for entry in entries:
        if isinstance(entry, UserSaid):
            spoken = [isinstance(earlier, UserSaid) for earlier in turns[-1]]
            if any(spoken) and not spoken[-1]:
                turns.append([])
        turns[-1].append(entry)
    return turns


def _turn(entries: Sequence[Entry]) -> Turn:
    last = entries[-1]
    output = last.text if isinstance(last, AssistantSaid) else None
    before = entries if output is None else entries[:-1]
    said: dict[str, Any] | None = None
    if len(before) == 1 and isinstance(before[0], UserSaid):
        said = {"user_message": before[0].text}
    elif before:
        said = {"messages": _messages(before)}
    status = ResultStatus.PENDING if output is None else ResultStatus.GENERATED
    return Turn(input=said, actual_output=output, status=status)


def _messages(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return entries as messages; the calls that follow a text are made with it."""
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
