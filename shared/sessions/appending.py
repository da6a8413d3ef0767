"""Append to a log: the writes of the session, its new events, and the request's receipt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate
from typing import Any

from shared.core.clock import moment, timestamp
from shared.sessions.documents import LAST_EVENT_AT, SessionCodec
from shared.sessions.domain import Event, NewEvent, Session, event_id
from shared.sessions.event_documents import event_items
from shared.storage.idempotency import Idempotency, receipt
from shared.storage.records import Record
from shared.storage.repository import replacement
from shared.storage.transactions import Action, Create

#: Before the first event of a log.
_NO_EVENT_YET = "1970-01-01T00:00:00Z"

type Change[S] = Callable[[S], tuple[S, list[NewEvent]]]
#: Actions written along with an append; they may depend on the session before and after.
type Also[S] = Sequence[Action] | Callable[[S, S], Sequence[Action]]
#: Stream attributes of the new events' items; they may depend on the changed session.
type StreamAttributes[S] = dict[str, str] | Callable[[S], dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Append[S: Session]:
    """An append as requested; see ``SessionStore.append``."""

    change: Change[S]
    idempotency: Idempotency | None = None
    stream_attributes: StreamAttributes[S] | None = None
    also: Also[S] = ()
    note: Callable[[S], dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class AppendPlan[S: Session]:
    """The session and its new events after an append, and the actions that write them.

    The first of ``actions`` is the session's, the receipt's is the last.
    """

    session: S
    events: list[Event]
    actions: list[Action]


def number_events(
    current: Record, session: Session, new: list[NewEvent], now: datetime
) -> list[Event]:
    """Return new events with their sequences, ids and times at the end of a session's log."""
    # No earlier than the event before: the clocks of two functions may differ, and ids sort
    # by time first.
    earliest = moment(current.body.get(LAST_EVENT_AT, _NO_EVENT_YET))
    times = accumulate((event.at or now for event in new), max, initial=earliest)
    numbered = zip(new, list(times)[1:], strict=True)
    return [
        Event(
            id=event_id(session.id, sequence, at),
            type=event.type,
            sequence=sequence,
            at=at,
            context=event.context,
            data=event.data,
        )
        for sequence, (event, at) in enumerate(numbered, session.last_sequence + 1)
    ]


def plan_append[S: Session](
    codec: SessionCodec[S],
    current: Record,
    append: Append[S],
    change: tuple[S, S, list[NewEvent]],
    *,
    at: datetime,
    now: int,
) -> AppendPlan[S]:
    """Return the writes of an append over a session's record.

    ``change`` is the session before and after it, and the new events, from ``at`` on.
    ``now``, from which the receipt is kept, is in seconds since the epoch.
    """
    before, after, new = change
    events = number_events(current, before, new, at)
    # Counted here, whatever the change made of it.
    last = before.last_sequence + len(events)
    stored = replace(after, version=before.version + 1, last_sequence=last)
    attributes = append.stream_attributes
    if callable(attributes):
        attributes = attributes(stored)
    partition = current.key.partition
    actions: list[Action] = replacement(
        current, following_record(codec, current, stored, events), now
    )
    actions += map(Create, event_items(partition, events, attributes))
    actions += append.also(before, stored) if callable(append.also) else append.also
    if append.idempotency is not None:
        body: dict[str, Any] = {"span": [event.sequence for event in events[:1] + events[-1:]]}
        if append.note is not None:
            body["note"] = append.note(before)
        actions.append(Create(receipt(append.idempotency, body, now, partition)))
    return AppendPlan(stored, events, actions)


def span_of(record: Record) -> tuple[int, int] | None:
    """Return the first and last sequence of a receipt's events; None without events."""
    span = record.body["span"]
    return (span[0], span[-1]) if span else None


def following_record[S: Session](
    codec: SessionCodec[S], current: Record, session: S, new: Sequence[Event] = ()
) -> Record:
    """Return the record of a changed session, with the time of the newest event of its log."""
    record = codec.to_record(session)
    if new:
        record.body[LAST_EVENT_AT] = timestamp(new[-1].at)
    elif LAST_EVENT_AT in current.body:
        record.body[LAST_EVENT_AT] = current.body[LAST_EVENT_AT]
    return record
