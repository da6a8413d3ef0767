"""Transcript source of evaluation sessions."""

from collections.abc import Mapping
from typing import Any

from shared.evaluations.event_types import INFERENCE_RESULT
from shared.sessions.conversation_payloads import record_message, to_text
from shared.sessions.domain import Event, SessionKind
from shared.sessions.recorded_turns import RecordedTurns
from shared.sessions.transcript import Ended, Entry, Signaled
from shared.sessions.transcript_recorder import TranscriptRecorder
from shared.sessions.transcript_source import EventReader, TranscriptSource


class _ResultReader:
    """Records inference results, without messages that an earlier result contained."""

    def __init__(self) -> None:
        self._turns = RecordedTurns()

    def record(self, recorder: TranscriptRecorder, data: dict[str, Any]) -> None:
        for message in self._turns.new_messages(data):
            record_message(recorder, message)
        if data.get("error") and not data.get("deletedAt"):
            recorder.add(Signaled(f"turn failed: {to_text(data['error'])}"))


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
