"""Evaluation sessions in an export: the fields beside the log."""

from typing import Any

from shared.core.ids import OrganizationId, ProductId
from shared.evaluations.catalog.documents import PRODUCTS
from shared.sessions.captured_conversations import MAX_ID_LENGTH
from shared.sessions.documents import common_fields
from shared.sessions.domain import SessionKind
from shared.storage.records import Record
from shared.storage.table import Table
from shared.storage.tombstones import is_tombstone

#: Key of an imported conversation's instructions in the metadata of its session.
_INSTRUCTIONS = "instructions"
_FIELDS = (
    "version_id", "product_id", "test_case_id", "test_id", "custom_id", "context", "metadata",
    "status", "stopping_reason", "error", "is_production", "usage",
)  # fmt: skip


def _describe(table: Table, record: Record) -> dict[str, Any]:
    """Return the fields of an exported evaluation session; its agent is the product: one read."""
    common, state = common_fields(record), record.body["state"]
    metadata = state["metadata"] if isinstance(state["metadata"], dict) else {}
    instructions = metadata.get(_INSTRUCTIONS)
    custom_id = state["custom_id"] or ""
    is_usable = custom_id.strip() and len(custom_id) <= MAX_ID_LENGTH
    return {
        "source_id": custom_id if is_usable else str(common["id"]),
        "agent": _product_name(table, common["organization_id"], state["product_id"]),
        "instructions": instructions if isinstance(instructions, str) else "",
        "state": {name: state[name] for name in _FIELDS if state.get(name) is not None},
    }


def _product_name(table: Table, organization_id: OrganizationId, product_id: str) -> str | None:
    record = table.get(PRODUCTS.key(organization_id, ProductId.parse(product_id)))
    if record is None or is_tombstone(record):
        return None
    return PRODUCTS.from_record(record).name


EVALUATION_EXPORT = (SessionKind.EVALUATION, _describe)
