"""Run of a step by a message of the simulation queue."""

from typing import Any

from shared.runs.simulations.queue import SimulationQueue, step_from_message
from shared.runs.simulations.steps import SimulationSteps
from shared.storage.redelivery import redelivered_soon


def run_step(message: dict[str, Any], queue: SimulationQueue, steps: SimulationSteps) -> None:
    """Run the step that a queue message names.

    An error passes: the queue delivers the message again; see ``steps.MAX_ATTEMPTS``.
    """
    with redelivered_soon(queue, message["receiptHandle"]):
        attempt = int(message["attributes"]["ApproximateReceiveCount"])
        steps.run(step_from_message(message["body"]), attempt)
