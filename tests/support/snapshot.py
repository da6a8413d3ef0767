"""Snapshot of the table in moto: all items at one moment, for comparison."""

from typing import Any

from shared.storage.records import body_text
from tests.support.storage import stored_table

type Snapshot = dict[tuple[str, str], dict[str, Any]]


def stored_texts() -> list[str]:
    """Return each stored item as text, with its document as it is read."""
    return [
        f"{item} {body_text(item) if 'body' in item else ''}" for item in stored_items().values()
    ]


def stored_items() -> Snapshot:
    # A scan by the client costs twenty times as much.
    items = [item.to_json()["Attributes"] for item in stored_table().all_items()]
    return {(item["pk"]["S"], item["sk"]["S"]): item for item in items}
