"""Start and end of runs: lanes among an organization's free ones, and the runs that wait."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from uuid import UUID

from shared.core.clock import Clock, system_clock
from shared.core.errors import NotFound, Unavailable
from shared.core.ids import OrganizationId
from shared.core.observability import logger
from shared.runs.runs.domain import Lane, Places, Run, RunStatus, Scores, progress_of
from shared.runs.runs.repository import RunRepository
from shared.runs.simulations.queue import SimulationQueue, Step
from shared.storage.contention import retry_on_contention
from shared.storage.repository import Loaded
from shared.storage.transactions import write

#: Reads the scores of a run whose simulations have all ended.
type ReadScores = Callable[[Run], Scores]


class RunStarter:
    """Gives lanes to runs, and takes them back.

    ``limit`` is the number of an organization's lanes. A run gets as many as are free, at most
    those that it asks for, and keeps them until it ends; the others wait in order.
    """

    def __init__(
        self,
        repository: RunRepository,
        queue: SimulationQueue,
        limit: int,
        scores: ReadScores,
        clock: Clock = system_clock,
    ) -> None:
        self._repository = repository
        self._queue = queue
        self._limit = limit
        self._scores = scores
        self._clock = clock

    def start_waiting(self, organization_id: OrganizationId) -> list[Run]:
        """Start the runs that wait while lanes are free: two reads, one transaction each.

        Returns those that were started. What cannot be queued is queued by the next sweep.
        """
        started = []
        while run := retry_on_contention(
            self._repository.table.sleep, lambda: self._start_next(organization_id)
        ):
            started.append(run)
            self.send(run, dict.fromkeys(range(run.lanes), 0))
        return started

    def send(self, run: Run, turns: Mapping[int, int | None]) -> None:
        """Queue steps of simulations, each with the turn that it is for; None for any.

        The sweep queues again what the queue does not accept.
        """
        steps = [Step(run.organization_id, run.id, one, turn) for one, turn in turns.items()]
        try:
            self._queue.send(steps)
        except Unavailable as error:
            logger.warning("steps are left to the sweep", extra={"reason": error.message})

    def close(self, organization_id: OrganizationId, run_id: UUID) -> bool:
        """End a run whose lanes have all ended, and start those that wait.

        One read and one query while a lane is at work; at the end a query for each megabyte of
        results, and one transaction. Returns whether the run is closed. Repeatable.
        """

        def attempt() -> bool:
            loaded = self._repository.load(organization_id, run_id)
            if loaded.entity.is_closed:
                return True
            lanes = self._repository.lanes(loaded.entity)
            if not loaded.entity.lanes or any(one.current is not None for one in lanes):
                return False
            self._end(loaded, lanes)
            return True

        closed = retry_on_contention(self._repository.table.sleep, attempt)
        if closed:
            self.start_waiting(organization_id)
        return closed

    def stop(self, organization_id: OrganizationId, run_id: UUID, status: RunStatus) -> Run:
        """End a run early: cancelled, or its budget exceeded. Its lanes end at their next step.

        Two reads, one write. A run that has ended stays as it is.
        """

        def attempt() -> Run:
            loaded = self._repository.load(organization_id, run_id)
            run = loaded.entity
            if run.status.is_final:
                return run
            stopped = replace(run, status=status, finished_at=self._clock())
            if run.lanes:
                return self._repository.replace(loaded, stopped).entity
            self._end(replace(loaded, entity=stopped), [])
            return self._repository.get(organization_id, run_id)

        return retry_on_contention(self._repository.table.sleep, attempt)

    def _end(self, loaded: Loaded[Run], lanes: list[Lane]) -> None:
        run = loaded.entity
        progress = progress_of(run, lanes)
        status = run.status
        if not status.is_final:
            all_failed = progress.errors == progress.total
            status = RunStatus.FAILED if all_failed else RunStatus.COMPLETED
        error = next((one.error for one in lanes if one.error), None)
        ended = replace(
            run,
            status=status,
            finished_at=run.finished_at or self._clock(),
            progress=progress.with_rest(status),
            scores=self._scores(run) if lanes else Scores(),
            error=error if status is RunStatus.FAILED else None,
        )
        places = self._repository.places(run.organization_id)
        freed = self._repository.places_action(places, places.without(run.id))
        self._repository.replace(loaded, ended, [freed])

    def _start_next(self, organization_id: OrganizationId) -> Run | None:
        places = self._repository.places(organization_id)
        free = self._limit - places.lanes
        if free < 1 or not places.waiting:
            return None
        loaded = self._find(organization_id, places.waiting[0])
        if loaded is None or loaded.entity.status is not RunStatus.PENDING:
            rest = places.without(places.waiting[0])
            write(self._repository.table, [self._repository.places_action(places, rest)])
            return self._start_next(organization_id)
        return self._start(loaded, places, free)

    def _start(self, loaded: Loaded[Run], places: Places, free: int) -> Run:
        run = loaded.entity
        lanes = min(free, run.spec.max_concurrency, run.spec.simulations)
        started = replace(run, status=RunStatus.RUNNING, lanes=lanes, started_at=self._clock())
        taken = places.without(run.id)
        taken = replace(taken, active={**taken.active, run.id: lanes})
        created = [
            self._repository.create_lane(
                Lane(organization_id=run.organization_id, run_id=run.id, index=one, current=one)
            )
            for one in range(lanes)
        ]
        also = [self._repository.places_action(places, taken), *created]
        return self._repository.replace(loaded, started, also).entity

    def _find(self, organization_id: OrganizationId, run_id: UUID) -> Loaded[Run] | None:
        try:
            return self._repository.load(organization_id, run_id)
        except NotFound:
            return None
