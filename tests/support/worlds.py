"""Worlds of simulations in tests: a world that runs, over a table in this process."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from shared.core.clock import system_clock
from shared.core.errors import Conflict
from shared.core.ids import OrganizationId, new_uuid
from shared.runs.simulations.domain import Simulation, SimulationStatus
from shared.runs.simulations.wiring import simulations
from shared.runs.worlds.domain import OpenWorld, SimulationKey
from shared.runs.worlds.repository import WorldCallRepository
from shared.runs.worlds.service import WorldService, WorldSession
from shared.sessions.recorded_worlds.answers import OnUnmatched
from shared.sessions.recorded_worlds.repository import WorldRepository
from shared.sessions.recorded_worlds.world import parse_world
from shared.storage.table import table

#: Two answers to the same call in order, an error, and a constant answer.
WORLD: dict[str, Any] = {
    "get_order": {
        "calls": [
            {"arguments": {"order_id": "A-17"}, "output": {"status": "late"}},
            {"arguments": {"order_id": "A-17"}, "output": {"status": "arrived"}},
            {"arguments": {"order_id": "A-19", "verbose": True}, "error": "no such order"},
        ]
    },
    "send e-mail": {"output": "sent"},
}


class Worlds:
    """The service over one world, and what it waited for."""

    def __init__(
        self, world: dict[str, Any] = WORLD, on_unmatched: OnUnmatched = "error", number: int = 0
    ) -> None:
        self.world = parse_world(world)
        self.waited: list[float] = []
        self.runs = True
        self.opened = 0
        self.key = SimulationKey(OrganizationId(UUID(int=1)), new_uuid(), number)
        self.calls = WorldCallRepository(table())
        self._on_unmatched = on_unmatched
        self._service = WorldService(self._open, self.calls, self.waited.append)

    def request(self) -> WorldSession:
        return self._service.session(self.key)

    def recorded(self, after: int = -1) -> list[tuple[int, str, Any, str | None, str]]:
        """Return index, tool, output, error and rule of each recorded call."""
        return [
            (one.index, one.tool, one.output, one.error, one.matched)
            for one in self.calls.calls_after(self.key, after, self.world)
        ]

    def _open(self, key: SimulationKey) -> OpenWorld:
        self.opened += 1
        if not self.runs:
            raise Conflict("The simulation is completed.", code="simulation_not_running")
        return OpenWorld(key, self.world, self._on_unmatched)


def begin_simulation(
    organization_id: OrganizationId,
    world: dict[str, Any] = WORLD,
    *,
    run_id: UUID | None = None,
    number: int = 0,
) -> Simulation:
    """Store a simulation that runs in a world, as the engine does."""
    return simulations().begin(
        Simulation(
            organization_id=organization_id,
            run_id=run_id or new_uuid(),
            number=number,
            scenario_id=UUID(int=1),
            persona_id=None,
            repeat=0,
            status=SimulationStatus.RUNNING,
            world=WorldRepository(table()).add(organization_id, parse_world(world)),
            started_at=system_clock(),
            updated_at=system_clock(),
        )
    )


def end_simulation(simulation: Simulation) -> None:
    """Store the end of a simulation."""
    completed = replace(simulation, status=SimulationStatus.COMPLETED, finished_at=system_clock())
    simulations().update(simulation, completed)
