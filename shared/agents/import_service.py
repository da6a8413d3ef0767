"""Captured conversations as agent sessions: as if they had gone on here, without a turn.

None is started either: the session is idle, and all of its messages count as answered.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from shared.agents.agent_repository import AgentRepository
from shared.agents.domain import (
    Agent,
    AgentSession,
    MessageRole,
    NewMessage,
    SessionStatus,
)
from shared.agents.event_types import INPUT_MESSAGE, OUTPUT_MESSAGE_COMPLETED
from shared.agents.imported_events import agent_events
from shared.agents.limits import MAX_SYSTEM_PROMPT_BYTES, MAX_TITLE_LENGTH, size
from shared.agents.session_repository import AgentSessionCodec, counting
from shared.core.errors import Conflict
from shared.core.ids import AgentId, OrganizationId, SessionId, derived_uuid
from shared.sessions.captured_conversations import CapturedConversation
from shared.sessions.capturing import capture
from shared.sessions.models import AgentRef, NewEvent, SessionKind
from shared.sessions.store import SessionStore
from shared.storage.table import table

#: The agent of conversations that name none.
UNNAMED_AGENT = "Imported conversations"
_UNKNOWN_PROMPT = "The agent of imported conversations. What it was told to be is not known."
#: Agents looked through for a name, a page of 1,000 at a time: an import goes on without.
_PAGES, _PAGE, _PAGE_BYTES = 5, 1000, 4_000_000


class AgentSessionImporter:
    """Makes agent sessions of captured conversations."""

    def __init__(self, store: SessionStore[AgentSession], agents: AgentRepository) -> None:
        self._store = store
        self._agents = agents
        self._found: dict[tuple[OrganizationId, str], AgentRef] = {}

    def add(
        self,
        organization_id: OrganizationId,
        conversation: CapturedConversation,
        *,
        import_name: str,  # noqa: ARG002  # agent sessions have nothing above them
        at: datetime,
    ) -> SessionId:
        """Store a conversation as a session: one request, and more for a new agent.

        Sent again, it is the same session. Raises as :func:`capture`.
        """
        request = conversation.request(organization_id, SessionKind.AGENT)
        session_id = SessionId(request.uuid())
        events = agent_events(session_id, conversation)
        opened = AgentSession(
            id=session_id,
            organization_id=organization_id,
            created_at=at,
            updated_at=at,
            tags=conversation.tags,
            agent=self._agent(organization_id, conversation, at),
            title=conversation.id[:MAX_TITLE_LENGTH],
            status=SessionStatus.IDLE,
            started_at=at,
        )
        session = _with_log(opened, events)
        capture(
            self._store,
            session,
            events,
            at=at,
            idempotency=request,
            also=counting(session, 1),
        )
        return session_id

    def _agent(
        self, organization_id: OrganizationId, conversation: CapturedConversation, at: datetime
    ) -> AgentRef:
        """Return the agent of that name, made if there is none: asked for once a process."""
        name = conversation.agent or UNNAMED_AGENT
        found = self._found.get((organization_id, name))
        if found is None:
            found = self._find(organization_id, name) or self._make(
                organization_id, name, conversation.instructions, at
            )
            self._found[organization_id, name] = found
        return found

    def _find(self, organization_id: OrganizationId, name: str) -> AgentRef | None:
        imported = self._agents.get(organization_id, _agent_id(organization_id, name))
        if imported is not None:
            return imported.ref
        after: str | None = None
        for _ in range(_PAGES):
            agents, after = self._agents.active(organization_id, _PAGE, after, _PAGE_BYTES)
            for agent in agents:
                if agent.name == name:
                    return agent.ref
            if after is None:
                break
        return None

    def _make(
        self, organization_id: OrganizationId, name: str, instructions: str, at: datetime
    ) -> AgentRef:
        fits = instructions and size(instructions) <= MAX_SYSTEM_PROMPT_BYTES
        agent = Agent(
            # Derived, so that two who make it at once make one.
            id=_agent_id(organization_id, name),
            organization_id=organization_id,
            name=name,
            system_prompt=instructions if fits else _UNKNOWN_PROMPT,
            created_at=at,
            updated_at=at,
        )
        try:
            return self._agents.add(agent).agent.ref
        except Conflict:
            return agent.ref


def _agent_id(organization_id: OrganizationId, name: str) -> AgentId:
    return AgentId(derived_uuid(str(organization_id), "imported agent", name))


def _with_log(session: AgentSession, events: Sequence[NewEvent]) -> AgentSession:
    """Return a session as its events leave it: counted, and with none to answer."""
    spoken = [event for event in events if event.type == INPUT_MESSAGE]
    said = [e for e in events if e.type == OUTPUT_MESSAGE_COMPLETED and _has_text(e)]
    last_input = _last(events, INPUT_MESSAGE)
    return replace(
        session,
        preview=_preview(spoken[0]) if spoken else None,
        output_preview=_preview(said[-1]) if said else None,
        message_count=len(spoken),
        turn_count=len(spoken),
        last_input_sequence=last_input,
        answered_through=last_input,
    )


def _last(events: Sequence[NewEvent], name: str) -> int:
    """Return the sequence of the last event of a type; 0 without one."""
    return max((place for place, event in enumerate(events, 1) if event.type == name), default=0)


def _has_text(event: NewEvent) -> bool:
    """Tell whether an answer begins with words; one may be nothing but calls of tools."""
    return any(part["type"] == "text" for part in event.data["message"]["content"][:1])


def _preview(event: NewEvent) -> str | None:
    content = tuple(event.data["message"]["content"])
    return NewMessage(role=MessageRole.AGENT, content=content).preview


@cache
def importer() -> AgentSessionImporter:
    """Return the importer of this process."""
    return AgentSessionImporter(
        SessionStore(table(), AgentSessionCodec()), AgentRepository(table())
    )
