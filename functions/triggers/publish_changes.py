"""Table stream: publish changes on the event bus, and count the entries of lists."""

from typing import Any

from shared.changes.service import publish_changes
from shared.changes.wiring import event_bridge
from shared.core.observability import logger
from shared.storage.counting import count_entries
from shared.storage.streams import resume_at, shard_of, stream_records
from shared.storage.table import table


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001  # Lambda's form
    records = list(stream_records(event))
    try:
        unpublished = publish_changes(records, event_bridge())
    finally:  # also of a batch with a change that cannot be published
        uncounted = count_entries(table(), shard_of(event), records)
    if unpublished or uncounted:
        positions = {"unpublished_from": unpublished, "uncounted_from": uncounted}
        logger.error("changes remain unpublished or uncounted", extra=positions)
    # Lambda requires a state of a mapping with a tumbling window; there is none to be kept.
    return resume_at(unpublished, uncounted) | {"state": {}}
