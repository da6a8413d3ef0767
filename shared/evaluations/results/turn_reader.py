"""Turn reader: the turns of sessions in order, read as far as they are needed."""

import math
from collections.abc import Iterable, Iterator

from shared.core.errors import NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.evaluations.event_types import INFERENCE_RESULT
from shared.evaluations.list_names import creation_key
from shared.evaluations.list_windows import Entry
from shared.evaluations.results.documents import result_of_event
from shared.evaluations.results.domain import InferenceResult
from shared.evaluations.sessions.domain import EvaluationSession
from shared.sessions.documents import EVENTS, SESSION, events_sort, session_key
from shared.sessions.event_documents import MAX_EVENTS_PER_ITEM, events_of
from shared.sessions.event_lookup import find_event_item
from shared.sessions.store import SessionStore
from shared.storage.records import Key, Record

#: Bytes of turns that are read before the session that follows them in its partition.
_READ_AHEAD = 4_000_000

type TurnEntry = Entry[InferenceResult]


class TurnReader:
    """Reads the turns of evaluation sessions.

    The position of a turn is that of its session in creation order, then its sequence: it
    stays when earlier turns are deleted.
    """

    def __init__(self, store: SessionStore[EvaluationSession]) -> None:
        self._store = store

    def sessions(
        self, organization_id: OrganizationId, session_ids: Iterable[SessionId]
    ) -> list[EvaluationSession]:
        """Return sessions in creation order: one batch read for 100; unknown ones are left out."""
        found = self._store.get_many(organization_id, session_ids)
        return sorted(found.values(), key=creation_key)

    def from_start(
        self, organization_id: OrganizationId, session_id: SessionId, at_once: int | None
    ) -> Iterator[TurnEntry]:
        """Yield the turns of a session that was not read yet: one query per megabyte.

        One request more for a session of more than 4 MB or ``at_once`` items; none of an unknown
        session.
        """
        key = session_key(organization_id, session_id)
        session: EvaluationSession | None = None
        items: list[Record] = []
        size = 0
        first = Key(key.partition, events_sort(1))
        for record in self._store.table.query(first, upto=SESSION, limit=at_once):
            if record.type == EVENTS:
                items.append(record)
            elif record.key.sort == SESSION and (loaded := self._store.loaded(record)):
                session = loaded.entity
            size += record.size
            if size > _READ_AHEAD:
                break
        try:
            session = session or self._store.get(organization_id, session_id)
        except NotFound:
            return
        yield from _entries(session, items)
        seen = events_of(items[-1])[-1].sequence if items else 0
        yield from self.turns(session, at_once, after=seen)

    def turns(
        self,
        session: EvaluationSession,
        at_once: int | None,
        *,
        after: int = 0,
        before: int | None = None,
        ascending: bool = True,
    ) -> Iterator[TurnEntry]:
        """Yield the turns between two sequences, both excluded.

        One query per megabyte or ``at_once`` items.
        """
        last = session.last_sequence if before is None else before - 1
        if after >= last:
            return
        partition = session_key(session.organization_id, session.id).partition
        first = Key(partition, events_sort(max(1, after + 2 - MAX_EVENTS_PER_ITEM)))
        items = self._store.table.query(
            first, upto=events_sort(last), ascending=ascending, at_once=at_once
        )
        for found in _entries(session, items, ascending=ascending):
            if after < found.entity.id.sequence <= last:
                yield found

    def named(
        self, session: EvaluationSession, sequences: Iterable[int], *, ascending: bool = True
    ) -> Iterator[TurnEntry]:
        """Yield the turns with these sequences: one query for each item that has some."""
        read: dict[int, TurnEntry] = {}
        for sequence in sorted(sequences, reverse=not ascending):
            if sequence not in read:
                item = find_event_item(
                    self._store.table, session.organization_id, session.id, sequence
                )
                found = _entries(session, [item] if item else [])
                read = {one.entity.id.sequence: one for one in found}
            if sequence in read:
                yield read[sequence]


def position(session: EvaluationSession, sequence: int) -> str:
    """Return the position of a turn: that of its session, then its own."""
    return f"{creation_key(session)}#{sequence:012d}"


def _entries(
    session: EvaluationSession, items: Iterable[Record], *, ascending: bool = True
) -> Iterator[TurnEntry]:
    """Yield the turns of items, each once, without deleted ones."""
    seen: float = 0 if ascending else math.inf
    for item in items:
        events = events_of(item)
        size = item.size // len(events)
        for event in events if ascending else reversed(events):
            # An item that is divided between two pages returns some of its events twice.
            if event.sequence <= seen if ascending else event.sequence >= seen:
                continue
            seen = event.sequence
            if event.type != INFERENCE_RESULT:
                continue
            result = result_of_event(session, event)
            if result.deleted_at is None:
                yield Entry(result, position(session, event.sequence), size)
