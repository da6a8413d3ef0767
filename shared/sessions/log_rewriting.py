"""Rewriting of the end of a log that is derived from a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.core.json import dumps
from shared.sessions.documents import EVENTS, events_sort
from shared.sessions.domain import Event, NewEvent
from shared.sessions.event_documents import event_items, events_of
from shared.sessions.references import marker_key, rewrite_guard, through_of
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import Action, Create, Delete, Replace

#: Events and their bytes in one transaction, at most: it has 100 items and 4 MB.
_MAX_EVENTS, _MAX_BYTES = 1000, 2_400_000
#: Items that one transaction replaces or removes, at most.
_MAX_ITEMS = 40


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Actions that write a log anew from some event on, and its last event then."""

    actions: list[Action]
    through: int


def portion_of[E: (NewEvent, Event)](events: Sequence[E]) -> list[E]:
    """Return the leading events that one transaction holds: at least one."""
    found: list[E] = []
    size = 0
    for event in events[:_MAX_EVENTS]:
        size += len(dumps([event.context, event.data]).encode())
        if found and size > _MAX_BYTES:
            break
        found.append(event)
    return found


def rewriting(
    table: Table, partition: str, through: int, events: Sequence[Event]
) -> Rewriting | None:
    """Return the actions that give a log of ``through`` events these ones instead.

    Equal events at the beginning stay. None where the rest is too large for one transaction,
    or where a fork refers to it. Reads the log: one request for each megabyte, and one more.
    """
    marker = table.get(marker_key(partition))
    stored = [
        record
        for record in table.query(Key(partition, events_sort(1)), upto=events_sort(through))
        if record.type == EVENTS
    ]
    old = [event for record in stored for event in events_of(record)]
    same = _equal(old, events)
    tail = [one for one in stored if one.body["first"] + len(one.body["events"]) > same + 1]
    first = tail[0].body["first"] if tail else len(old) + 1
    new = portion_of(events[first - 1 :])
    items = event_items(partition, new)
    if len(tail) + len(items) > _MAX_ITEMS or through_of(marker) > same:
        return None
    return Rewriting(
        [
            *_actions(tail, items),
            rewrite_guard(marker, partition, same + 1),
        ],
        first - 1 + len(new),
    )


def _equal(old: Sequence[Event], new: Sequence[Event]) -> int:
    """Count the leading events that are equal."""
    for number, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return number
    return min(len(old), len(new))


def _actions(tail: Sequence[Record], items: Sequence[Record]) -> list[Action]:
    versions = {record.key: record.version for record in tail}
    actions: list[Action] = [
        Replace(item, versions[item.key]) if item.key in versions else Create(item)
        for item in items
    ]
    keys = {item.key for item in items}
    return actions + [Delete(key, one) for key, one in versions.items() if key not in keys]
