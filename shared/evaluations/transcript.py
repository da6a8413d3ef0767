"""Transcript source of evaluation sessions.

Inputs and outputs are the client's own JSON: text, an object with text or messages in it, or
the answer of a model API.
"""

from collections.abc import Mapping
from typing import Any

from shared.core.json import dumps
from shared.evaluations.event_types import INFERENCE_RESULT
from shared.sessions.conversation_payloads import (
    is_parts,
    parse_json,
    record_message,
    text_of,
    to_text,
)
from shared.sessions.domain import Event, SessionKind
from shared.sessions.transcript import Ended, Entry, Signaled
from shared.sessions.transcript_recorder import TranscriptRecorder
from shared.sessions.transcript_source import EventReader, TranscriptSource

#: Keys of the user's text in an input object, in order of preference.
_TEXT = ("user_message", "userMessage", "message", "query", "question", "prompt", "text", "input")
#: Keys of a conversation in an object.
_CONVERSATION = ("messages", "conversation", "conversationTurns", "turns", "history")


class _ResultReader:
    """Records inference results, without messages that an earlier result contained.

    Many clients send the whole conversation so far with each turn.
    """

    def __init__(self) -> None:
        self._recorded: list[str] = []

    def record(self, recorder: TranscriptRecorder, data: dict[str, Any]) -> None:
        if data.get("deletedAt"):
            return
        messages = _input_messages(data.get("input"))
        new = messages[self._overlap(messages) :] + _output_messages(data.get("actualOutput"))
        for message in new:
            self._recorded.append(_fingerprint(message))
            record_message(recorder, message)
        if data.get("error"):
            recorder.add(Signaled(f"turn failed: {to_text(data['error'])}"))

    def _overlap(self, messages: list[dict[str, Any]]) -> int:
        """Count the leading messages that equal the last recorded ones."""
        prints = [_fingerprint(message) for message in messages]
        for length in range(min(len(self._recorded), len(prints)), 0, -1):
            if self._recorded[-length:] == prints[:length]:
                return length
        return 0


def _readers() -> Mapping[str, EventReader]:
    return {INFERENCE_RESULT: _ResultReader().record}


def _order(event: Event) -> tuple[int, ...]:
    index = event.data.get("index")
    return (index if isinstance(index, int) else event.sequence - 1), event.sequence


def _ending(state: dict[str, Any]) -> list[Entry]:
    """Return the session's error and end, which no event records."""
    entries: list[Entry] = []
    error = state.get("error")
    reason = state.get("stopping_reason") or state.get("stoppingReason")
    if error:
        entries.append(Signaled(f"error: {error}"))
    if reason:
        entries.append(Ended(str(reason)))
    elif state.get("status") in ("COMPLETED", "FAILED"):
        entries.append(Ended(str(state["status"]).lower()))
    return entries


EVALUATION_TRANSCRIPT = TranscriptSource(
    kind=SessionKind.EVALUATION, readers=_readers, order=_order, ending=_ending
)


def _input_messages(value: Any) -> list[dict[str, Any]]:
    """Return an input as messages: text, an object around it, or a conversation."""
    messages = _find_conversation(value)
    text = value
    if isinstance(value, dict):
        text = next((value[key] for key in _TEXT if value.get(key)), None)
        if text is None and not messages and value:
            text = value
    elif messages:
        return messages
    if not messages and (inner := _find_conversation(text)):
        return inner
    if text in (None, "") or (messages and to_text(text) == text_of(messages[-1].get("content"))):
        return messages
    return [*messages, {"role": "user", "content": to_text(text)}]


def _output_messages(value: Any) -> list[dict[str, Any]]:
    """Return an output as messages; text with a model API's answer in it is parsed."""
    content = parse_json(value)
    messages = _find_conversation(content)
    if messages:
        return messages
    if isinstance(content, dict):
        choices = content.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], dict):
            content = choices[0].get("message") or content
        if isinstance(content, dict) and (
            content.get("tool_calls") or is_parts(content.get("content"))
        ):
            return [{**content, "role": "assistant"}]
    if value in (None, ""):
        return []
    return [{"role": "assistant", "content": to_text(value)}]


def _find_conversation(value: Any) -> list[dict[str, Any]]:
    """Return the messages in a value, without system prompts; none if it has no conversation."""
    value = parse_json(value)
    if isinstance(value, dict):
        if "role" in value and ("content" in value or "tool_calls" in value):
            value = [value]
        else:
            value = next((value[key] for key in _CONVERSATION if value.get(key)), None)
            value = parse_json(value)
    if not isinstance(value, list):
        return []
    messages = [m for m in value if isinstance(m, dict) and (m.get("role") or m.get("type"))]
    if len(messages) != len(value):
        return []
    return [m for m in messages if m.get("role") not in ("system", "developer")]


def _fingerprint(message: dict[str, Any]) -> str:
    content = {key: message[key] for key in ("content", "tool_calls") if message.get(key)}
    role = "user" if message.get("role") in ("user", "human") else message.get("role")
    return dumps([role, content])
