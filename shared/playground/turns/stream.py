"""Session stream: the frames of stored turns, and the text of the turn that runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.core.clock import moment
from shared.core.errors import NotFound
from shared.core.ids import EventId, OrganizationId, SessionId
from shared.core.json import dumps
from shared.playground.sessions.domain import PlaygroundSession
from shared.playground.turns.frames import complete_frame, event_frame, live_frame
from shared.playground.turns.live import call_at
from shared.playground.turns.trace import divide_into_turns
from shared.sessions.documents import LAST_EVENT_AT, session_key
from shared.sessions.domain import Event, position_of, text_id
from shared.sessions.live_text import LiveText, LiveTextReader
from shared.sessions.log_reading import events_after, number_that_fits
from shared.sessions.store import SessionStore
from shared.sessions.waiting import Waiting
from shared.storage.repository import Loaded

#: Bytes of events that are read for one answer, and of a frame beside its data.
_MAX_BYTES = 1_500_000
_FRAME_BYTES = 200


@dataclass(frozen=True, slots=True)
class StreamFrame:
    """A frame, and the id that a reader names to get what follows it."""

    name: str
    data: dict[str, Any]
    id: EventId


class SessionStream:
    """Waits for turns and for text."""

    def __init__(self, store: SessionStore[PlaygroundSession], waiting: Waiting) -> None:
        self._store = store
        self._waiting = waiting

    def read(
        self, organization_id: OrganizationId, session_id: SessionId, seen: EventId | None
    ) -> list[StreamFrame]:
        """Return the frames of all turns behind ``seen``, else new text; else wait for either.

        One read, and one query if there are turns. Each look while it waits is one eventually
        consistent read of session and text; a turn that is found is a read and a query. Raises
        ``NotFound``, and ``InvalidInput`` for an id of another session.
        """
        loaded = self._store.load(organization_id, session_id)
        after = position_of(loaded.entity, seen, "since_id") if seen else 0
        if loaded.entity.last_sequence > after:
            return self._turns(loaded, after)
        key = session_key(organization_id, session_id)
        reader = LiveTextReader(self._store.table, key)
        for _ in self._waiting.looks():
            record, text = reader.look(with_text=True)
            if record is None or record.version < loaded.record.version:
                continue  # an eventually consistent read
            newest = self._store.loaded(record)
            if newest is None:
                raise NotFound("Session not found")
            if newest.entity.last_sequence > after:
                return self._turns(self._store.load(organization_id, session_id), after)
            if text and (new := _new_text(newest, text, seen)):
                return [new]
        return []

    def _turns(self, loaded: Loaded[PlaygroundSession], after: int) -> list[StreamFrame]:
        """Return the frames of stored turns, as many as an answer holds.

        ``complete`` stands behind the newest turn only: earlier states of the session are gone.
        """
        session = loaded.entity
        log = events_after(
            self._store.table,
            session,
            after=after,
            last=session.last_sequence,
            max_bytes=_MAX_BYTES,
        )
        frames = list(_frames(session, log))
        return frames[: number_that_fits(frames, None, _response_bytes)]


def _frames(session: PlaygroundSession, log: list[Event]) -> Iterator[StreamFrame]:
    for event in log:
        if frame := event_frame(event):
            yield StreamFrame(*frame, event.id)
    if log and log[-1].sequence == session.last_sequence:
        yield StreamFrame(*complete_frame(session, divide_into_turns(log)[-1]), log[-1].id)


def _new_text(
    loaded: Loaded[PlaygroundSession], live: LiveText, seen: EventId | None
) -> StreamFrame | None:
    session = loaded.entity
    if live.call != call_at(session):
        return None
    last_event_at = loaded.record.body.get(LAST_EVENT_AT)
    newest = moment(last_event_at) if last_event_at else session.created_at
    offset = live.seen(session.id, seen, newest)
    if len(live.text) <= offset:
        return None
    begin = max(live.started_at, newest)
    identifier = text_id(session.id, session.last_sequence, begin, len(live.text))
    return StreamFrame(*live_frame(live.text, offset), identifier)


def _response_bytes(frame: StreamFrame) -> int:
    return _FRAME_BYTES + len(dumps(dumps(frame.data)).encode())
