"""Agent session service: create, list, update and delete."""

from dataclasses import dataclass, replace

from shared.agents.agents.domain import (
    Agent,
    AgentStatus,
    CapabilityConfig,
    ClientTool,
    InitialFile,
)
from shared.agents.agents.repository import AgentRepository
from shared.agents.limits import (
    check_capabilities,
    check_initial_files,
    check_tags,
    check_title,
    check_tools,
)
from shared.agents.sessions.domain import AgentSession
from shared.agents.sessions.filters import SessionFilter
from shared.agents.sessions.repository import AgentSessionRepository
from shared.agents.turns.supervisor import TurnSupervisor
from shared.core.clock import Clock, system_clock
from shared.core.errors import InvalidInput
from shared.core.ids import AgentId, ModelId, OrganizationId, SessionId
from shared.llm.registry import ModelRegistry
from shared.sessions.documents import session_key
from shared.storage.conditions import ExpectedVersion
from shared.storage.idempotency import Idempotency
from shared.storage.lists import Page
from shared.storage.repository import Created
from shared.storage.transactions import Action, Delete


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionInput:
    """A session as a client sends it."""

    agent_id: AgentId
    title: str | None = None
    tags: tuple[str, ...] = ()
    model_id: ModelId | None = None
    capabilities: tuple[CapabilityConfig, ...] = ()
    initial_files: tuple[InitialFile, ...] = ()
    tools: tuple[ClientTool, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionChanges:
    """Fields of a session to set; None leaves a field as it is."""

    title: str | None = None
    tags: tuple[str, ...] | None = None
    tools: tuple[ClientTool, ...] | None = None


class AgentSessionService:
    """Use cases of agent sessions."""

    def __init__(
        self,
        repository: AgentSessionRepository,
        agents: AgentRepository,
        models: ModelRegistry,
        supervisor: TurnSupervisor,
        clock: Clock = system_clock,
    ) -> None:
        self._repository = repository
        self._agents = agents
        self._models = models
        self._supervisor = supervisor
        self._clock = clock

    def create(
        self,
        organization_id: OrganizationId,
        given: SessionInput,
        idempotency: Idempotency | None = None,
    ) -> Created[AgentSession]:
        """Create a session: one read (the agent), one write; with files a transaction.

        It starts with the agent's initial files and its own, which replace those at their paths.
        Without a model the session takes the agent's default model at this time. Raises
        ``NotFound`` for an unknown agent or model, ``InvalidInput`` above a limit or for an
        archived agent, and as ``Repository.create``.
        """
        check_title(given.title)
        check_tags(given.tags)
        check_capabilities(given.capabilities)
        check_initial_files(given.initial_files)
        check_tools(given.tools)
        session_id = SessionId(idempotency.uuid()) if idempotency else SessionId.new()

        def build() -> tuple[AgentSession, list[Action]]:
            agent = self._active_agent(organization_id, given.agent_id)
            session = self._build(organization_id, session_id, given, agent)
            return session, _file_actions(session, agent, given)

        return self._repository.create(session_key(organization_id, session_id), build, idempotency)

    def get(self, organization_id: OrganizationId, session_id: SessionId) -> AgentSession:
        """Return a session: one read. Raises ``NotFound``."""
        loaded = self._repository.load(organization_id, session_id)
        return self._supervisor.expire_if_stale(loaded).entity

    def list_sessions(
        self,
        organization_id: OrganizationId,
        selected: SessionFilter,
        limit: int,
        offset: int = 0,
        after: str | None = None,
    ) -> tuple[Page[AgentSession], int]:
        """Return sessions that meet a filter, newest first, and their total number.

        One query a shard, and one more request for the total unless the page holds the whole
        list: see ``AgentSessionRepository.total``; it counts no fewer than the page shows.
        ``offset`` skips sessions, which are read and paid for; ``after`` continues behind a
        position, which costs nothing. A filter beyond the agent costs what
        ``find_newest`` reads; the total is then its ``matching``. Raises ``InvalidInput`` for
        both, and as ``find_newest``.
        """
        if after is not None and offset:
            raise InvalidInput("offset: cannot be used together with a cursor.")
        if not selected.is_counted:
            found = self._repository.find_newest(
                organization_id, selected, limit, skip=offset, after=after
            )
            return found, found.matching
        page = self._repository.list_newest(
            organization_id, selected, limit, skip=offset, after=after
        )
        is_end = after is None and limit > 0 and page.next_cursor is None
        if is_end and (page.items or offset == 0):
            return page, offset + len(page.items)
        counted = self._repository.total(organization_id, selected.agent_id)
        return page, max(counted, _shown(page, offset))

    def update(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        given: SessionChanges,
        *,
        expected_version: ExpectedVersion = None,
    ) -> AgentSession:
        """Set fields of a session: one read, one write.

        Raises ``NotFound``, ``InvalidInput`` above a limit, and ``PreconditionFailed`` at
        another than the expected version.
        """
        check_title(given.title)
        check_tags(given.tags or ())
        check_tools(given.tools or ())

        def change(session: AgentSession) -> AgentSession:
            return replace(
                session,
                title=session.title if given.title is None else given.title,
                tags=session.tags if given.tags is None else given.tags,
                tools=session.tools if given.tools is None else given.tools,
                updated_at=self._clock(),
            )

        return self._repository.change(
            organization_id, session_id, change, expected_version=expected_version
        )

    def delete(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        *,
        expected_version: ExpectedVersion = None,
    ) -> None:
        """Delete a session: one read, one transaction (session, metadata of files).

        Its messages, its events and the contents of its files are removed in the background.
        Raises ``NotFound``, and ``PreconditionFailed`` at another than the expected version.
        """
        # Imported where used: most functions of sessions touch no files.
        from shared.agents.files.documents import workspace_key  # noqa: PLC0415

        self._repository.delete(
            organization_id,
            session_id,
            expected_version=expected_version,
            also=lambda _: [Delete(workspace_key(organization_id, session_id))],
        )

    def _active_agent(self, organization_id: OrganizationId, agent_id: AgentId) -> Agent:
        agent = self._agents.get(organization_id, agent_id)
        if agent.status == AgentStatus.ARCHIVED:
            raise InvalidInput("Agent is archived")
        return agent

    def _build(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        given: SessionInput,
        agent: Agent,
    ) -> AgentSession:
        if given.model_id is not None:
            self._models.get(given.model_id)
        now = self._clock()
        return AgentSession(
            id=session_id,
            organization_id=organization_id,
            created_at=now,
            updated_at=now,
            tags=given.tags,
            agent=agent.ref,
            title=given.title,
            model_id=given.model_id or agent.default_model_id,
            capabilities=given.capabilities,
            tools=given.tools,
        )


def _shown(page: Page[AgentSession], offset: int) -> int:
    """Return the number of sessions that a page shows to exist: a total of less is late."""
    return offset + len(page.items) + (page.next_cursor is not None) if page.items else 0


def _file_actions(session: AgentSession, agent: Agent, given: SessionInput) -> list[Action]:
    """Return the writes of the files that a session starts with; its own replace the agent's."""
    files = [*agent.initial_files, *given.initial_files]
    if not files:
        return []
    # As above.
    from shared.agents.files.documents import creation_actions  # noqa: PLC0415
    from shared.agents.files.domain import Workspace  # noqa: PLC0415

    empty = Workspace(
        organization_id=session.organization_id,
        session_id=session.id,
        created_at=session.created_at,
        updated_at=session.created_at,
    )
    return creation_actions(*empty.started_with(files))
