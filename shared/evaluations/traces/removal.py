"""Removal of traces: those of a deleted turn, and those that came too late for their session."""

from collections.abc import Iterable
from itertools import batched

from shared.core.ids import InferenceResultId, OrganizationId
from shared.evaluations.traces.documents import trace_key
from shared.storage.records import Key
from shared.storage.table import Table
from shared.storage.transactions import MAX_ACTIONS, Delete, transact


def remove_traces(table: Table, organization_id: OrganizationId, turn: InferenceResultId) -> None:
    """Remove the traces of a deleted turn: one query, and one request for each 100."""
    first = trace_key(organization_id, turn, "")
    upto = f"{first.sort}\U0010ffff"
    remove(table, (record.key for record in table.query(first, upto=upto)))


def remove(table: Table, keys: Iterable[Key]) -> None:
    """Remove items, whether they exist or not."""
    for batch in batched(keys, MAX_ACTIONS):
        transact(table, [Delete(key) for key in batch])
