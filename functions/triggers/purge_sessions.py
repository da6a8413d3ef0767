"""The table's stream: remove what deleted sessions have left."""

from typing import Any

from shared.core.observability import logger
from shared.sessions.purging import purge_sessions
from shared.storage.streams import resume_at, stream_records
from shared.storage.table import table


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    position = purge_sessions(table(), stream_records(event), remaining_ms=remaining)
    if position is not None:
        logger.warning("sessions remain to be purged", extra={"resume_at": position})
    return resume_at(position)
