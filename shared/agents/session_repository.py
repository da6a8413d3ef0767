"""Agent sessions as stored documents, and the lists they stand in."""

from typing import Any

from shared.agents.documents import (
    capabilities_from_document,
    capabilities_to_document,
    model_from_document,
    model_to_document,
)
from shared.agents.domain import AgentSession, SessionStatus
from shared.core.clock import moment, timestamp
from shared.core.ids import AgentId, OrganizationId
from shared.llm.port import TokenUsage
from shared.sessions.documents import from_record, list_sort, session_list
from shared.sessions.models import SessionKind
from shared.sessions.store import SessionStore
from shared.storage.lists import ListQuery, count, read_page
from shared.storage.records import BY_PARENT, Row


class AgentSessionCodec:
    """How an agent session keeps what only it has."""

    kind = SessionKind.AGENT

    def to_state(self, session: AgentSession) -> dict[str, Any]:
        usage = session.usage
        return {
            "title": session.title,
            "model_id": model_to_document(session.model_id),
            "capabilities": capabilities_to_document(session.capabilities),
            "status": session.status.value,
            "preview": session.preview,
            "output_preview": session.output_preview,
            "started_at": session.started_at and timestamp(session.started_at),
            "usage": {
                "input_tokens": usage.input_tokens,
                "output_tokens": usage.output_tokens,
                "cache_read_tokens": usage.cache_read_tokens,
                "cache_creation_tokens": usage.cache_creation_tokens,
            },
            "message_count": session.message_count,
            "turn_count": session.turn_count,
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
        )

    def rows(self, session: AgentSession) -> dict[str, Row]:
        place = list_sort(session.created_at, session.id.hex)
        return {BY_PARENT: Row(_agents_list(session.organization_id, session.agent_id), place)}


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
        """Count the sessions: one query a shard, without their rows."""
        return count(self._table, _query(organization_id, agent_id, None))


def _query(
    organization_id: OrganizationId, agent_id: AgentId | None, after: str | None
) -> ListQuery:
    if agent_id is None:
        return ListQuery(list=session_list(organization_id, SessionKind.AGENT), after=after)
    return ListQuery(list=_agents_list(organization_id, agent_id), index=BY_PARENT, after=after)


def _agents_list(organization_id: OrganizationId, agent_id: AgentId) -> str:
    return f"{organization_id}#agent#{agent_id.hex}#sessions"
