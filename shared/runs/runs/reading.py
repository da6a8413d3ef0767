"""Runs as read: with their counts, and their results."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.core.errors import NotFound
from shared.core.ids import OrganizationId
from shared.runs.runs.domain import Progress, Run, RunStatus, progress_of
from shared.runs.runs.repository import RunRepository
from shared.runs.simulations.domain import Simulation, SimulationStatus
from shared.runs.simulations.repository import SimulationRepository
from shared.storage.lists import Page

#: Results that a filtered page reads, at most.
_MAX_READ = 2000


@dataclass(frozen=True, slots=True)
class RunState:
    """A run and its counts as of now."""

    run: Run
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultQuery:
    """Filters and page of a run's results, by number."""

    limit: int
    outcome: str | None = None
    scenario_id: UUID | None = None
    after: int | None = None


class RunReader:
    """Runs of an organization, their counts and results.

    Methods that take a run's id raise ``NotFound`` if it does not exist or belongs to another
    organization.
    """

    def __init__(self, repository: RunRepository, simulations: SimulationRepository) -> None:
        self._repository = repository
        self._simulations = simulations

    def get(self, organization_id: OrganizationId, run_id: UUID) -> RunState:
        """Return a run with its counts: one read, and one query until it is closed."""
        return self.state(self._repository.get(organization_id, run_id))

    def state(self, run: Run) -> RunState:
        """Return a run that was read, with its counts."""
        if run.progress is not None:
            return RunState(run, run.progress)
        lanes = self._repository.lanes(run) if run.lanes else []
        return RunState(run, progress_of(run, lanes))

    def list_runs(
        self, organization_id: OrganizationId, limit: int, after: str | None
    ) -> Page[RunState]:
        """Return a page of runs, newest first; one query more for each that is not closed."""
        page = self._repository.list_runs(organization_id, limit, after)
        return Page([self.state(one) for one in page.items], page.next_cursor)

    def simulation(
        self, organization_id: OrganizationId, run_id: UUID, number: int
    ) -> tuple[Run, Simulation]:
        """Return a simulation whole, also one that has not begun: two reads."""
        run = self._repository.get(organization_id, run_id)
        if number >= run.spec.simulations:
            raise NotFound("Simulation not found")
        if self._simulations.find(organization_id, run_id, number) is None:
            scenario = self._repository.scenario_id(run, run.spec.place_of(number).scenario)
            return run, not_begun(run, number, scenario)
        return run, self._simulations.get_whole(organization_id, run_id, number)

    def dispatched(self, organization_id: OrganizationId, run_id: UUID) -> tuple[Run, Simulation]:
        """Return a run of one simulation with it, whole: three reads. Raises ``NotFound``."""
        run = self._repository.get(organization_id, run_id)
        if run.spec.dispatch is None:
            raise NotFound("Simulation run not found")
        return run, self._with_simulations(organization_id, [run])[0]

    def list_dispatched(
        self,
        organization_id: OrganizationId,
        limit: int,
        after: str | None,
        agent_id: UUID | None,
        passes: Callable[[Run], bool],
    ) -> Page[tuple[Run, Simulation]]:
        """Return a page of runs of one simulation, newest first; a batch read for 50 of them."""
        page = self._repository.list_dispatched(organization_id, limit, after, agent_id, passes)
        found = self._with_simulations(organization_id, page.items)
        return Page(list(zip(page.items, found, strict=True)), page.next_cursor)

    def _with_simulations(
        self, organization_id: OrganizationId, runs: "list[Run]"
    ) -> "list[Simulation]":
        """Return the only simulation of each run with its inputs."""
        stored = self._simulations.whole_many(organization_id, [one.id for one in runs])
        return [
            stored.get(one.id) or not_begun(one, 0, UUID((one.spec.dispatch or {})["scenario_id"]))
            for one in runs
        ]

    def results(
        self, organization_id: OrganizationId, run_id: UUID, query: ResultQuery
    ) -> tuple[Run, Page[Simulation]]:
        """Return a page of results by number, without their inputs and verdicts.

        Two reads, and one query for each megabyte. With ``outcome`` a page reads at most 2,000
        results, and may be empty with a cursor.
        """
        run = self._repository.get(organization_id, run_id)
        plan = self._repository.whole_plan(run)
        numbers = _numbers(run, plan, query)
        span = _MAX_READ if query.outcome else query.limit
        numbers, rest = numbers[:span], numbers[span:]
        found: dict[int, Simulation] = {}
        if numbers:
            stored = self._simulations.iterate(organization_id, run_id, numbers[0], numbers[-1] + 1)
            found = {one.number: one for one in stored}
        items: list[Simulation] = []
        for number in numbers:
            scenario = plan[run.spec.place_of(number).scenario]
            one = found.get(number) or not_begun(run, number, scenario)
            if query.outcome in (None, verdict_name(one)):
                items.append(one)
            if len(items) == query.limit:
                more = number != numbers[-1] or bool(rest)
                return run, Page(items, str(number) if more else None)
        return run, Page(items, str(numbers[-1]) if rest else None)


def verdict_name(simulation: Simulation) -> str:
    """Return the outcome of a simulation; without one ``error`` or its status."""
    if simulation.outcome is not None:
        return simulation.outcome.value
    failed = simulation.status is SimulationStatus.FAILED
    return "error" if failed else simulation.status.value


def session_kind(target: dict[str, Any]) -> str:
    """Return the kind of a target's sessions; remote programs are recorded as agents."""
    return "playground" if "revision_id" in target or "catalog_slug" in target else "agent"


def not_begun(run: Run, number: int, scenario_id: UUID) -> Simulation:
    """Return a simulation that has not begun: pending, or ended with its run."""
    place = run.spec.place_of(number)
    stopped = run.status in (RunStatus.CANCELLED, RunStatus.BUDGET_EXCEEDED)
    return Simulation(
        organization_id=run.organization_id,
        run_id=run.id,
        number=number,
        scenario_id=scenario_id,
        persona_id=place.persona_id,
        repeat=place.repeat,
        status=SimulationStatus(run.status.value) if stopped else SimulationStatus.PENDING,
    )


def _numbers(run: Run, plan: "list[UUID]", query: ResultQuery) -> range:
    """Return the numbers behind the cursor, of one scenario if the query names one."""
    numbers = range(run.spec.simulations)
    if query.scenario_id is not None:
        if query.scenario_id not in plan:
            return range(0)
        numbers = run.spec.numbers_of(plan.index(query.scenario_id))
    first = numbers.start if query.after is None else max(numbers.start, query.after + 1)
    return range(first, max(first, numbers.stop))
