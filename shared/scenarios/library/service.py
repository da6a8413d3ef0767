"""Scenario service: create, get, list, update, delete."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from shared.core.clock import Clock, system_clock
from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId, new_uuid
from shared.scenarios.library.domain import Scenario, ScenarioContent, ScenarioOrigin, ScenarioQuery
from shared.scenarios.library.repository import ScenarioRepository
from shared.sessions.agent_directory import AgentDirectory
from shared.simulation.persona_directory import PersonaDirectory
from shared.storage.conditions import ExpectedVersion
from shared.storage.idempotency import Idempotency
from shared.storage.lists import Page
from shared.storage.repository import Created
from shared.storage.table import Table

#: Agents of one scenario: each takes an item of a transaction (100 at most), and an update
#: may remove as many as it adds.
MAX_AGENTS = 50

type AgentNames = Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class WithAgentNames[T]:
    """Result of a use case with the names of the agents and personas of its scenarios."""

    value: T
    agent_names: AgentNames


class ScenarioService:
    """Scenarios of an organization.

    Methods that take a scenario's id raise ``NotFound`` if it does not exist or belongs to
    another organization. Names of agents cost one batch read if any are referenced, and so do
    names of personas.
    """

    def __init__(self, table: Table, clock: Clock = system_clock) -> None:
        self._repository = ScenarioRepository(table)
        self._directory = AgentDirectory(table)
        self._personas = PersonaDirectory(table)
        self._clock = clock

    def create(
        self,
        organization_id: OrganizationId,
        created_by: str,
        content: ScenarioContent,
        origin: ScenarioOrigin,
        idempotency: Idempotency | None = None,
    ) -> WithAgentNames[Created[Scenario]]:
        """Create a scenario: one batch read, one write.

        Raises ``InvalidInput`` for an unknown agent (``agent_not_found``) or too many
        agents; ``TooLarge`` for a scenario that exceeds the item limit.
        """
        _check_count(content.agent_ids)
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

        def build() -> Scenario:
            names = self._require_agents(organization_id, scenario.referenced_agents)
            personas = self._persona_names(organization_id, [scenario])
            return replace(scenario, agent_names={**names, **personas})

        created = self._repository.add(organization_id, scenario.id, build, idempotency)
        # Scenarios of earlier versions have no stored names.
        names = created.entity.agent_names or self._names(organization_id, [created.entity])
        return WithAgentNames(created, names)

    def get(self, organization_id: OrganizationId, scenario_id: UUID) -> WithAgentNames[Scenario]:
        """Return a scenario: one read."""
        scenario = self._repository.get(organization_id, scenario_id)
        return WithAgentNames(scenario, self._names(organization_id, [scenario]))

    def mock_world(self, organization_id: OrganizationId, scenario_id: UUID) -> dict[str, Any]:
        """Return the mock world that a scenario is replayed in: one read."""
        return self._repository.get(organization_id, scenario_id).content.mock_world

    def list(
        self, organization_id: OrganizationId, query: ScenarioQuery
    ) -> WithAgentNames[Page[Scenario]]:
        """Return a page of scenarios, newest first; see ``ScenarioRepository.list``."""
        page = self._repository.list(organization_id, query)
        return WithAgentNames(page, self._names(organization_id, page.items))

    def update(
        self,
        organization_id: OrganizationId,
        scenario_id: UUID,
        changes: dict[str, Any],
        expected_version: ExpectedVersion = None,
    ) -> WithAgentNames[Scenario]:
        """Set fields of ``ScenarioContent``: one read, one write. Raises as :meth:`create`.

        With ``expected_version`` a scenario at any other version raises
        ``PreconditionFailed``; without, concurrent writes are retried.
        """
        if "agent_ids" in changes:
            _check_count(changes["agent_ids"])
            self._require_agents(organization_id, changes["agent_ids"])
        now = self._clock()

        def change(scenario: Scenario) -> Scenario:
            content = replace(scenario.content, **changes)
            return replace(scenario, content=content, updated_at=now)

        scenario = self._repository.change(
            organization_id, scenario_id, change, expected_version=expected_version
        )
        return WithAgentNames(scenario, self._names(organization_id, [scenario]))

    def delete(
        self,
        organization_id: OrganizationId,
        scenario_id: UUID,
        expected_version: ExpectedVersion = None,
    ) -> None:
        """Delete a scenario: one read, one write. Sessions replayed from it stay."""
        self._repository.delete(organization_id, scenario_id, expected_version=expected_version)

    def _names(self, organization_id: OrganizationId, scenarios: Sequence[Scenario]) -> AgentNames:
        referenced = {agent for one in scenarios for agent in one.referenced_agents}
        agents = self._directory.find(organization_id, referenced)
        names = {one: agent.name for one, agent in agents.items()}
        return names | self._persona_names(organization_id, scenarios)

    def _persona_names(
        self, organization_id: OrganizationId, scenarios: Sequence[Scenario]
    ) -> dict[UUID, str]:
        referenced = {one.origin.persona_id for one in scenarios}
        return self._personas.names(organization_id, filter(None, referenced))

    def _require_agents(
        self, organization_id: OrganizationId, agent_ids: Sequence[UUID]
    ) -> AgentNames:
        agents = self._directory.find(organization_id, agent_ids)
        for one in agent_ids:
            if one not in agents:
                raise InvalidInput(f"Agent not found: {one}", code="agent_not_found")
        return {one: agents[one].name for one in agent_ids}


def _check_count(agent_ids: Sequence[UUID]) -> None:
    if len(agent_ids) > MAX_AGENTS:
        raise InvalidInput(f"agent_ids: must name at most {MAX_AGENTS} agents.")
