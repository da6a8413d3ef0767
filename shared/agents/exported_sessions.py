"""Agent sessions in an export: the fields beside the log."""

from typing import Any

from shared.sessions.documents import common_fields
from shared.sessions.domain import SessionKind
from shared.storage.records import Record
from shared.storage.table import Table

#: Fields of the state that an export has; the rest is about the turn in progress.
_FIELDS = (
    "status", "model_id", "capabilities", "tools", "usage", "message_count", "turn_count",
)  # fmt: skip


def _describe(_: Table, record: Record) -> dict[str, Any]:
    """Return the fields of an exported agent session."""
    common, state = common_fields(record), record.body["state"]
    return {
        "source_id": str(common["id"]),
        "agent": common["agent"] and common["agent"].name,
        "title": state.get("title"),
        "state": {name: state[name] for name in _FIELDS if state.get(name) not in (None, [], {})},
    }


AGENT_EXPORT = (SessionKind.AGENT, _describe)
