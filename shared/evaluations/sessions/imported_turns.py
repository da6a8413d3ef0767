"""Captured conversations as turns of an evaluation session.

A turn ends with the product's last message before the user's next one. Plain text is recorded
as clients record it; with tool calls, the messages before that last one are the input, in the
OpenAI chat form, so that no call is lost.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.core.json import as_text
from shared.evaluations.results.documents import turn_event
from shared.evaluations.results.domain import ResultStatus, Turn
from shared.sessions.captured_conversations import CapturedConversation
from shared.sessions.domain import NewEvent
from shared.sessions.forms.steps import Thought
from shared.sessions.recorded_turns import NO_KEY
from shared.sessions.transcript import AssistantSaid, Entry, ToolAnswered, ToolCalled, UserSaid

type Captured = Entry | Thought


def result_events(conversation: CapturedConversation, imported_at: datetime) -> list[NewEvent]:
    """Return the events that record a conversation's turns, at the time of their last message."""
    times = conversation.times_until(imported_at)
    events, end = [], 0
    for entries in _turns(conversation.entries):
        end += len(entries)
        events.append(replace(turn_event(_turn(entries), NO_KEY), at=times[end - 1]))
    return events


def session_metadata(conversation: CapturedConversation) -> dict[str, Any] | None:
    """Return the metadata of a conversation's session: its instructions."""
    return {"instructions": conversation.instructions} if conversation.instructions else None


def _turns(entries: Sequence[Captured]) -> list[list[Captured]]:
    """Divide a conversation: a user message after an answer starts a turn.

    A greeting before the first user message belongs to the first turn.
    """
    turns: list[list[Captured]] = [[]]
    asked = False
    for entry in entries:
        if isinstance(entry, UserSaid):
            if asked and not isinstance(turns[-1][-1], UserSaid):
                turns.append([])
            asked = True
        turns[-1].append(entry)
    return turns


def _turn(entries: Sequence[Captured]) -> Turn:
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


def _messages(entries: Sequence[Captured]) -> list[dict[str, Any]]:
    """Return entries as messages; tool calls after an assistant's text belong to its message."""
    messages: list[dict[str, Any]] = []
    for entry in entries:
        if isinstance(entry, UserSaid):
            messages.append({"role": "user", "content": entry.text})
        elif isinstance(entry, AssistantSaid):
            messages.append({"role": "assistant", "content": entry.text})
        elif isinstance(entry, Thought):
            message = {"role": "assistant", "content": None, "reasoning_content": entry.text}
            messages.append(message)
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
