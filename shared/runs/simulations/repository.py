"""Simulation repository: simulations by number, whole or as results."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from uuid import UUID

from shared.core.clock import Clock, system_clock
from shared.core.errors import NotFound
from shared.core.ids import OrganizationId
from shared.runs.simulations.documents import (
    PARTITION_SIZE,
    SimulationCodec,
    checks_from,
    criteria_from,
    simulation_key,
    snapshot_key,
    snapshot_record,
    verdict_key,
    verdict_record,
)
from shared.runs.simulations.domain import Simulation, SimulationId
from shared.storage.records import Record
from shared.storage.repository import Repository
from shared.storage.table import Table
from shared.storage.transactions import Action, Create, Replace, write


class SimulationRepository(Repository[Simulation, SimulationId]):
    """Simulations of all runs; one exists once it has begun."""

    def __init__(self, table: Table, clock: Clock = system_clock) -> None:
        super().__init__(table, SimulationCodec(), clock)

    def find(self, organization_id: OrganizationId, run_id: UUID, number: int) -> Simulation | None:
        """Return a simulation without its inputs and verdict, or None: one read."""
        identifier = SimulationId(run_id, number)
        loaded = self.loaded(self.table.get(self.codec.key(organization_id, identifier)))
        return loaded.entity if loaded else None

    def get_whole(self, organization_id: OrganizationId, run_id: UUID, number: int) -> Simulation:
        """Return a simulation with its inputs and verdict: one batch read. Raises ``NotFound``."""
        identifier = SimulationId(run_id, number)
        places = (simulation_key, snapshot_key, verdict_key)
        keys = [key(organization_id, identifier) for key in places]
        found = self.table.get_many(keys)
        whole = self.whole(*(found.get(key) for key in keys))
        if whole is None:
            raise NotFound("Simulation not found")
        return whole

    def whole(
        self, record: Record | None, inputs: Record | None, verdict: Record | None = None
    ) -> Simulation | None:
        """Return the simulation of its items; None without the first."""
        loaded = self.loaded(record)
        if loaded is None:
            return None
        return replace(
            loaded.entity,
            snapshot=inputs.body if inputs else {},
            checks=checks_from(verdict) if verdict else (),
            criteria=criteria_from(verdict) if verdict else (),
        )

    def whole_many(
        self, organization_id: OrganizationId, run_ids: Sequence[UUID]
    ) -> dict[UUID, Simulation]:
        """Return the first simulations of runs with their inputs, by run: a batch read for 50."""
        places = {
            run_id: [
                key(organization_id, SimulationId(run_id, 0))
                for key in (simulation_key, snapshot_key)
            ]
            for run_id in run_ids
        }
        found = self.table.get_many([key for keys in places.values() for key in keys])
        read = {
            run_id: self.whole(*(found.get(key) for key in keys)) for run_id, keys in places.items()
        }
        return {run_id: one for run_id, one in read.items() if one is not None}

    def load_numbers(
        self, organization_id: OrganizationId, run_id: UUID, numbers: Sequence[int]
    ) -> dict[int, Simulation]:
        """Return the simulations of some numbers that have begun: one batch read for 100."""
        found = self.load_many(organization_id, [SimulationId(run_id, one) for one in numbers])
        return {identifier.number: one.entity for identifier, one in found.items()}

    def results(
        self,
        organization_id: OrganizationId,
        run_id: UUID,
        after: int | None,
        limit: int,
        *,
        below: int,
    ) -> list[Simulation]:
        """Return the simulations that have begun, by number, without inputs and verdicts.

        ``after`` is the number before the first one, ``below`` the number behind the last one.
        One query for each megabyte and each thousand numbers.
        """
        first = 0 if after is None else after + 1
        return list(islice(self.iterate(organization_id, run_id, first, below), limit))

    def iterate(
        self, organization_id: OrganizationId, run_id: UUID, first: int, below: int
    ) -> Iterator[Simulation]:
        """Yield the simulations that have begun of a range of numbers; see :meth:`results`.

        Strongly consistent: scores are read right behind the end of the last simulation, and
        reports and lists right behind that of the run.
        """
        while first < below:
            last = min(below, (first // PARTITION_SIZE + 1) * PARTITION_SIZE) - 1
            key = simulation_key(organization_id, SimulationId(run_id, first))
            upto = simulation_key(organization_id, SimulationId(run_id, last)).sort
            for record in self.table.query(key, upto=upto):
                yield self.codec.from_record(record)
            first = last + 1

    def begin(self, simulation: Simulation, also: Sequence[Action] = ()) -> Simulation:
        """Create a simulation with its inputs: one transaction. Raises ``ConditionFailed``."""
        inputs = [Create(snapshot_record(simulation))] if simulation.snapshot else []
        write(self.table, [Create(self.codec.to_record(simulation)), *inputs, *also])
        return replace(simulation, version=1)

    def update(
        self, before: Simulation, simulation: Simulation, also: Sequence[Action] = ()
    ) -> Simulation:
        """Replace a simulation as it was read: one write. Raises ``ConditionFailed``."""
        record = self.codec.to_record(simulation)
        write(self.table, [Replace(record, before.version), *also])
        return replace(simulation, version=before.version + 1)

    def verdict(self, simulation: Simulation) -> Create:
        """Return the action that stores the checks and criteria of a simulation."""
        return Create(verdict_record(simulation))
