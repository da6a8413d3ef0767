"""What an append writes: the session, its new events, and the receipt of the request."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.core.clock import moment, timestamp
from shared.sessions.documents import (
    LAST_EVENT_AT,
    SessionCodec,
    to_record,
)
from shared.sessions.event_items import event_items
from shared.sessions.models import Event, NewEvent, Session, event_id
from shared.sessions.receipts import receipt
from shared.storage.idempotency import Idempotency
from shared.storage.records import Record
from shared.storage.transactions import Action, Create, Replace

#: Before the first event of a log.
_LONG_AGO = "1970-01-01T00:00:00Z"


def place(current: Record, session: Session, new: list[NewEvent], now: datetime) -> list[Event]:
    """Give new events their places in a session's log, at its end."""
    # No earlier than the event before: the clocks of two functions may differ, and ids sort
    # by time first.
    at = max(now, moment(current.body.get(LAST_EVENT_AT, _LONG_AGO)))
    return [
        Event(
            id=event_id(session.id, sequence, at),
            type=event.type,
            sequence=sequence,
            at=at,
            context=event.context,
            data=event.data,
        )
        for sequence, event in enumerate(new, session.last_sequence + 1)
    ]


def stored_after[S: Session](session: S, changed: S, events: list[Event]) -> S:
    """Return the changed session as it is stored: counted, whatever the change made of it."""
    return replace(
        changed,
        version=session.version + 1,
        last_sequence=session.last_sequence + len(events),
    )


def append_actions[S: Session](
    codec: SessionCodec[S],
    current: Record,
    stored: S,
    events: list[Event],
    *,
    idempotency: Idempotency | None,
    now: int,
    marks: dict[str, str],
    also: Sequence[Action] = (),
) -> list[Action]:
    """Return the writes of an append, the session's first, the receipt's last.

    ``now``, from which the receipt is kept, is in seconds since the epoch.
    """
    session = current.followed_by(to_record(codec, stored))
    if events:
        session.body[LAST_EVENT_AT] = timestamp(events[-1].at)
    elif LAST_EVENT_AT in current.body:
        session.body[LAST_EVENT_AT] = current.body[LAST_EVENT_AT]
    partition = current.key.partition
    actions: list[Action] = [Replace(session, current.version)]
    actions += map(Create, event_items(partition, events, marks))
    actions += also
    if idempotency is not None:
        actions.append(Create(receipt(partition, idempotency, events, now)))
    return actions
