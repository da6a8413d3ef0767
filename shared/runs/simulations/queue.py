"""Simulation queue: one message for each step of a simulation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.core.ids import OrganizationId
from shared.core.json import dumps
from shared.storage.queues import Message, MessageQueue


@dataclass(frozen=True, slots=True)
class Step:
    """Step of a simulation that is due: its turn, None for whichever is in progress."""

    organization_id: OrganizationId
    run_id: UUID
    number: int
    turn: int | None = None


class SimulationQueue(MessageQueue):
    """Queue of steps.

    The organization is the message group: SQS delivers the messages of quiet groups first when
    one group has many in flight (fair queues).
    """

    name = "queue of simulations"

    def send(self, steps: Sequence[Step]) -> None:
        """Send a message for each step. Raises as :meth:`send_all`."""
        self.send_all([Message(step_to_message(one), str(one.organization_id)) for one in steps])


def step_to_message(step: Step) -> str:
    """Return the body of a step's message."""
    return dumps(
        {
            "organization_id": str(step.organization_id),
            "simulation": {"run_id": str(step.run_id), "number": step.number},
            "turn": step.turn,
        }
    )


def step_from_message(body: str) -> Step:
    """Return the step of a message, or of the event of an agent's turn that ended."""
    message = json.loads(body)
    detail = message.get("detail", message)
    simulation = detail["simulation"]
    return Step(
        OrganizationId.parse(detail["organization_id"]),
        UUID(simulation["run_id"]),
        int(simulation["number"]),
        detail.get("turn"),
    )
