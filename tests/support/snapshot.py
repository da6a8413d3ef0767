"""Snapshot of the table in moto: all items at one moment, for comparison."""

from typing import Any

from moto.backends import get_backend

from tests.support.storage import TABLE

type Snapshot = dict[tuple[str, str], dict[str, Any]]


def stored_items() -> Snapshot:
    """Return all stored items by their keys, as attribute values."""
    # A scan by the client costs twenty times as much.
    [tables] = [
        backend.tables
        for account in get_backend("dynamodb").values()
        for backend in account.values()
        if TABLE in backend.tables
    ]
    items = [item.to_json()["Attributes"] for item in tables[TABLE].all_items()]
    return {(item["pk"]["S"], item["sk"]["S"]): item for item in items}
