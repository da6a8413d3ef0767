"""What an append writes: the session, its new events, and the receipt of the request."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.core.clock import moment, timestamp
from shared.core.errors import PreconditionFailed
from shared.sessions.documents import LAST_EVENT_AT, SessionCodec, to_record
from shared.sessions.event_items import event_items
from shared.sessions.models import Event, NewEvent, Session, event_id
from shared.sessions.receipts import receipt
from shared.storage.idempotency import Idempotency
from shared.storage.records import Record
from shared.storage.transactions import Action, Create, Replace

#: Before the first event of a log.
_LONG_AGO = "1970-01-01T00:00:00Z"

type Change[S] = Callable[[S], tuple[S, list[NewEvent]]]
#: What is written along with an append; it may depend on the session before and after.
type Also[S] = Sequence[Action] | Callable[[S, S], Sequence[Action]]
#: The marks of the new events' items; they may depend on the changed session.
type Marks[S] = dict[str, str] | Callable[[S], dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Append[S: Session]:
    """An append as it is asked for; see ``SessionStore.append``."""

    change: Change[S]
    expected_version: int | None = None
    idempotency: Idempotency | None = None
    marks: Marks[S] | None = None
    also: Also[S] = ()


@dataclass(frozen=True, slots=True)
class Planned[S: Session]:
    """What an append leaves when it is written: the session and its new events.

    The first of ``actions`` is the session's, the receipt's is the last.
    """

    session: S
    events: list[Event]
    actions: list[Action]


def expect(session: Session, version: int | None) -> None:
    """Raise ``PreconditionFailed`` for a session at another version, if one is expected."""
    if version is not None and session.version != version:
        raise PreconditionFailed


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


def planned[S: Session](
    codec: SessionCodec[S],
    current: Record,
    append: Append[S],
    change: tuple[S, S, list[NewEvent]],
    *,
    at: datetime,
    now: int,
) -> Planned[S]:
    """Return what an append writes over a session's item.

    ``change`` is the session before and after it, and what is new in its log, from ``at`` on.
    ``now``, from which the receipt is kept, is in seconds since the epoch.
    """
    before, after, new = change
    events = place(current, before, new, at)
    # Counted here, whatever the change made of it.
    last = before.last_sequence + len(events)
    stored = replace(after, version=before.version + 1, last_sequence=last)
    marks = append.marks(stored) if callable(append.marks) else append.marks
    partition = current.key.partition
    actions: list[Action] = [
        Replace(_session_item(codec, current, stored, events), current.version)
    ]
    actions += map(Create, event_items(partition, events, marks))
    actions += append.also(before, stored) if callable(append.also) else append.also
    if append.idempotency is not None:
        actions.append(Create(receipt(partition, append.idempotency, events, now)))
    return Planned(stored, events, actions)


def _session_item[S: Session](
    codec: SessionCodec[S], current: Record, stored: S, events: list[Event]
) -> Record:
    item = current.followed_by(to_record(codec, stored))
    if events:
        item.body[LAST_EVENT_AT] = timestamp(events[-1].at)
    elif LAST_EVENT_AT in current.body:
        item.body[LAST_EVENT_AT] = current.body[LAST_EVENT_AT]
    return item
