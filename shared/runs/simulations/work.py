"""State of a simulation's step: read before it, written at its end with its lane."""

from dataclasses import dataclass, replace

from shared.core.clock import Clock, system_clock
from shared.core.errors import NotFound
from shared.runs.runs.documents import LaneCodec, lane_key
from shared.runs.runs.domain import Lane, Run, RunStatus, progress_of
from shared.runs.runs.repository import RunRepository
from shared.runs.runs.starting import RunStarter
from shared.runs.simulations.documents import simulation_key, snapshot_key
from shared.runs.simulations.domain import Simulation, SimulationId, SimulationStatus
from shared.runs.simulations.inputs import planned
from shared.runs.simulations.queue import Step
from shared.runs.simulations.repository import SimulationRepository
from shared.storage.transactions import Action, Create, Replace, write


@dataclass(frozen=True, slots=True)
class Work:
    """A step's state as read: the run, the lane, and its simulation, None before it begins."""

    run: Run
    lane: Lane
    simulation: Simulation | None


class SimulationWork:
    """Reads the state of steps, writes what they lead to, and queues what follows."""

    def __init__(
        self,
        runs: RunRepository,
        simulations: SimulationRepository,
        starter: RunStarter,
        clock: Clock = system_clock,
    ) -> None:
        self._runs = runs
        self._simulations = simulations
        self._starter = starter
        self._clock = clock
        self._lanes = LaneCodec()

    def read(self, step: Step) -> Work | None:
        """Return the state of a step: two reads; None where there is nothing to do."""
        try:
            run = self._runs.get(step.organization_id, step.run_id)
        except NotFound:
            return None
        if not run.lanes or step.number >= run.spec.simulations:
            return None
        identifier = SimulationId(run.id, step.number)
        lane = lane_key(run.organization_id, run.id, step.number % run.lanes)
        simulation = simulation_key(run.organization_id, identifier)
        inputs = snapshot_key(run.organization_id, identifier)
        found = self._runs.table.get_many([lane, simulation, inputs])
        return Work(
            run,
            self._lanes.from_record(found[lane]),
            self._simulations.whole(found.get(simulation), found.get(inputs)),
        )

    def planned(self, work: Work) -> Simulation:
        """Return the lane's simulation, which has not begun: one read."""
        assert work.lane.current is not None  # noqa: S101  # there is a step of it
        scenario = work.run.spec.place_of(work.lane.current).scenario
        scenario_id = self._runs.scenario_id(work.run, scenario)
        return planned(work.run, work.lane.current, scenario_id)

    def begin(self, simulation: Simulation) -> Simulation:
        """Write a simulation that begins, with its inputs: one transaction."""
        return self._simulations.begin(simulation)

    def advance(self, work: Work, before: Simulation, simulation: Simulation) -> None:
        """Write the end of a step, and queue the next one: one write.

        In a run with a budget the lane is written with it, and one query more sums the lanes.
        Raises ``ConditionFailed`` when another step came first.
        """
        simulation = replace(simulation, updated_at=self._clock())
        also: list[Action] = []
        run, is_limited = work.run, work.run.spec.budget.is_limited
        if is_limited:
            measured = replace(work.lane, running=simulation.totals)
            also.append(self._runs.replace_lane(work.lane, measured))
        self._simulations.update(before, simulation, also)
        if is_limited and run.spec.budget.is_exceeded(
            progress_of(run, self._runs.lanes(run)).totals
        ):
            self._starter.stop(run.organization_id, run.id, RunStatus.BUDGET_EXCEEDED)
        self._starter.send(run, {simulation.number: simulation.turn})

    def end(
        self,
        work: Work,
        simulation: Simulation,
        status: SimulationStatus,
        error: str | None = None,
        *,
        with_verdict: bool = False,
    ) -> None:
        """Write a simulation's end and count it in its lane, then queue the lane's next one.

        One transaction. Raises ``ConditionFailed`` when another step came first.
        """
        run, now = work.run, self._clock()
        ended = replace(simulation, status=status, error=error, updated_at=now, finished_at=now)
        lane = work.lane.after(run, status.value, ended.outcome, ended.totals, error)
        record = self._simulations.codec.to_record(ended)
        own = Replace(record, ended.version) if ended.version else Create(record)
        verdict = [self._simulations.verdict(ended)] if with_verdict else []
        write(self._runs.table, [own, self._runs.replace_lane(work.lane, lane), *verdict])
        self._go_on(run, lane)

    def end_lane(self, work: Work) -> None:
        """End a lane of a stopped run, whose current simulation has not begun: one write."""
        lane = replace(work.lane, current=None)
        write(self._runs.table, [self._runs.replace_lane(work.lane, lane)])
        self._go_on(work.run, lane)

    def resume(self, work: Work) -> None:
        """Queue the lane's current step again: the one that was to follow may be lost."""
        self._go_on(work.run, work.lane, None)

    def _go_on(self, run: Run, lane: Lane, turn: int | None = 0) -> None:
        if lane.current is None:
            self._starter.close(run.organization_id, run.id)
        else:
            self._starter.send(run, {lane.current: turn})
