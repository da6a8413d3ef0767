"""Table stream: publish changes on the event bus."""

from typing import Any

from shared.changes.service import publish_changes
from shared.changes.wiring import event_bridge
from shared.core.observability import logger
from shared.storage.streams import resume_at, stream_records


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001  # Lambda's form
    position = publish_changes(stream_records(event), event_bridge())
    if position is not None:
        logger.error("changes remain unpublished", extra={"resume_at": position})
    return resume_at(position)
