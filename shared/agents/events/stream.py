"""Event stream: events of a session as soon as there are any, and the text of a running turn.

A function answers whole, so each answer has the events so far, or the text so far; it waits
until there is either.
"""

from dataclasses import replace

from shared.agents.event_types import OUTPUT_MESSAGE_DELTA
from shared.agents.events.query import EventQuery
from shared.agents.events.service import EventPage, EventService, response_bytes
from shared.agents.sessions.domain import AgentSession
from shared.agents.sessions.repository import AgentSessionRepository
from shared.agents.turns.events import TurnEvents
from shared.agents.turns.live import running_call
from shared.core.clock import moment
from shared.core.errors import NotFound, Throttled, Unavailable
from shared.core.ids import EventId, OrganizationId, SessionId
from shared.sessions.documents import LAST_EVENT_AT, session_key
from shared.sessions.domain import Event, offset_of, text_id
from shared.sessions.live_text import LiveText, LiveTextReader
from shared.sessions.log_reading import number_that_fits
from shared.sessions.waiting import Waiting
from shared.storage.records import Record
from shared.storage.repository import Loaded


class EventStream:
    """Waits for events and for text."""

    def __init__(
        self, events: EventService, repository: AgentSessionRepository, waiting: Waiting
    ) -> None:
        self._events = events
        self._repository = repository
        self._waiting = waiting

    def read(
        self, organization_id: OrganizationId, session_id: SessionId, query: EventQuery
    ) -> EventPage:
        """Return events, and behind them the text that a model is writing, as a delta.

        Costs as ``EventService.read`` where there are events, and raises as it. Else it waits:
        each look is one eventually consistent read of the session and, while a turn runs, of
        its text; events that are found are one more ``EventService.read``. A look that is not
        answered has no news. Raises ``NotFound`` also for a session that is deleted meanwhile.
        """
        started = self._waiting.monotonic()
        page = self._events.read(organization_id, session_id, query)
        if (page.events and not _is_text(session_id, query.since)) or page.next_sequence:
            return page
        reader = LiveTextReader(self._repository.table, session_key(organization_id, session_id))
        for number, _ in enumerate(self._waiting.looks(started)):
            if number == 0 and not _wants_text(query, page.session):
                if page.events:
                    return page
                continue  # the session was just read
            page, text = self._look(reader, query, page)
            delta = _delta(page, text, query.since) if text else None
            if delta and number_that_fits([*page.events, delta], None, response_bytes) > len(
                page.events
            ):
                return replace(page, events=[*page.events, delta])
            if page.events:
                return page
        return page

    def _look(
        self, reader: LiveTextReader, query: EventQuery, page: EventPage
    ) -> tuple[EventPage, LiveText | None]:
        """Return the page as it is now, and the session's text; None if it is of no use."""
        wants_text = _wants_text(query, page.session)
        record, text = reader.look(with_text=wants_text)
        newest = self._newest(record, page.session)
        if newest is None:
            return page, None
        if newest.entity.last_sequence == page.session.last_sequence:
            return replace(page, loaded=newest), text
        session = page.session
        behind = replace(query, since=None, after=max(query.after, session.last_sequence))
        try:
            following = self._events.read(session.organization_id, session.id, behind)
        except (Throttled, Unavailable):
            return page, None
        return replace(following, events=page.events + following.events), text

    def _newest(self, record: Record | None, known: AgentSession) -> Loaded[AgentSession] | None:
        """Return the session of an eventually consistent read; None of one older than known."""
        if record is None or record.version < known.version:
            return None
        loaded = self._repository.loaded(record)
        if loaded is None:
            raise NotFound("Session not found")
        return loaded


def _is_text(session_id: SessionId, seen: EventId | None) -> bool:
    """Return whether the last id that a reader has seen is one of a text.

    Then the events behind it are returned with the text: an id of theirs has no offset.
    """
    return seen is not None and offset_of(session_id, seen) > 0


def _wants_text(query: EventQuery, session: AgentSession) -> bool:
    types, exclude = query.filter.types, query.filter.exclude
    return (
        OUTPUT_MESSAGE_DELTA not in exclude
        and (not types or OUTPUT_MESSAGE_DELTA in types)
        and session.has_work
        and query.after <= session.last_sequence
    )


def _delta(page: EventPage, live: LiveText, seen: EventId | None) -> Event | None:
    """Return what a reader has not seen of a text as an event; None if there is nothing new.

    Its sequence is that of the last event before it. Behind new events it is returned in any
    case, so that the last id has the offset.
    """
    turn, record = page.session.turn, page.loaded.record
    if turn is None or live.call != running_call(turn) or page.next_sequence is not None:
        return None
    newest = moment(record.body[LAST_EVENT_AT])
    offset = live.seen(page.session.id, seen, newest)
    if not (len(live.text) > offset or (page.events and offset)):
        return None
    new = TurnEvents(turn).delta(live.text, offset)
    last, begin = page.session.last_sequence, max(live.started_at, newest)
    identifier = text_id(page.session.id, last, begin, max(offset, len(live.text)))
    return Event(
        id=identifier, type=new.type, sequence=last, at=live.at, context=new.context, data=new.data
    )
