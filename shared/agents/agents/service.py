"""Agent service: create, list, update and archive."""

from dataclasses import dataclass, fields, replace

from shared.agents.agents.domain import (
    Agent,
    AgentStatus,
    CapabilityConfig,
    ClientTool,
    InitialFile,
    is_addressable,
)
from shared.agents.agents.repository import AgentRepository
from shared.agents.limits import (
    check_agent,
    check_capabilities,
    check_initial_files,
    check_tags,
    check_tools,
)
from shared.core.clock import Clock, system_clock
from shared.core.errors import InvalidInput
from shared.core.ids import AgentId, ModelId, OrganizationId
from shared.llm.registry import ModelRegistry
from shared.storage.conditions import ExpectedVersion
from shared.storage.idempotency import Idempotency
from shared.storage.lists import Page
from shared.storage.repository import Created

#: Agents in one page, at most.
MAX_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFields:
    """Fields of an agent as a client sends them; None leaves a field as it is."""

    name: str | None = None
    system_prompt: str | None = None
    description: str | None = None
    default_model_id: ModelId | None = None
    tags: tuple[str, ...] | None = None
    capabilities: tuple[CapabilityConfig, ...] | None = None
    initial_files: tuple[InitialFile, ...] | None = None
    tools: tuple[ClientTool, ...] | None = None
    status: AgentStatus | None = None

    def apply_to(self, agent: Agent) -> Agent:
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(agent, **{name: new for name, new in given.items() if new is not None})


class AgentService:
    """Use cases of agents."""

    def __init__(
        self, repository: AgentRepository, models: ModelRegistry, clock: Clock = system_clock
    ) -> None:
        self._repository = repository
        self._models = models
        self._clock = clock

    def create(
        self,
        organization_id: OrganizationId,
        given: AgentFields,
        agent_id: AgentId | None = None,
        idempotency: Idempotency | None = None,
        *,
        by_name: bool = False,
    ) -> Created[Agent]:
        """Create an agent: one write; with an id of the client's own, one read before it.

        An existing agent with that id is replaced, keeps ``created_at``, and is active again;
        so is, ``by_name``, the one with the same addressable name: at most one read and one
        query a shard more.
        Raises ``InvalidInput`` above a limit, ``NotFound`` for an unknown model, and as
        ``Repository.create``.
        """
        self._check_limits(given)

        def build(identifier: AgentId, existing: Agent | None) -> Agent:
            self._check_model(given)
            now = self._clock()
            agent = Agent(
                id=identifier,
                organization_id=organization_id,
                name="",
                system_prompt="",
                created_at=existing.created_at if existing else now,
                updated_at=now,
            )
            return given.apply_to(agent)

        if agent_id is not None:
            return self._repository.upsert(organization_id, agent_id, build, idempotency)
        if by_name and given.name and is_addressable(given.name):
            return self._repository.upsert_by_name(organization_id, given.name, build, idempotency)
        return self._repository.create_new(organization_id, build, idempotency)

    def get(self, organization_id: OrganizationId, agent_id: AgentId) -> Agent:
        """Return an agent, archived or not: one read. Raises ``NotFound``."""
        return self._repository.get(organization_id, agent_id)

    def list_active(
        self,
        organization_id: OrganizationId,
        *,
        limit: int,
        offset: int = 0,
        after: str | None = None,
        search: str = "",
    ) -> Page[Agent]:
        """Return active agents, newest first, optionally only those that mention ``search``.

        ``offset`` skips agents, which are read and paid for; ``after`` continues behind a
        position, which costs nothing. Raises ``InvalidInput`` for both.
        """
        if after is not None and offset:
            raise InvalidInput("offset: cannot be used together with a cursor.")
        return self._repository.list_active(
            organization_id,
            min(limit, MAX_PAGE),
            after=after,
            skip=offset,
            search=search,
        )

    def update(
        self,
        organization_id: OrganizationId,
        agent_id: AgentId,
        changes: AgentFields,
        *,
        expected_version: ExpectedVersion = None,
    ) -> Agent:
        """Set fields of an agent: one read, one write.

        Raises as :meth:`create`, and ``PreconditionFailed`` at another than the expected
        version.
        """
        self._check_limits(changes)
        self._check_model(changes)
        return self._repository.change(
            organization_id,
            agent_id,
            lambda agent: replace(changes.apply_to(agent), updated_at=self._clock()),
            expected_version=expected_version,
        )

    def archive(
        self,
        organization_id: OrganizationId,
        agent_id: AgentId,
        *,
        expected_version: ExpectedVersion = None,
    ) -> None:
        """Archive an agent; its sessions stay. Raises as :meth:`update`."""
        changes = AgentFields(status=AgentStatus.ARCHIVED)
        self.update(organization_id, agent_id, changes, expected_version=expected_version)

    def _check_limits(self, given: AgentFields) -> None:
        check_agent(given.name, given.description, given.system_prompt)
        check_tags(given.tags or ())
        check_capabilities(given.capabilities or ())
        check_initial_files(given.initial_files or ())
        check_tools(given.tools or ())

    def _check_model(self, given: AgentFields) -> None:
        if given.default_model_id is not None:
            self._models.get(given.default_model_id)
