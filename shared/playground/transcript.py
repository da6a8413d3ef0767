"""Transcript source of playground sessions."""

from typing import Any

from shared.playground.engine import events
from shared.sessions.conversation_payloads import record_tool_call, record_tool_result, to_text
from shared.sessions.domain import SessionKind
from shared.sessions.transcript import ApprovalDecided, Ended, HandedOff, Signaled
from shared.sessions.transcript_recorder import TranscriptRecorder
from shared.sessions.transcript_source import TranscriptSource


def _record_decision(recorder: TranscriptRecorder, data: dict[str, Any]) -> None:
    recorder.add(ApprovalDecided(str(data.get("decision") or ""), str(data.get("note") or "")))


def _record_signal(recorder: TranscriptRecorder, data: dict[str, Any]) -> None:
    signal = str(data.get("signal") or "")
    if signal == "handoff":
        recorder.add(HandedOff())
    elif signal == "completed":
        recorder.add(Ended(signal))
    elif signal:
        recorder.add(Signaled(signal))


_READERS = {
    events.USER_MESSAGE: lambda recorder, data: recorder.user(to_text(data.get("text"))),
    events.ASSISTANT_MESSAGE: lambda recorder, data: recorder.assistant(to_text(data.get("text"))),
    events.TOOL_CALLED: record_tool_call,
    events.TOOL_ANSWERED: record_tool_result,
    events.APPROVAL_DECIDED: _record_decision,
    events.SIGNAL: _record_signal,
}
PLAYGROUND_TRANSCRIPT = TranscriptSource(
    kind=SessionKind.PLAYGROUND,
    readers=lambda: _READERS,
    # Steps of the engine. A requested approval is also a signal.
    ignored=frozenset(
        {
            events.NODE_ENTERED,
            events.NODE_COMPLETED,
            events.EDGE_TAKEN,
            events.VARIABLE_ASKED,
            events.CONTEXT_SET,
            events.APPROVAL_REQUESTED,
        }
    ),
)
