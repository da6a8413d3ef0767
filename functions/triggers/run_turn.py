"""The table's stream: run the turns of messages that were stored."""

from typing import Any

from shared.agents.turn_service import runner_setup
from shared.agents.turn_trigger import run_turns
from shared.core.observability import logger
from shared.storage.streams import resume_at, stream_records


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    logger.append_keys(function_request_id=getattr(context, "aws_request_id", None))
    position = run_turns(stream_records(event), runner_setup())
    if position is not None:
        logger.error("not all turns were run", extra={"resume_at": position})
    return resume_at(position)
