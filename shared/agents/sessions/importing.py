"""Import of captured conversations as agent sessions.

The session looks as if the conversation had taken place here, but no turn runs: the session
is idle, and all of its messages count as answered.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from shared.agents.agents.domain import Agent
from shared.agents.agents.repository import AgentRepository
from shared.agents.event_types import INPUT_MESSAGE, OUTPUT_MESSAGE_COMPLETED
from shared.agents.limits import MAX_SYSTEM_PROMPT_BYTES, MAX_TITLE_LENGTH, size
from shared.agents.messages.domain import text_preview
from shared.agents.sessions.domain import AgentSession, SessionStatus
from shared.agents.sessions.imported_events import imported_events
from shared.agents.sessions.repository import AgentSessionRepository
from shared.core.errors import Conflict, NotFound
from shared.core.ids import AgentId, OrganizationId, SessionId, derived_uuid
from shared.sessions.agent_directory import agent_key
from shared.sessions.agent_ref import AgentRef
from shared.sessions.captured_conversations import CapturedConversation
from shared.sessions.capturing import capture
from shared.sessions.domain import NewEvent, SessionKind
from shared.storage.repository import Created

#: Name of the agent of conversations that name none.
UNNAMED_AGENT = "Imported conversations"
_UNKNOWN_PROMPT = "The agent of imported conversations; its instructions are unknown."
#: Pages of up to 1,000 agents that are searched for an agent's name; an import creates an
#: agent of its own if the name is not among them.
_PAGES, _PAGE = 5, 1000


class AgentSessionImporter:
    """Creates agent sessions from captured conversations."""

    def __init__(self, sessions: AgentSessionRepository, agents: AgentRepository) -> None:
        self._sessions = sessions
        self._agents = agents
        self._known_agents: dict[tuple[OrganizationId, str], AgentRef] = {}

    def add(
        self,
        organization_id: OrganizationId,
        conversation: CapturedConversation,
        *,
        import_name: str,  # noqa: ARG002  # agent sessions have no parent to name after it
        at: datetime,
    ) -> Created[SessionId]:
        """Store a conversation as a session: one request, and more for a new agent.

        A repeated import returns the same session. Raises as :func:`capture`, and
        ``InvalidInput`` for a time after the import.
        """
        request = conversation.request(organization_id, SessionKind.AGENT)
        session_id = SessionId(request.uuid())
        conversation.check_times(at)
        agent = self.agent(organization_id, conversation, at)
        events = imported_events(session_id, conversation, at, str(agent.id))
        started_at = events[0].at or at
        session = AgentSession(
            id=session_id,
            organization_id=organization_id,
            created_at=started_at,
            updated_at=at,
            tags=conversation.tags,
            agent=agent,
            title=(conversation.title or conversation.id)[:MAX_TITLE_LENGTH],
            status=SessionStatus.IDLE,
            started_at=started_at,
        )
        created = capture(
            self._sessions,
            apply_log(session, events),
            events,
            at=at,
            idempotency=request,
        )
        return Created(session_id, replayed=created.replayed)

    def agent(
        self, organization_id: OrganizationId, conversation: CapturedConversation, at: datetime
    ) -> AgentRef:
        """Return the agent with the conversation's name, created if there is none.

        It is looked up once per process.
        """
        name = conversation.agent or UNNAMED_AGENT
        known = self._known_agents.get((organization_id, name))
        if known is None:
            known = (
                self._find_own(organization_id, name)
                or self._find(organization_id, name)
                or self._create(organization_id, name, conversation.instructions, at)
            )
            self._known_agents[organization_id, name] = known
        return known

    def own_agent(
        self, organization_id: OrganizationId, name: str, instructions: str, at: datetime
    ) -> AgentRef:
        """Return the agent that was created for a name: one read, one write for a new one.

        Agents of the same name that users created are not looked for.
        """
        return self._find_own(organization_id, name) or self._create(
            organization_id, name, instructions, at
        )

    def _find_own(self, organization_id: OrganizationId, name: str) -> AgentRef | None:
        with suppress(NotFound):  # no import created it so far
            return self._agents.get(organization_id, _agent_id(organization_id, name)).ref
        return None

    def _find(self, organization_id: OrganizationId, name: str) -> AgentRef | None:
        after: str | None = None
        for _ in range(_PAGES):
            page = self._agents.list_active(organization_id, _PAGE, after=after)
            for agent in page.items:
                if agent.name == name:
                    return agent.ref
            after = page.next_cursor
            if after is None:
                break
        return None

    def _create(
        self, organization_id: OrganizationId, name: str, instructions: str, at: datetime
    ) -> AgentRef:
        fits = instructions and size(instructions) <= MAX_SYSTEM_PROMPT_BYTES
        agent = Agent(
            # Derived from the name, so that concurrent imports create one agent.
            id=_agent_id(organization_id, name),
            organization_id=organization_id,
            name=name,
            system_prompt=instructions if fits else _UNKNOWN_PROMPT,
            created_at=at,
            updated_at=at,
        )
        with suppress(Conflict):  # a concurrent import created it
            self._agents.create(agent_key(organization_id, agent.id), lambda: (agent, []))
        return agent.ref


def _agent_id(organization_id: OrganizationId, name: str) -> AgentId:
    return AgentId(derived_uuid(str(organization_id), "imported agent", name))


def apply_log(session: AgentSession, events: Sequence[NewEvent]) -> AgentSession:
    """Return a session with the counts and previews of its events, all messages answered."""
    inputs = [event for event in events if event.type == INPUT_MESSAGE]
    outputs = [e for e in events if e.type == OUTPUT_MESSAGE_COMPLETED and _preview(e)]
    sequences = [n for n, event in enumerate(events, 1) if event.type == INPUT_MESSAGE]
    last_input = max(sequences, default=0)
    return replace(
        session,
        preview=_preview(inputs[0]) if inputs else None,
        output_preview=_preview(outputs[-1]) if outputs else None,
        message_count=len(inputs),
        turn_count=len(inputs),
        last_input_sequence=last_input,
        answered_through=last_input,
    )


def _preview(event: NewEvent) -> str | None:
    return text_preview(event.data["message"]["content"])
