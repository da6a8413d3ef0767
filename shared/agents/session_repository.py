"""Agent sessions as stored documents, and the lists they stand in."""

from typing import Any

from shared.agents.documents import (
    capabilities_from_document,
    capabilities_to_document,
    model_from_document,
    model_to_document,
    turn_from_document,
    turn_to_document,
    usage_to_document,
)
from shared.agents.domain import AgentSession, SessionStatus
from shared.core.clock import moment, timestamp
from shared.core.ids import AgentId, OrganizationId
from shared.llm.port import TokenUsage
from shared.sessions.documents import from_record, list_sort, session_list
from shared.sessions.models import SessionKind
from shared.sessions.store import SessionStore
from shared.storage.counters import added, counted
from shared.storage.lists import ListQuery, read_page
from shared.storage.records import BY_LINK, BY_PARENT, Row
from shared.storage.transactions import Action

#: The list of all sessions of the stack that have a turn running or to come.
WAITING_SESSIONS = "stack#waiting-sessions"


class AgentSessionCodec:
    """How an agent session keeps what only it has."""

    kind = SessionKind.AGENT

    def to_state(self, session: AgentSession) -> dict[str, Any]:
        return {
            "title": session.title,
            "model_id": model_to_document(session.model_id),
            "capabilities": capabilities_to_document(session.capabilities),
            "status": session.status.value,
            "preview": session.preview,
            "output_preview": session.output_preview,
            "started_at": session.started_at and timestamp(session.started_at),
            "usage": usage_to_document(session.usage),
            "message_count": session.message_count,
            "turn_count": session.turn_count,
            "turn": session.turn and turn_to_document(session.turn),
            "last_input_sequence": session.last_input_sequence,
            "answered_through": session.answered_through,
            "waiting_since": session.waiting_since and timestamp(session.waiting_since),
        }

    def from_state(self, common: dict[str, Any], state: dict[str, Any]) -> AgentSession:
        return AgentSession(
            **common,
            title=state["title"],
            model_id=model_from_document(state["model_id"]),
            capabilities=capabilities_from_document(state["capabilities"]),
            status=SessionStatus(state["status"]),
            preview=state["preview"],
            output_preview=state["output_preview"],
            started_at=moment(state["started_at"]) if state["started_at"] else None,
            usage=TokenUsage(**state["usage"]),
            message_count=state["message_count"],
            turn_count=state["turn_count"],
            turn=turn_from_document(state["turn"]) if state.get("turn") else None,
            last_input_sequence=state.get("last_input_sequence", 0),
            answered_through=state.get("answered_through", 0),
            waiting_since=moment(state["waiting_since"]) if state.get("waiting_since") else None,
        )

    def rows(self, session: AgentSession) -> dict[str, Row]:
        place = list_sort(session.created_at, session.id.hex)
        rows = {BY_PARENT: Row(_agents_list(session.organization_id, session.agent_id), place)}
        if session.waiting_since is not None:
            since = list_sort(session.waiting_since, session.id.hex)
            rows[BY_LINK] = Row(WAITING_SESSIONS, since)
        return rows


class AgentSessionLists:
    """The sessions of an organisation, or of one of its agents, newest first."""

    def __init__(self, store: SessionStore[AgentSession]) -> None:
        self._table = store.table
        self._codec = AgentSessionCodec()

    def page(
        self,
        organization_id: OrganizationId,
        agent_id: AgentId | None,
        limit: int,
        *,
        skip: int = 0,
        after: str | None = None,
    ) -> tuple[list[AgentSession], str | None]:
        """Read a page: one query a shard. The second value is where to go on."""
        page = read_page(self._table, _query(organization_id, agent_id, after), limit, skip=skip)
        return [from_record(self._codec, record) for record in page.records], page.after

    def total(self, organization_id: OrganizationId, agent_id: AgentId | None) -> int:
        """Return how many sessions there are: one request, whatever the number."""
        return counted(self._table, _counter(organization_id, agent_id))


def counting(session: AgentSession, by: int) -> list[Action]:
    """Return what is written with a session that comes (1) or goes (-1): its counts."""
    counters = (
        _counter(session.organization_id, None),
        _counter(session.organization_id, session.agent_id),
    )
    return [added(counter, by, token=session.id.hex) for counter in counters]


def _counter(organization_id: OrganizationId, agent_id: AgentId | None) -> str:
    return f"{_query(organization_id, agent_id, None).list}#count"


def _query(
    organization_id: OrganizationId, agent_id: AgentId | None, after: str | None
) -> ListQuery:
    if agent_id is None:
        return ListQuery(list=session_list(organization_id, SessionKind.AGENT), after=after)
    return ListQuery(list=_agents_list(organization_id, agent_id), index=BY_PARENT, after=after)


def _agents_list(organization_id: OrganizationId, agent_id: AgentId) -> str:
    return f"{organization_id}#agent#{agent_id.hex}#sessions"
