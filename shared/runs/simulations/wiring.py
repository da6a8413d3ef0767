"""Simulations of this process: their repository."""

from functools import cache

from shared.runs.simulations.repository import SimulationRepository
from shared.storage.table import table


@cache
def simulations() -> SimulationRepository:
    """Return the repository of simulations."""
    return SimulationRepository(table())
