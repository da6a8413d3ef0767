"""Turn queue: run one turn of a session."""

from typing import Any

from shared.agents.admission.wiring import turn_queue
from shared.agents.turns.queue_run import run_turn
from shared.agents.turns.wiring import turn_context
from shared.core.observability import logger


def handler(event: dict[str, Any], context: Any) -> None:
    logger.append_keys(function_request_id=getattr(context, "aws_request_id", None))
    [message] = event["Records"]
    run_turn(message, turn_queue(), turn_context())
