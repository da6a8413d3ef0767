"""Trace repository: stored spans by trace, and the owners of traces."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from shared.core.ids import OrganizationId
from shared.storage.contention import ConditionFailed
from shared.storage.idempotency import RECEIPT_RETENTION
from shared.storage.purging import purge_partition
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.traces.documents import (
    OWNER,
    SPANS,
    STATE,
    TRACES,
    Ownership,
    StoredSpans,
    last_sort,
    membership,
    state_key,
    trace_partition,
)
from shared.traces.domain import Owner, Span, owner_of


@dataclass(frozen=True, slots=True)
class StoredTrace:
    """Spans of a trace, with its owner as recorded (None before it has one)."""

    spans: list[Span]
    record: Record | None
    ownership: Ownership | None

    def owner(self, trace: str) -> Owner:
        """Return the owner that follows from the spans; see :func:`owner_of`."""
        recorded = self.ownership and self.ownership.owner
        known = recorded if recorded and recorded.kind == "conversation" else None
        return owner_of(trace, self.spans, known)


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """State of a conversation's assembly, and the traces that are part of it."""

    record: Record | None
    traces: list[str] = field(default_factory=list)


class TraceRepository:
    """Traces of organizations, and the conversations that they belong to."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def trace(
        self, organization_id: OrganizationId, trace: str, reader: StoredSpans | None = None
    ) -> StoredTrace:
        """Return a trace: one request for each megabyte. Raises as ``StoredSpans.read``."""
        key = Key(trace_partition(organization_id, trace), OWNER)
        records = list(self.table.query(key, upto=last_sort(SPANS)))
        owner = next((one for one in records if one.type == OWNER), None)
        spans = (reader or StoredSpans()).read(trace, records)
        return StoredTrace(spans, owner, Ownership.of(owner) if owner else None)

    def conversation(self, organization_id: OrganizationId, owner: Owner) -> StoredConversation:
        """Return a conversation: one request for 10,000 traces."""
        key = state_key(organization_id, owner.session_id(organization_id))
        records = list(self.table.query(key, upto=last_sort(TRACES)))
        state = next((one for one in records if one.type == STATE), None)
        traces = [one.body["trace"] for one in records if one.type == TRACES]
        if owner.kind == "trace" and owner.name not in traces:
            traces.append(owner.name)
        return StoredConversation(state, traces)

    def add_trace(self, organization_id: OrganizationId, owner: Owner, trace: str) -> None:
        """Make a trace one of a conversation's: one write."""
        session_id = owner.session_id(organization_id)
        self.table.put(membership(organization_id, session_id, trace))

    def put_owner(
        self, organization_id: OrganizationId, trace: str, stored: StoredTrace, new: Ownership
    ) -> None:
        """Record a trace's owner: one write. Raises as ``Table.replace`` and ``create``."""
        record = new.to_record(Key(trace_partition(organization_id, trace), OWNER))
        if stored.record is None:
            self.table.create(record)
        else:
            self.table.replace(record, expected_version=stored.record.version)

    def purge(self, organization_id: OrganizationId, owner: Owner, traces: Iterable[str]) -> None:
        """Remove the spans of a deleted session, and its traces from the conversation.

        The owners of the traces and the conversation's state are kept as long as a tombstone:
        later spans of these traces are spans of the deleted session too.
        """
        session_id = owner.session_id(organization_id)
        expires_at = self.table.now() + RECEIPT_RETENTION
        for trace in traces:
            partition = trace_partition(organization_id, trace)
            stored = self.table.get(Key(partition, OWNER))
            if stored is not None and Ownership.of(stored).owner == owner:
                purge_partition(self.table, partition, keep=OWNER.__eq__)
                key = Key(partition, OWNER)
                self.table.put(Ownership(owner, purged=True).to_record(key, expires_at=expires_at))
            self.table.delete(membership(organization_id, session_id, trace).key)
        state = self.table.get(state_key(organization_id, session_id))
        if state is not None:
            with suppress(ConditionFailed):  # an assembly has written it, and purges again
                expiring = replace(state, expires_at=expires_at)
                self.table.replace(expiring, expected_version=state.version)
