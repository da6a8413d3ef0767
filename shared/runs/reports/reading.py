"""Results of a run as a report has them: all simulations by number, within a time limit."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache, partial
from uuid import UUID

from shared.core.clock import Clock
from shared.core.errors import TooLarge
from shared.runs.reports.domain import Result
from shared.runs.runs.documents import PLAN_SIZE
from shared.runs.runs.domain import Run
from shared.runs.runs.reading import not_begun
from shared.runs.runs.repository import RunRepository
from shared.runs.runs.scoring import result_of
from shared.runs.simulations.repository import SimulationRepository

#: Values between two looks at the clock.
_STEP = 500


class ResultReader:
    """Reader of results: one query for each megabyte."""

    def __init__(
        self, repository: RunRepository, simulations: SimulationRepository, clock: Clock
    ) -> None:
        self._repository = repository
        self._simulations = simulations
        self._clock = clock

    def begun(self, run: Run, due: datetime) -> Iterator[Result]:
        """Yield the results of simulations that have begun. Raises ``TooLarge`` when due."""
        stored = self._simulations.iterate(run.organization_id, run.id, 0, run.spec.simulations)
        return in_time((result_of(run, one) for one in stored), due, self._clock)

    def all(self, run: Run, due: datetime) -> Iterator[Result]:
        """Yield the results of all simulations; as :meth:`begun`.

        Where some have not begun, one read more for each part of their plan.
        """
        plan = self._plan(run)
        following = 0
        for one in self.begun(run, due):
            yield from _not_begun(run, range(following, one.number), plan)
            yield one
            following = one.number + 1
        yield from _not_begun(run, range(following, run.spec.simulations), plan)

    def _plan(self, run: Run) -> Callable[[int], UUID]:
        """Return the scenario of an index; each part of the plan is read once."""
        part = cache(partial(self._repository.scenario_ids, run.organization_id, run.id))
        return lambda index: part(index - index % PLAN_SIZE)[index % PLAN_SIZE]


def _not_begun(run: Run, numbers: range, plan: Callable[[int], UUID]) -> Iterator[Result]:
    for number in numbers:
        scenario_id = plan(run.spec.place_of(number).scenario)
        yield result_of(run, not_begun(run, number, scenario_id))


def in_time[T](values: Iterable[T], due: datetime, clock: Clock, step: int = _STEP) -> Iterator[T]:
    """Yield values. Raises ``TooLarge`` when due, which it checks every so many values."""
    for number, value in enumerate(values):
        if number % step == 0 and clock() > due:
            raise TooLarge("The run has too many results for a report; list its results.")
        yield value
