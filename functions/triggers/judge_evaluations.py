"""Judge queue: decide requested evaluations."""

from typing import Any

from shared.core.observability import logger
from shared.evaluations.evaluations.judging import requested_in
from shared.evaluations.evaluations.wiring import evaluator


def handler(event: dict[str, Any], context: Any) -> None:
    logger.append_keys(function_request_id=getattr(context, "aws_request_id", None))
    [message] = event["Records"]
    organization_id, identifier = requested_in(message["body"])
    attempt = int(message["attributes"]["ApproximateReceiveCount"])
    evaluator().run(organization_id, identifier, attempt)
