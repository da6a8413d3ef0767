"""Playground sessions in an export: the fields beside the log."""

from typing import Any

from shared.sessions.documents import common_fields
from shared.sessions.domain import SessionKind
from shared.storage.records import Record
from shared.storage.table import Table

_FIELDS = (
    "catalog_slug", "revision_id", "current_step_id", "completed_steps", "context_vars",
    "step_count", "last_signal", "awaiting_approval", "turn",
)  # fmt: skip


def _describe(_: Table, record: Record) -> dict[str, Any]:
    """Return the fields of an exported playground session."""
    common, state = common_fields(record), record.body["state"]
    return {
        "source_id": str(common["id"]),
        "agent": common["agent"] and common["agent"].name,
        "state": {name: state[name] for name in _FIELDS if state.get(name) is not None},
    }


PLAYGROUND_EXPORT = (SessionKind.PLAYGROUND, _describe)
