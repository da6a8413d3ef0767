"""What can be done with agents."""

import time
from dataclasses import dataclass, fields, replace

from shared.agents.agent_repository import AgentRepository, StoredAgent
from shared.agents.domain import Agent, AgentStatus, CapabilityConfig
from shared.agents.limits import check_agent, check_capabilities, check_tags
from shared.core.backoff import CROWDED, Sleep
from shared.core.clock import Clock, system_clock
from shared.core.errors import Conflict, InvalidInput, NotFound, PreconditionFailed
from shared.core.ids import AgentId, ModelId, OrganizationId
from shared.llm.registry import ModelRegistry
from shared.storage.idempotency import Idempotency

#: Agents in one page, and bytes of them: a function answers 6 MB at most.
MAX_PAGE = 1000
_MAX_PAGE_BYTES = 4_000_000
_TOO_MANY = "Too many writers at this agent at once; try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentInput:
    """An agent as a client describes it, with its own id if it has chosen one."""

    name: str
    system_prompt: str
    id: AgentId | None = None
    description: str | None = None
    default_model_id: ModelId | None = None
    tags: tuple[str, ...] = ()
    capabilities: tuple[CapabilityConfig, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentChanges:
    """What to set of an agent; None leaves a field as it is."""

    name: str | None = None
    system_prompt: str | None = None
    description: str | None = None
    default_model_id: ModelId | None = None
    tags: tuple[str, ...] | None = None
    capabilities: tuple[CapabilityConfig, ...] | None = None
    status: AgentStatus | None = None

    def applied_to(self, agent: Agent) -> Agent:
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(agent, **{name: new for name, new in given.items() if new is not None})


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentQuery:
    """Which agents to list, and which part of the list: those with ``search`` in their words.

    Either ``offset`` agents are passed over, at their cost, or reading goes on ``after`` a
    place in the list, which costs nothing.
    """

    search: str = ""
    limit: int = MAX_PAGE
    offset: int = 0
    after: str | None = None


class AgentService:
    """The agents of organisations."""

    def __init__(
        self,
        repository: AgentRepository,
        models: ModelRegistry,
        clock: Clock = system_clock,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._repository = repository
        self._models = models
        self._clock = clock
        self._sleep = sleep

    def create(
        self,
        organization_id: OrganizationId,
        given: AgentInput,
        idempotency: Idempotency | None = None,
    ) -> StoredAgent:
        """Store an agent: one write; with an id of the client's own, one read before it.

        An agent that has the client's id already is replaced, keeps its age, and is
        active again. Raises ``InvalidInput`` past a limit, ``NotFound`` for an unknown
        model.
        """
        self._check(given)
        generated = AgentId(idempotency.uuid()) if idempotency else AgentId.new()
        now = self._clock()
        agent = Agent(
            id=given.id or generated,
            organization_id=organization_id,
            name=given.name,
            system_prompt=given.system_prompt,
            description=given.description,
            default_model_id=given.default_model_id,
            tags=given.tags,
            capabilities=given.capabilities,
            created_at=now,
            updated_at=now,
        )
        if given.id is None:
            return self._repository.add(agent, idempotency)
        return self._upsert(agent, idempotency)

    def get(self, organization_id: OrganizationId, agent_id: AgentId) -> Agent:
        """Return an agent, archived or not. Raises ``NotFound``."""
        agent = self._repository.get(organization_id, agent_id)
        if agent is None:
            raise NotFound("Agent not found")
        return agent

    def list_active(
        self, organization_id: OrganizationId, query: AgentQuery
    ) -> tuple[list[Agent], str | None]:
        """Return active agents, newest first, and where to go on if that was not all.

        A search reads all agents down to the last that it shows, at their cost.
        Raises ``InvalidInput`` for an offset beside a cursor.
        """
        if query.after is not None and query.offset:
            raise InvalidInput("offset: does not go with a cursor.")
        return self._repository.active(
            organization_id,
            query.limit,
            query.after,
            _MAX_PAGE_BYTES,
            skip=query.offset,
            search=query.search,
        )

    def update(
        self,
        organization_id: OrganizationId,
        agent_id: AgentId,
        changes: AgentChanges,
        *,
        expected_version: int | None = None,
    ) -> Agent:
        """Set fields of an agent: one read, one write. Raises as :meth:`create`.

        With ``expected_version`` an agent at any other version raises
        ``PreconditionFailed``; without, a writer that comes between is waited for.
        """
        self._check(changes)
        for _ in CROWDED.attempts(self._sleep):
            agent = self.get(organization_id, agent_id)
            if expected_version is not None and agent.version != expected_version:
                raise PreconditionFailed
            changed = replace(changes.applied_to(agent), updated_at=self._clock())
            try:
                return self._repository.replace(changed).agent
            except Conflict:
                continue
        raise Conflict(_TOO_MANY)

    def archive(
        self,
        organization_id: OrganizationId,
        agent_id: AgentId,
        *,
        expected_version: int | None = None,
    ) -> None:
        """Take an agent out of use; its sessions stay. Archived again, it stays so."""
        changes = AgentChanges(status=AgentStatus.ARCHIVED)
        self.update(organization_id, agent_id, changes, expected_version=expected_version)

    def _upsert(self, agent: Agent, idempotency: Idempotency | None) -> StoredAgent:
        for _ in CROWDED.attempts(self._sleep):
            existing = self._repository.get(agent.organization_id, agent.id)
            try:
                if existing is None:
                    return self._repository.add(agent, idempotency)
                following = replace(agent, created_at=existing.created_at, version=existing.version)
                return self._repository.replace(following, idempotency)
            except Conflict:
                continue
        raise Conflict(_TOO_MANY)

    def _check(self, given: AgentInput | AgentChanges) -> None:
        check_agent(given.name, given.description, given.system_prompt)
        check_tags(given.tags or ())
        check_capabilities(given.capabilities or ())
        if given.default_model_id is not None:
            self._models.get(given.default_model_id)
