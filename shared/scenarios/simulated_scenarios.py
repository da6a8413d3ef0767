"""Scenarios as runs read them."""

from collections.abc import Sequence
from itertools import batched
from uuid import UUID

from shared.core.errors import NotFound
from shared.core.ids import OrganizationId
from shared.scenarios.library.documents import SCENARIO
from shared.scenarios.library.domain import ScenarioQuery
from shared.scenarios.library.repository import ScenarioRepository
from shared.simulation.judging.domain import JudgedCriterion, Scale
from shared.simulation.scenario import SimulatedScenario
from shared.simulation.scenario_keys import checks_key, scenario_key
from shared.storage.table import Table

#: Scenarios of one page of a list.
_PAGE = 200
#: Scenarios whose presence one batch read checks.
_BATCH = 100


class StoredScenarios:
    """Scenarios of the library; see ``Scenarios``."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._repository = ScenarioRepository(table)

    def missing(self, organization_id: OrganizationId, ids: Sequence[UUID]) -> list[UUID]:
        """See ``Scenarios.missing``. Reads of new scenarios are repeated consistently."""
        absent = list(ids)
        for consistent in (False, True):
            absent = [
                one
                for batch in batched(absent, _BATCH)
                for one in self._absent(organization_id, batch, consistent=consistent)
            ]
        return absent

    def tagged(self, organization_id: OrganizationId, tags: Sequence[str], most: int) -> list[UUID]:
        """See ``Scenarios.tagged``: one query a shard for each megabyte of the list."""
        found: list[UUID] = []
        after: str | None = None
        while len(found) < most:
            query = ScenarioQuery(limit=_PAGE, tags=frozenset(tags), after=after)
            page = self._repository.list(organization_id, query)
            found += [one.id for one in page.items]
            after = page.next_cursor
            if after is None:
                break
        return found[:most]

    def read(self, organization_id: OrganizationId, scenario_id: UUID) -> SimulatedScenario:
        """See ``Scenarios.read``: one batch read of the scenario and its checks."""
        own, of_checks = (key(organization_id, scenario_id) for key in (scenario_key, checks_key))
        records = self._table.get_many([own, of_checks])
        loaded = self._repository.loaded(records.get(own))
        if loaded is None:
            raise NotFound("Scenario not found")
        scenario, checks = loaded.entity, records.get(of_checks)
        content = scenario.content
        return SimulatedScenario(
            id=scenario.id,
            name=content.name,
            intent=content.intent,
            journey=content.journey,
            mock_world=content.mock_world,
            criteria=tuple(
                JudgedCriterion(one.description, Scale(one.output_type.value))
                for one in content.success_criteria
            ),
            recorded_turns=content.user_turns,
            checks=tuple(checks.body["checks"]) if checks else (),
        )

    def _absent(
        self, organization_id: OrganizationId, ids: Sequence[UUID], *, consistent: bool
    ) -> list[UUID]:
        keys = {scenario_key(organization_id, one): one for one in ids}
        present = self._table.present(keys, SCENARIO, consistent=consistent)
        return [one for key, one in keys.items() if key not in present]
