"""World service of this process."""

import time
from functools import cache

from shared.core.errors import Conflict
from shared.runs.simulations.domain import SimulationId, SimulationStatus
from shared.runs.simulations.wiring import simulations
from shared.runs.worlds.domain import OpenWorld, SimulationKey
from shared.runs.worlds.repository import WorldCallRepository
from shared.runs.worlds.service import WorldService
from shared.sessions.recorded_worlds.repository import WorldRepository
from shared.storage.table import table


@cache
def worlds() -> WorldService:
    """Return the world service."""
    return WorldService(_open_world, WorldCallRepository(table()), time.sleep)


@cache
def _recorded_worlds() -> WorldRepository:
    return WorldRepository(table())


def _open_world(key: SimulationKey) -> OpenWorld:
    """Return the world that a running simulation is pinned to: one read, two in a new process."""
    identifier = SimulationId(key.run_id, key.number)
    simulation = simulations().get(key.organization_id, identifier)
    if simulation.status is not SimulationStatus.RUNNING or simulation.world is None:
        message = f"The simulation is {simulation.status}; its world answers while it runs."
        raise Conflict(message, code="simulation_not_running")
    return OpenWorld(key, _recorded_worlds().get(key.organization_id, simulation.world))
