"""Simulation queue: run a step of a simulation."""

from typing import Any

from shared.composition.simulations import simulation_steps
from shared.core.observability import logger
from shared.runs.runs.wiring import simulation_queue
from shared.runs.simulations.queue_run import run_step


def handler(event: dict[str, Any], context: Any) -> None:
    logger.append_keys(function_request_id=getattr(context, "aws_request_id", None))
    [message] = event["Records"]
    run_step(message, simulation_queue(), simulation_steps())
