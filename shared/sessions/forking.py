"""Forking: a session whose log begins with that of another, by reference.

The transaction that creates a fork writes, into the partition of each session that stores a part
of its log, an item that names the fork and the last sequence it needs: the purge of a deleted
session keeps what such an item needs. The marker of the origin has the highest of them, for
writers that rewrite a log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.core.clock import moment
from shared.core.errors import Conflict, NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.appending import number_events
from shared.sessions.documents import LAST_EVENT_AT, session_key
from shared.sessions.domain import ForkPoint, NewEvent, Segment, Session
from shared.sessions.event_documents import event_items
from shared.sessions.references import marker_key, marker_record, reference_record, through_of
from shared.sessions.store import SessionStore
from shared.storage.records import Key, Record
from shared.storage.repository import Loaded
from shared.storage.transactions import Action, Check, Create, Replace

#: Sessions that one log may begin with: the longest chain of forks, each of the end of the last.
MAX_SEGMENTS = 50


@dataclass(frozen=True, slots=True)
class Origin[S: Session]:
    """A session to be forked, and the marker of its log; None before its first fork.

    ``beside`` has further items of the session, by key.
    """

    loaded: Loaded[S]
    marker: Record | None
    beside: Mapping[Key, Record]

    @property
    def session(self) -> S:
        return self.loaded.entity

    @property
    def last_event_at(self) -> datetime:
        """Time of the newest event; of an imported log, that of the import."""
        stored = self.loaded.record.body.get(LAST_EVENT_AT)
        return moment(stored) if stored else self.session.updated_at


def load_origin[S: Session](
    store: SessionStore[S],
    organization_id: OrganizationId,
    session_id: SessionId,
    *beside: Key,
) -> Origin[S]:
    """Return a session to be forked, with further items: one request. Raises ``NotFound``."""
    key = session_key(organization_id, session_id)
    marker = marker_key(key.partition)
    found = store.table.get_many([key, marker, *beside])
    loaded = store.loaded(found.get(key))
    if loaded is None:
        raise NotFound("Session not found")
    return Origin(loaded, found.get(marker), found)


def fork_of[S: Session](origin: Origin[S], fork: S, sequence: int, at: datetime) -> S:
    """Return a session as a fork of another at a sequence, with no events of its own.

    ``at`` is the time of the event at that sequence. Raises ``Conflict`` for a log that would
    begin with more than ``MAX_SEGMENTS`` sessions.
    """
    segments = _segments(origin.session, sequence)
    if len(segments) > MAX_SEGMENTS:
        raise Conflict(
            f"The log of a fork may have parts of at most {MAX_SEGMENTS} sessions; "
            "fork an earlier session.",
            code="too_many_forks",
        )
    return replace(
        fork,
        last_sequence=sequence,
        segments=segments,
        forked_from=ForkPoint(origin.session.id, sequence, at),
    )


def fork_writes[S: Session](
    store: SessionStore[S],
    origin: Origin[S],
    fork: S,
    new: Sequence[NewEvent] = (),
    stream_attributes: Mapping[str, str] | None = None,
) -> tuple[S, list[Action]]:
    """Return a fork with its first own events, and the writes that go with its creation.

    They fail, and the fork is to be made anew, if the origin was deleted or its marker changed.
    """
    record = store.codec.to_record(fork)
    events = number_events(record, fork, list(new), store.clock())
    point = fork.forked_from
    if events and point is not None:
        point = replace(point, at=events[-1].at)
    whole = replace(fork, last_sequence=fork.last_sequence + len(events), forked_from=point)
    items = event_items(record.key.partition, events, stream_attributes)
    return whole, [*_reference_writes(origin, fork), *map(Create, items)]


def _segments(origin: Session, sequence: int) -> tuple[Segment, ...]:
    """Return the sessions that store a log up to a sequence."""
    segments: list[Segment] = []
    behind = 0
    for segment in (*origin.segments, Segment(origin.id, sequence)):
        if behind < sequence:
            segments.append(replace(segment, through=min(segment.through, sequence)))
        behind = segment.through
    return tuple(segments)


def _reference_writes(origin: Origin[Session], fork: Session) -> list[Action]:
    session, marker = origin.session, origin.marker
    # An earlier origin may be deleted; its events stay while this one refers to them.
    actions: list[Action] = [Check(session_key(session.organization_id, session.id))]
    for segment in fork.segments:
        key = session_key(session.organization_id, segment.session_id)
        actions.append(Create(reference_record(key.partition, fork.id, segment.through)))
        if segment.session_id == session.id and through_of(marker) < segment.through:
            raised = marker_record(key.partition, segment.through)
            actions.append(Replace(raised, marker.version) if marker else Create(raised))
    return actions
