"""Table stream: run the turns of stored messages."""

from typing import Any

from shared.agents.turns.trigger import run_turns
from shared.agents.turns.wiring import turn_context
from shared.core.observability import logger
from shared.storage.streams import resume_at, stream_records


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    logger.append_keys(function_request_id=getattr(context, "aws_request_id", None))
    position = run_turns(stream_records(event), turn_context())
    if position is not None:
        logger.error("turns remain to be run", extra={"resume_at": position})
    return resume_at(position)
