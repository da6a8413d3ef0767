"""What can be done with stored scenarios."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

from shared.core.clock import Clock, system_clock
from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId, new_uuid
from shared.scenarios.domain import Scenario, ScenarioContent, ScenarioOrigin
from shared.scenarios.listing import ScenarioQuery, read_scenarios
from shared.scenarios.repository import ScenarioRepository, Stored
from shared.sessions.agent_directory import AgentDirectory
from shared.sessions.models import AgentRef
from shared.storage.idempotency import Idempotency
from shared.storage.table import Table, table

#: Agents that one scenario may be run against: each takes a place in a transaction of 100,
#: and a change may take out as many as it puts in.
MAX_AGENTS = 50

type Agents = Mapping[UUID, AgentRef]


@dataclass(frozen=True, slots=True)
class Shown[T]:
    """Scenarios with the agents that they name."""

    value: T
    agents: Agents


@dataclass(frozen=True, slots=True)
class ListedScenarios:
    """A page of a list; ``after`` is where to go on, or None at the end."""

    scenarios: list[Scenario]
    agents: Agents
    after: str | None


class ScenarioService:
    """Scenarios of an organisation.

    Whatever names a scenario raises ``NotFound`` for one that does not exist or belongs to
    another organisation. Names of agents cost one batch read, where any are named.
    """

    def __init__(self, table: Table, clock: Clock = system_clock) -> None:
        self._table = table
        self._repository = ScenarioRepository(table)
        self._directory = AgentDirectory(table)
        self._clock = clock

    def create(
        self,
        organization_id: OrganizationId,
        created_by: str,
        content: ScenarioContent,
        origin: ScenarioOrigin,
        idempotency: Idempotency | None = None,
    ) -> Shown[Stored]:
        """Store a scenario: one batch read, one write.

        Raises ``InvalidInput`` for an agent that does not exist (``agent_not_found``), or
        too many of them; ``TooLarge`` for more than a stored item holds.
        """
        now = self._clock()
        scenario = Scenario(
            id=idempotency.uuid() if idempotency else new_uuid(),
            organization_id=organization_id,
            content=content,
            origin=origin,
            created_by=created_by,
            created_at=now,
            updated_at=now,
        )
        _check_number(content.agent_ids)
        agents = self._existing(organization_id, scenario.named_agents)
        return Shown(self._repository.add(scenario, idempotency), agents)

    def get(self, organization_id: OrganizationId, scenario_id: UUID) -> Shown[Scenario]:
        """Return a scenario: one read."""
        scenario = self._repository.get(organization_id, scenario_id)
        return Shown(scenario, self._agents_of([scenario]))

    def mock_world(self, organization_id: OrganizationId, scenario_id: UUID) -> dict[str, Any]:
        """Return the world that a scenario is replayed in: one read."""
        return self._repository.get(organization_id, scenario_id).content.mock_world

    def find(self, organization_id: OrganizationId, query: ScenarioQuery) -> ListedScenarios:
        """Return scenarios, newest first: see :func:`read_scenarios`."""
        page = read_scenarios(self._table, organization_id, query)
        return ListedScenarios(page.scenarios, self._agents_of(page.scenarios), page.after)

    def update(
        self,
        organization_id: OrganizationId,
        scenario_id: UUID,
        changes: dict[str, Any],
        expected_version: int | None = None,
    ) -> Shown[Scenario]:
        """Set fields of ``ScenarioContent``: one read, one write. Raises as :meth:`create`.

        With ``expected_version`` a scenario at any other version raises
        ``PreconditionFailed``; without, a writer that comes between is waited for.
        """
        if "agent_ids" in changes:
            _check_number(changes["agent_ids"])
            self._existing(organization_id, changes["agent_ids"])
        now = self._clock()

        def change(scenario: Scenario) -> Scenario:
            content = replace(scenario.content, **changes)
            return replace(scenario, content=content, updated_at=now)

        scenario = self._repository.change(organization_id, scenario_id, change, expected_version)
        return Shown(scenario, self._agents_of([scenario]))

    def delete(
        self,
        organization_id: OrganizationId,
        scenario_id: UUID,
        expected_version: int | None = None,
    ) -> None:
        """Remove a scenario: one read, one write. Sessions replayed from it stay."""
        self._repository.remove(organization_id, scenario_id, expected_version)

    def _agents_of(self, scenarios: list[Scenario]) -> Agents:
        if not scenarios:
            return {}
        named = {one for scenario in scenarios for one in scenario.named_agents}
        return self._directory.find(scenarios[0].organization_id, named)

    def _existing(self, organization_id: OrganizationId, agent_ids: Iterable[UUID]) -> Agents:
        wanted = list(agent_ids)
        agents = self._directory.find(organization_id, wanted)
        for one in wanted:
            if one not in agents:
                raise InvalidInput(f"Agent not found: {one}", code="agent_not_found")
        return agents


def _check_number(agent_ids: tuple[UUID, ...]) -> None:
    if len(agent_ids) > MAX_AGENTS:
        raise InvalidInput(f"agent_ids: more than {MAX_AGENTS} agents.")


@cache
def scenarios() -> ScenarioService:
    """Return the service of this process."""
    return ScenarioService(table())
