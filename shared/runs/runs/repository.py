"""Run repository: runs with their plans, lanes, and the places of an organization's runs."""

from collections.abc import Callable, Sequence
from uuid import UUID

from shared.core.clock import Clock, system_clock
from shared.core.ids import OrganizationId
from shared.runs.runs.documents import (
    LANE,
    PLAN_SIZE,
    UNFINISHED,
    LaneCodec,
    PlacesCodec,
    RunCodec,
    agent_dispatch_list,
    dispatch_list,
    lane_key,
    plan_key,
    plan_records,
    planned,
    run_list,
)
from shared.runs.runs.domain import Lane, Places, Run
from shared.storage.idempotency import Idempotency
from shared.storage.lists import ListQuery, Page, work_entries
from shared.storage.records import BY_LIST, BY_PARENT
from shared.storage.repository import Created, Repository
from shared.storage.table import Table
from shared.storage.transactions import Action, Create, Replace

#: Sort after every lane of a run.
_LAST_LANE = "lane#~"


class RunRepository(Repository[Run, UUID]):
    """Runs of all organizations."""

    def __init__(self, table: Table, clock: Clock = system_clock) -> None:
        super().__init__(table, RunCodec(), clock)
        self._lanes = LaneCodec()
        self._places = PlacesCodec()

    def add(
        self,
        organization_id: OrganizationId,
        run_id: UUID,
        build: Callable[[], tuple[Run, Sequence[UUID]]],
        idempotency: Idempotency | None,
    ) -> Created[Run]:
        """Create a run that waits for lanes, with its plan: one read, one transaction.

        ``build`` returns the run and the ids of its scenarios. Raises as :meth:`create`.
        """

        def build_with_plan() -> tuple[Run, list[Action]]:
            run, scenario_ids = build()
            places = self.places(organization_id)
            plan = plan_records(organization_id, run_id, scenario_ids)
            waits = self.places_action(
                places, Places(organization_id=organization_id, active=places.active,
                               waiting=(*places.waiting, run_id)),
            )  # fmt: skip
            return run, [*map(Create, plan), waits]

        key = self.codec.key(organization_id, run_id)
        return self.create(key, build_with_plan, idempotency)

    def list_runs(
        self, organization_id: OrganizationId, limit: int, after: str | None
    ) -> Page[Run]:
        """Return a page of runs, newest first: one query a shard for each megabyte."""
        return self.page(ListQuery(list=run_list(organization_id), after=after), limit)

    def list_dispatched(
        self,
        organization_id: OrganizationId,
        limit: int,
        after: str | None,
        agent_id: UUID | None = None,
        passes: Callable[[Run], bool] = lambda _: True,
    ) -> Page[Run]:
        """Return a page of the runs of one simulation that pass, newest first."""
        name, index = dispatch_list(organization_id), BY_LIST
        if agent_id is not None:
            name, index = agent_dispatch_list(organization_id, agent_id), BY_PARENT
        query = ListQuery(list=name, index=index, after=after)
        return self.filtered_page(query, limit, passes)

    def scenario_ids(
        self, organization_id: OrganizationId, run_id: UUID, scenario: int
    ) -> list[UUID]:
        """Return the part of a plan with a scenario, by its index: one read."""
        record = self.table.get(plan_key(organization_id, run_id, scenario))
        return planned(record) if record else []

    def scenario_id(self, run: Run, scenario: int) -> UUID:
        """Return the scenario of an index in a plan: one read unit."""
        return self.scenario_ids(run.organization_id, run.id, scenario)[scenario % PLAN_SIZE]

    def whole_plan(self, run: Run) -> list[UUID]:
        """Return the scenarios of a run in their order: one batch read."""
        starts = range(0, run.spec.scenario_count, PLAN_SIZE)
        keys = [plan_key(run.organization_id, run.id, start) for start in starts]
        found = self.table.get_many(keys)
        return [one for key in keys for one in planned(found[key])]

    def lanes(self, run: Run) -> list[Lane]:
        """Return the lanes of a run in order: one query, strongly consistent."""
        first = lane_key(run.organization_id, run.id, 0)
        records = self.table.query(first, upto=_LAST_LANE)
        return [self._lanes.from_record(one) for one in records if one.type == LANE]

    def create_lane(self, lane: Lane) -> Create:
        """Return the action that creates a lane."""
        return Create(self._lanes.to_record(lane))

    def replace_lane(self, before: Lane, lane: Lane) -> Replace:
        """Return the action that replaces a lane as it was read."""
        return Replace(self._lanes.to_record(lane), before.version)

    def places(self, organization_id: OrganizationId) -> Places:
        """Return the places of an organization's runs: one read."""
        record = self.table.get(self._places.key(organization_id, None))
        return self._places.from_record(record) if record else Places(
            organization_id=organization_id
        )  # fmt: skip

    def places_action(self, before: Places, places: Places) -> Action:
        """Return the action that replaces the places as they were read."""
        record = self._places.to_record(places)
        return Replace(record, before.version) if before.version else Create(record)

    def unfinished(self) -> list[tuple[OrganizationId, UUID]]:
        """Return the runs of all organizations that are not closed, oldest first.

        Costs as ``lists.work_entries``; the index is eventually consistent.
        """
        found = []
        for entry in work_entries(self.table, UNFINISHED, "~"):
            organization, _, run = entry.key.partition.split("#")
            found.append((OrganizationId.parse(organization), UUID(run)))
        return found
