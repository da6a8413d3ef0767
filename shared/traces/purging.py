"""Purge of the spans of a deleted session."""

from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import session_key
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.tombstones import is_tombstone
from shared.traces.documents import STATE, TRACES, last_sort, state_in, state_key
from shared.traces.domain import Owner
from shared.traces.repository import TraceRepository


def purge_traces(table: Table, organization_id: OrganizationId, session_id: SessionId) -> None:
    """Remove the spans that a deleted session was assembled from.

    One query for a session of any other origin. Spans of a session that was replaced by a
    successor, or that became part of another, are kept. Safe to repeat.
    """
    records = _records(table, organization_id, session_id)
    state = found = next((one for one in records if one.key.sort == STATE), None)
    if state is not None and state.type != STATE:  # a successor
        first = SessionId.parse(f"session_{state.body['first']}")
        records = _records(table, organization_id, first)
        state = next((one for one in records if one.key.sort == STATE), None)
    if state is None:
        return
    owner = Owner(state.body["kind"], state.body["name"])
    if owner.session_id(organization_id, state_in(state).generation) != session_id:
        return
    session = table.get(session_key(organization_id, session_id))
    if session is None or not is_tombstone(session):
        return
    traces = [one.body["trace"] for one in records if one.type == TRACES]
    own = [owner.name] if owner.kind == "trace" else []
    TraceRepository(table).purge(organization_id, owner, [*traces, *own])
    if found is not state and found is not None:
        table.delete(found.key)


def _records(table: Table, organization_id: OrganizationId, session_id: SessionId) -> list[Record]:
    key = Key(state_key(organization_id, session_id).partition, STATE)
    return list(table.query(key, upto=last_sort(TRACES)))
