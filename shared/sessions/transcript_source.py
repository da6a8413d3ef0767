"""Transcript source: the event types of one kind of session, declared by the kind's area."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.core.observability import logger
from shared.sessions.domain import Event, SessionKind
from shared.sessions.transcript import Entry
from shared.sessions.transcript_recorder import TranscriptRecorder

#: Records the data of one event.
type EventReader = Callable[[TranscriptRecorder, dict[str, Any]], None]


def _log_order(event: Event) -> tuple[int, ...]:
    return (event.sequence,)


def _no_ending(_: dict[str, Any]) -> list[Entry]:
    return []


# Compared by identity: a source is a constant of its area, and a key of a cache.
@dataclass(frozen=True, eq=False, kw_only=True)
class TranscriptSource:
    """Mapping of a kind's events to transcript entries.

    Attributes
    ----------
    readers
        Returns the reader of each event type; called once for each part of a log, so that
        readers can keep state between events.
    ignored
        Event types that a transcript leaves out on purpose.
    order
        Sort key of the events; the order of the log by default.
    ending
        Returns the entries that follow from the stored state of a session.
    """

    kind: SessionKind
    readers: Callable[[], Mapping[str, EventReader]]
    ignored: frozenset[str] = frozenset()
    order: Callable[[Event], tuple[int, ...]] = _log_order
    ending: Callable[[dict[str, Any]], list[Entry]] = _no_ending

    def record(self, events: Iterable[Event], recorder: TranscriptRecorder) -> None:
        """Record events; one of an undeclared type is left out and logged as a warning."""
        readers = self.readers()
        for event in sorted(events, key=self.order):
            if (read := readers.get(event.type)) is not None:
                read(recorder, event.data)
            elif event.type not in self.ignored:
                logger.warning(
                    "undeclared event type left out of a transcript",
                    extra={"kind": self.kind.value, "event_type": event.type},
                )
