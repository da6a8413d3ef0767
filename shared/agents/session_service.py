"""What can be done with agent sessions."""

from dataclasses import dataclass, replace

from shared.agents.agent_service import AgentService
from shared.agents.domain import AgentSession, AgentStatus, CapabilityConfig
from shared.agents.limits import check_capabilities, check_tags, check_title
from shared.agents.session_repository import AgentSessionLists, counting
from shared.agents.turn_keeper import TurnKeeper
from shared.core.clock import Clock, system_clock
from shared.core.errors import DomainError, InvalidInput
from shared.core.ids import AgentId, ModelId, OrganizationId, SessionId
from shared.llm.registry import ModelRegistry
from shared.sessions.store import Opened, SessionStore
from shared.storage.idempotency import Idempotency


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionInput:
    """A session as a client asks for it."""

    agent_id: AgentId
    title: str | None = None
    tags: tuple[str, ...] = ()
    model_id: ModelId | None = None
    capabilities: tuple[CapabilityConfig, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionChanges:
    """What to set of a session; None leaves a field as it is."""

    title: str | None = None
    tags: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionQuery:
    """Which sessions to list: of one agent or of all, and which part of the list.

    Either ``offset`` rows are passed over, at their cost, or reading goes on ``after`` a
    place in the list, which costs nothing.
    """

    limit: int
    agent_id: AgentId | None = None
    offset: int = 0
    after: str | None = None


@dataclass(frozen=True, slots=True)
class SessionPage:
    """Part of a list; ``after`` is where to go on, or None at the end."""

    sessions: list[AgentSession]
    total: int
    after: str | None


class AgentSessionService:
    """Sessions with agents."""

    def __init__(
        self,
        store: SessionStore[AgentSession],
        agents: AgentService,
        models: ModelRegistry,
        turns: TurnKeeper,
        clock: Clock = system_clock,
    ) -> None:
        self._store = store
        self._turns = turns
        self._lists = AgentSessionLists(store)
        self._agents = agents
        self._models = models
        self._clock = clock

    def create(
        self,
        organization_id: OrganizationId,
        given: SessionInput,
        idempotency: Idempotency | None = None,
    ) -> Opened[AgentSession]:
        """Open a session: one read (the agent), one transaction (it and the counts).

        Without a model the session takes the agent's default one, for good. A request
        that was carried out before is answered as then, whatever became of the agent.

        Raises ``NotFound`` for an unknown agent or model, ``InvalidInput`` past a limit
        or for an archived agent.
        """
        check_title(given.title)
        check_tags(given.tags)
        check_capabilities(given.capabilities)
        identifier = SessionId(idempotency.uuid()) if idempotency else SessionId.new()
        try:
            session = self._session(organization_id, identifier, given)
        except DomainError:
            if idempotency is not None:
                earlier = self._store.opened_before(organization_id, identifier, idempotency)
                if earlier is not None:
                    return earlier
            raise
        return self._store.open(session, idempotency, counting(session, 1))

    def get(self, organization_id: OrganizationId, session_id: SessionId) -> AgentSession:
        """Return a session: one read. Raises ``NotFound``."""
        return self._turns.settled(self._store.hold(organization_id, session_id)).session

    def list_sessions(self, organization_id: OrganizationId, query: SessionQuery) -> SessionPage:
        """Return sessions, newest first: one query a shard.

        Where the list goes on behind the page, or began before it, one more request tells
        the total. An agent without sessions, or of another organisation, has an empty
        list. Raises ``InvalidInput`` for an offset beside a cursor.
        """
        if query.after is not None and query.offset:
            raise InvalidInput("offset: does not go with a cursor.")
        sessions, further = self._lists.page(
            organization_id, query.agent_id, query.limit, skip=query.offset, after=query.after
        )
        from_the_start = query.after is None and query.limit > 0
        if from_the_start and further is None and (sessions or query.offset == 0):
            return SessionPage(sessions, query.offset + len(sessions), None)
        total = self._lists.total(organization_id, query.agent_id)
        return SessionPage(sessions, total, further)

    def update(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        changes: SessionChanges,
        *,
        expected_version: int | None = None,
    ) -> AgentSession:
        """Set title and tags, where given: one read, one write.

        Raises ``NotFound``, ``InvalidInput`` past a limit, ``PreconditionFailed`` when
        the session is not at the expected version.
        """
        check_title(changes.title)
        check_tags(changes.tags or ())

        def change(session: AgentSession) -> AgentSession:
            return replace(
                session,
                title=session.title if changes.title is None else changes.title,
                tags=session.tags if changes.tags is None else changes.tags,
                updated_at=self._clock(),
            )

        return self._store.update(
            organization_id, session_id, change, expected_version=expected_version
        )

    def delete(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        *,
        expected_version: int | None = None,
    ) -> None:
        """Delete a session for every reader: one read, one transaction (it and the counts).

        Its messages and events are removed in the background. Raises ``NotFound``, and
        ``PreconditionFailed`` when the session is not at the expected version.
        """
        self._store.delete(
            organization_id,
            session_id,
            expected_version=expected_version,
            also=lambda session: counting(session, -1),
        )

    def _session(
        self, organization_id: OrganizationId, identifier: SessionId, given: SessionInput
    ) -> AgentSession:
        agent = self._agents.get(organization_id, given.agent_id)
        if agent.status == AgentStatus.ARCHIVED:
            raise InvalidInput("Agent is archived")
        if given.model_id is not None:
            self._models.get(given.model_id)
        now = self._clock()
        return AgentSession(
            id=identifier,
            organization_id=organization_id,
            created_at=now,
            updated_at=now,
            tags=given.tags,
            agent=agent.ref,
            title=given.title,
            model_id=given.model_id or agent.default_model_id,
            capabilities=given.capabilities,
        )
