"""Simulated sessions for tests of targets."""

from typing import Any
from uuid import UUID

from shared.core.ids import new_uuid
from shared.sessions.recorded_worlds.world import parse_world
from shared.simulation.target import SimulatedSession
from tests.support.gateway import Gateway

#: Address of the API, as the creator of a run calls it.
API_URL = "https://sessions.example/live"

ORDERS: dict[str, Any] = {
    "find_order": {
        "calls": [
            {"arguments": {"id": "A-1"}, "output": {"status": "shipped"}},
            {"arguments": {"id": "A-1"}, "output": {"status": "delivered"}},
            {"arguments": {"id": "B-2"}, "error": "no such order"},
        ]
    },
    "refund order": {"output": {"refunded": True}},
}


def simulated(
    api: Gateway, target: dict[str, Any], world: dict[str, Any] | None = None, number: int = 3
) -> SimulatedSession:
    """Return a session of a new run with a target, in a world of orders unless one is given."""
    run_id: UUID = new_uuid()
    return SimulatedSession(
        organization_id=api.organization_id,
        run_id=run_id,
        number=number,
        attempt_key=f"{run_id.hex}:{number}",
        session_id=new_uuid(),
        target=target,
        title="Refund",
        tags=("simulation", f"run:{run_id}"),
        world=parse_world(ORDERS if world is None else world),
        api_url=API_URL,
    )
