"""Runs of this process: their repository, reader, starter and service."""

from functools import cache
from typing import TYPE_CHECKING

from shared.core.settings import settings
from shared.runs.runs.reading import RunReader
from shared.runs.runs.repository import RunRepository
from shared.runs.simulations.wiring import simulations
from shared.storage.table import table

if TYPE_CHECKING:
    from shared.runs.runs.service import RunService
    from shared.runs.runs.starting import RunStarter
    from shared.runs.simulations.queue import SimulationQueue


@cache
def run_repository() -> RunRepository:
    """Return the repository of runs."""
    return RunRepository(table())


@cache
def runs() -> RunReader:
    """Return the reader of runs."""
    return RunReader(run_repository(), simulations())


@cache
def simulation_queue() -> "SimulationQueue":
    """Return the queue of simulations' steps."""
    # Imported only to send: readers of runs start without the queue's client.
    from shared.runs.simulations.queue import SimulationQueue  # noqa: PLC0415

    return SimulationQueue.connect(settings().simulation_queue_url)


@cache
def run_starter() -> "RunStarter":
    """Return the starter of runs."""
    from shared.runs.runs.scoring import read_scores  # noqa: PLC0415  # as above
    from shared.runs.runs.starting import RunStarter  # noqa: PLC0415

    return RunStarter(
        run_repository(),
        simulation_queue(),
        settings().max_simulations_per_organization,
        lambda run: read_scores(run, simulations()),
    )


@cache
def run_service() -> "RunService":
    """Return the service that creates and cancels runs."""
    from shared.runs.runs.service import RunService  # noqa: PLC0415  # as above

    return RunService(run_repository(), runs(), run_starter())
