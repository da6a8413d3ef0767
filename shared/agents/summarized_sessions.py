"""Agent sessions in the list of all sessions."""

from typing import Any
from uuid import UUID

from shared.core.ids import AgentId, OrganizationId
from shared.sessions.domain import SessionKind
from shared.sessions.summaries.domain import CapturedSessionStatus, SimulationRef, Tokens
from shared.storage.records import Record

#: Statuses by those of ``agents.sessions.domain``.
_STATUSES = {
    "started": CapturedSessionStatus.OPEN,
    "idle": CapturedSessionStatus.OPEN,
    "active": CapturedSessionStatus.RUNNING,
    "waitingfortoolresults": CapturedSessionStatus.WAITING,
}


def _summarize(record: Record) -> dict[str, Any]:
    """Return the fields of an agent session's row."""
    state = record.body["state"]
    usage, simulation = state["usage"], state.get("simulation")
    return {
        "status": _STATUSES[state["status"]],
        "own_status": state["status"],
        "title": state.get("title"),
        "preview": state.get("preview"),
        "output_preview": state.get("output_preview"),
        "turn_count": state.get("turn_count", 0),
        "message_count": state.get("message_count", 0),
        "usage": _tokens(usage) if usage else None,
        "simulation": simulation
        and SimulationRef(str(UUID(simulation["run_id"])), simulation["number"]),
    }


def _tokens(usage: dict[str, int]) -> Tokens:
    given, written = usage.get("input_tokens", 0), usage.get("output_tokens", 0)
    return Tokens(input_tokens=given, output_tokens=written, total_tokens=given + written)


def agent_session_list(organization_id: OrganizationId, agent_id: AgentId) -> str:
    """Return the name of the list of an agent's sessions."""
    # Imported where used: most lists are of all agents.
    from shared.agents.sessions import documents  # noqa: PLC0415

    return documents.agent_session_list(organization_id, agent_id)


AGENT_SUMMARY = (SessionKind.AGENT, str, _summarize)
