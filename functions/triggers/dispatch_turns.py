"""Table stream: admit the turns of stored messages."""

from typing import Any

from shared.agents.admission.dispatching import dispatch_turns
from shared.agents.admission.wiring import admission
from shared.core.observability import logger
from shared.storage.streams import resume_at, stream_records


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001  # Lambda's form
    position = dispatch_turns(stream_records(event), admission())
    if position is not None:
        logger.error("turns remain to be admitted", extra={"resume_at": position})
    return resume_at(position)
