"""Events as stored documents, and back: those written together share an item.

An item has the shared fields of its events once: their time and their context (in a turn,
the turn and the message it answers). Data that repeats the context is named, not repeated;
the sequence follows from the order, and the id from session, sequence and time. So a log
takes about half of what its events take one by one, in each write and in each read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from shared.core.clock import moment, timestamp
from shared.core.ids import EventId, SessionId
from shared.core.json import dumps
from shared.sessions.documents import EVENTS, events_sort
from shared.sessions.domain import Event, event_id
from shared.storage.records import Key, Record

#: Events and bytes of one item, at most: reading behind an event may read this many too
#: many, and a rewrite of one turn writes this much.
MAX_EVENTS_PER_ITEM = 100
MAX_BYTES_PER_ITEM = 300_000
#: The current form. The first one had each event with all its fields.
SCHEMA_VERSION = 2
_WHOLE_EVENTS = 1


def event_items(
    partition: str, events: Sequence[Event], stream_attributes: Mapping[str, str] | None = None
) -> list[Record]:
    """Return items of successive events of one session, divided by number and by size."""
    return [_item(partition, together, stream_attributes or {}) for together in _divided(events)]


def events_of(item: Record, read_by: SessionId | None = None) -> list[Event]:
    """Return the events of an item, in any form ever written.

    In the log of another session, ``read_by``, that is a fork, they have ids of that session.
    """
    session_id = _session_id(item.key.partition)
    if item.schema_version == _WHOLE_EVENTS:
        events = [_whole_event(document) for document in item.body["events"]]
    else:
        documents = enumerate(item.body["events"], item.body["first"])
        events = [_event(session_id, item.body, document, place) for place, document in documents]
    if read_by is None or read_by == session_id:
        return events
    return [replace(one, id=event_id(read_by, one.sequence, one.at)) for one in events]


def _divided(events: Sequence[Event]) -> Iterator[list[Event]]:
    together: list[Event] = []
    size = 0
    for event in events:
        length = len(dumps([event.type, event.context, event.data]).encode())
        full = len(together) == MAX_EVENTS_PER_ITEM or size + length > MAX_BYTES_PER_ITEM
        if together and full:
            yield together
            together, size = [], 0
        together.append(event)
        size += length
    if together:
        yield together


def _item(partition: str, events: list[Event], stream_attributes: Mapping[str, str]) -> Record:
    first = events[0]
    session_id = _session_id(partition)
    body = {
        "first": first.sequence,
        "at": timestamp(first.at),
        "context": first.context,
        "events": [_document(session_id, first, event) for event in events],
    }
    return Record(
        key=Key(partition, events_sort(first.sequence)),
        type=EVENTS,
        schema_version=SCHEMA_VERSION,
        body=body,
        stream_attributes=stream_attributes,
    )


def _document(session_id: SessionId, first: Event, event: Event) -> dict[str, Any]:
    """Return the document of one event in an item whose first event is ``first``."""
    document: dict[str, Any] = {"type": event.type}
    if event.at != first.at:
        document["at"] = timestamp(event.at)
    if dumps(event.context) != dumps(first.context):
        document["context"] = event.context
    if event.id != event_id(session_id, event.sequence, event.at):
        document["id"] = event.id.hex
    # Text only: the numbers 1 and 1.0 would compare equal.
    repeated = [
        name
        for name, value in event.data.items()
        if isinstance(value, str) and event.context.get(name) == value
    ]
    if repeated:
        document["as_in_context"] = repeated
    document["data"] = {k: v for k, v in event.data.items() if k not in repeated}
    return document


def _event(
    session_id: SessionId, body: dict[str, Any], document: dict[str, Any], place: int
) -> Event:
    at = moment(document.get("at", body["at"]))
    context = document.get("context", body["context"])
    repeated = {name: context[name] for name in document.get("as_in_context", ())}
    own_id = document.get("id")
    return Event(
        id=EventId(UUID(own_id)) if own_id else event_id(session_id, place, at),
        type=document["type"],
        sequence=place,
        at=at,
        context=context,
        data=repeated | document["data"],
    )


def _whole_event(document: dict[str, Any]) -> Event:
    return Event(
        id=EventId(UUID(document["id"])),
        type=document["type"],
        sequence=document["sequence"],
        at=moment(document["at"]),
        context=document["context"],
        data=document["data"],
    )


def _session_id(partition: str) -> SessionId:
    """Return the session id of a partition key ``<organization>#session#<digits>``."""
    return SessionId(UUID(partition.rpartition("#")[2]))
