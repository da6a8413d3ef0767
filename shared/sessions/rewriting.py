"""Changing an event that is in a log already: only recorded turns are ever changed so."""

from dataclasses import replace

from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import (
    EVENTS,
    event_chunks,
    event_from_document,
    events_sort,
)
from shared.sessions.events import find_events
from shared.sessions.models import Event
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import Action, Create, Replace


def find_to_rewrite(
    table: Table, organization_id: OrganizationId, session_id: SessionId, sequence: int
) -> tuple[Record, Event] | None:
    """Read an event with the item it lies in: one request. None if there is no such."""
    record = find_events(table, organization_id, session_id, sequence)
    if record is None:
        return None
    documents = record.body["events"]
    return record, event_from_document(documents[sequence - documents[0]["sequence"]])


def rewritten(record: Record, event: Event) -> list[Action]:
    """Return the writes that put an event in its own place, in the item it lies in.

    They belong into a transaction with the session, whose version tells that nobody else
    wrote meanwhile. What an item cannot hold any more goes into a new one behind it.
    """
    events = [
        event if document["sequence"] == event.sequence else event_from_document(document)
        for document in record.body["events"]
    ]
    first, *others = event_chunks(events)
    actions: list[Action] = [
        Replace(replace(record, body=record.body | {"events": first}), record.version)
    ]
    for chunk in others:
        key = Key(record.key.partition, events_sort(chunk[0]["sequence"]))
        body = {"events": chunk}
        actions.append(Create(Record(key=key, type=EVENTS, body=body, marks=record.marks)))
    return actions
