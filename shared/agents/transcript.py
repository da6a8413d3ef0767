"""Transcript source of agent sessions."""

from typing import Any

from shared.agents import event_types as types
from shared.sessions.conversation_payloads import (
    record_message,
    record_tool_call,
    record_tool_result,
    to_text,
)
from shared.sessions.domain import SessionKind
from shared.sessions.transcript import Signaled
from shared.sessions.transcript_recorder import TranscriptRecorder
from shared.sessions.transcript_source import TranscriptSource


def _record_input(recorder: TranscriptRecorder, data: dict[str, Any]) -> None:
    message = data.get("message")
    if isinstance(message, dict):
        record_message(recorder, message if message.get("role") else {**message, "role": "user"})


def _record_output(recorder: TranscriptRecorder, data: dict[str, Any]) -> None:
    message = data.get("message")
    if isinstance(message, dict):
        record_message(recorder, {**message, "role": "assistant"})


def _record_failure(recorder: TranscriptRecorder, data: dict[str, Any]) -> None:
    recorder.add(Signaled(f"turn failed: {to_text(data.get('error')) or 'unknown'}"))


def _record_cancellation(recorder: TranscriptRecorder, _: dict[str, Any]) -> None:
    recorder.add(Signaled("turn cancelled"))


_READERS = {
    types.INPUT_MESSAGE: _record_input,
    types.OUTPUT_MESSAGE_COMPLETED: _record_output,
    types.TOOL_STARTED: record_tool_call,
    types.TOOL_COMPLETED: record_tool_result,
    types.TURN_FAILED: _record_failure,
    types.TURN_CANCELLED: _record_cancellation,
}
AGENT_TRANSCRIPT = TranscriptSource(
    kind=SessionKind.AGENT,
    readers=lambda: _READERS,
    # Progress of a turn; its messages and tools are events of their own.
    ignored=frozenset(
        {
            types.OUTPUT_MESSAGE_STARTED,
            types.OUTPUT_MESSAGE_DELTA,
            types.TURN_STARTED,
            types.TURN_COMPLETED,
            types.REASON_STARTED,
            types.REASON_COMPLETED,
            types.ACT_STARTED,
            types.ACT_COMPLETED,
            types.TOOL_CALL_REQUESTED,
            types.LLM_GENERATION,
            types.SESSION_STARTED,
            types.SESSION_ACTIVATED,
            types.SESSION_IDLED,
        }
    ),
)
