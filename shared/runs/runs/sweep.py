"""Sweep of runs: start those that wait, queue lost steps again, and close those that are done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.core.clock import Clock, system_clock
from shared.core.errors import DomainError
from shared.core.ids import OrganizationId
from shared.core.observability import logger
from shared.runs.runs.domain import Lane, Run, RunStatus
from shared.runs.runs.repository import RunRepository
from shared.runs.runs.starting import RunStarter
from shared.runs.simulations.repository import SimulationRepository

#: Time without a step after which a lane's step is queued again. Above the timeout of the function
#: that runs steps: a second one beside it would ask its target or its judge again.
STALE_AFTER = timedelta(minutes=6)


@dataclass(frozen=True, slots=True)
class SweepResult:
    """Numbers of runs that a sweep started and closed, and of steps that it queued again."""

    started: int = 0
    closed: int = 0
    resent: int = 0

    def __add__(self, other: "SweepResult") -> "SweepResult":
        return SweepResult(
            self.started + other.started, self.closed + other.closed, self.resent + other.resent
        )


class RunSweep:
    """Looks after runs that are not closed, by schedule."""

    def __init__(
        self,
        repository: RunRepository,
        simulations: SimulationRepository,
        starter: RunStarter,
        clock: Clock = system_clock,
    ) -> None:
        self._repository = repository
        self._simulations = simulations
        self._starter = starter
        self._clock = clock

    def run(self, has_time: Callable[[], bool] = lambda: True) -> SweepResult:
        """Handle all runs, each minute another one first; stop when the time is up.

        One query a shard of the list; of each run one read, one query and one batch read. A
        failure on one run is logged; the next sweep repeats it.
        """
        found = self._repository.unfinished()
        first = int(self._clock().timestamp() // 60) % max(1, len(found))
        result = SweepResult()
        for organization_id, run_id in [*found[first:], *found[:first]]:
            if not has_time():
                logger.warning("sweep ran out of time")
                break
            try:
                result += self._sweep(organization_id, run_id)
            except DomainError as error:
                details = {"run_id": str(run_id), "reason": error.message}
                logger.warning("sweep skipped a run", extra=details)
        return result

    def _sweep(self, organization_id: OrganizationId, run_id: UUID) -> SweepResult:
        run = self._repository.get(organization_id, run_id)
        if run.status is RunStatus.PENDING:
            return SweepResult(started=len(self._starter.start_waiting(organization_id)))
        if run.is_closed:
            return SweepResult()  # the index is eventually consistent
        lanes = [lane for lane in self._repository.lanes(run) if lane.current is not None]
        if not lanes:
            return SweepResult(closed=int(self._starter.close(organization_id, run_id)))
        stale = self._stale(run, lanes)
        if stale:
            self._starter.send(run, stale)
        return SweepResult(resent=len(stale))

    def _stale(self, run: Run, lanes: list[Lane]) -> dict[int, int | None]:
        """Return the simulations whose last step was long ago, with their turns: one batch read.

        A step that only waits in the queue makes its repeats void: their turn is over.
        """
        currents = [lane.current for lane in lanes if lane.current is not None]
        numbers = [*currents, *(one - run.lanes for one in currents if one >= run.lanes)]
        known = self._simulations.load_numbers(run.organization_id, run.id, numbers)
        started = run.started_at or run.created_at

        def last_step(number: int) -> datetime:
            latest = known.get(number) or known.get(number - run.lanes)
            return latest.updated_at if latest and latest.updated_at else started

        now = self._clock()
        return {
            number: known[number].turn if number in known else 0
            for number in currents
            if now - last_step(number) > STALE_AFTER
        }
