"""Agent sessions as stored documents."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from shared.agents.agents.documents import (
    capabilities_from_document,
    capabilities_to_document,
    model_from_document,
    model_to_document,
    tools_from_document,
    tools_to_document,
)
from shared.agents.sessions.domain import (
    AgentSession,
    OpenCall,
    OpenRound,
    SessionStatus,
    Simulation,
    Turn,
)
from shared.core.clock import moment, timestamp
from shared.core.ids import AgentId, MessageId, OrganizationId, TurnId
from shared.llm.port import TokenUsage
from shared.sessions.documents import SessionCodec, list_sort
from shared.sessions.domain import SessionKind
from shared.storage.records import BY_PARENT, BY_WORK, IndexEntry

#: The list of all sessions of the stack that have a running or waiting turn.
WAITING_SESSIONS = "stack#waiting-sessions"
#: Fields that are JSON values; a document of earlier code may lack the later ones.
_JSON_FIELDS = (
    "title",
    "preview",
    "output_preview",
    "message_count",
    "turn_count",
    "last_input_sequence",
    "answered_through",
)


class AgentSessionCodec(SessionCodec[AgentSession]):
    """The stored form of an agent session."""

    kind = SessionKind.AGENT

    def to_state(self, session: AgentSession) -> dict[str, Any]:
        return {
            **{name: getattr(session, name) for name in _JSON_FIELDS},
            "model_id": model_to_document(session.model_id),
            "capabilities": capabilities_to_document(session.capabilities),
            **({"tools": tools_to_document(session.tools)} if session.tools else {}),
            "status": session.status.value,
            "started_at": session.started_at and timestamp(session.started_at),
            "usage": usage_to_document(session.usage),
            "turn": session.turn and turn_to_document(session.turn),
            "waiting_since": session.waiting_since and timestamp(session.waiting_since),
            **({"simulation": _simulation_to(session.simulation)} if session.simulation else {}),
        }

    def from_state(self, common: dict[str, Any], state: dict[str, Any]) -> AgentSession:
        return AgentSession(
            **common,
            **{name: state[name] for name in _JSON_FIELDS if name in state},
            model_id=model_from_document(state["model_id"]),
            capabilities=capabilities_from_document(state["capabilities"]),
            tools=tools_from_document(state.get("tools", [])),
            status=SessionStatus(state["status"]),
            started_at=moment(state["started_at"]) if state["started_at"] else None,
            usage=TokenUsage(**state["usage"]),
            turn=turn_from_document(state["turn"]) if state.get("turn") else None,
            waiting_since=moment(state["waiting_since"]) if state.get("waiting_since") else None,
            simulation=_simulation_from(state["simulation"]) if "simulation" in state else None,
        )

    def index_entries(self, session: AgentSession) -> dict[str, IndexEntry]:
        sort = list_sort(session.created_at, session.id.hex)
        agent_list = agent_session_list(session.organization_id, session.agent_id)
        entries = {BY_PARENT: IndexEntry(agent_list, sort)}
        if session.waiting_since is not None:
            since = list_sort(session.waiting_since, session.id.hex)
            entries[BY_WORK] = IndexEntry(WAITING_SESSIONS, since)
        return entries


def agent_session_list(organization_id: OrganizationId, agent_id: AgentId) -> str:
    """Return the name of the list of an agent's sessions."""
    return f"{organization_id}#agent#{agent_id.hex}#sessions"


def usage_to_document(usage: TokenUsage) -> dict[str, int]:
    """Return the document of token counts, without those that are 0."""
    return {name: tokens for name, tokens in asdict(usage).items() if tokens}


def _simulation_to(simulation: Simulation) -> dict[str, Any]:
    return {
        "run_id": simulation.run_id.hex,
        "number": simulation.number,
        "world": simulation.world,
        "on_unmatched": simulation.on_unmatched,
        "used": {tool: list(indexes) for tool, indexes in simulation.used.items()},
        "asked": simulation.asked,
        "answered": simulation.answered,
        "served": simulation.served,
    }


def _simulation_from(document: dict[str, Any]) -> Simulation:
    used = {tool: tuple(indexes) for tool, indexes in document["used"].items()}
    run_id = UUID(document["run_id"])
    return Simulation(**(document | {"run_id": run_id, "used": used}))


def turn_to_document(turn: Turn) -> dict[str, Any]:
    """Return the document of a running turn."""
    return {
        "id": turn.id.hex,
        "input_message_id": turn.input_message_id.hex,
        "input_sequence": turn.input_sequence,
        "runner": turn.runner,
        "cause": turn.cause,
        "started_at": timestamp(turn.started_at),
        "heartbeat_at": timestamp(turn.heartbeat_at),
        "iterations": turn.iterations,
        "usage": usage_to_document(turn.usage),
        **({"open_round": round_to_document(turn.open_round)} if turn.open_round else {}),
    }


def turn_from_document(document: dict[str, Any]) -> Turn:
    """Parse the document of a running turn."""
    return Turn(
        id=TurnId.parse(f"turn_{document['id']}"),
        input_message_id=MessageId.parse(f"message_{document['input_message_id']}"),
        input_sequence=document["input_sequence"],
        runner=document["runner"],
        cause=document["cause"],
        started_at=moment(document["started_at"]),
        heartbeat_at=moment(document["heartbeat_at"]),
        iterations=document["iterations"],
        usage=TokenUsage(**document["usage"]),
        open_round=round_from_document(document["open_round"])
        if "open_round" in document
        else None,
    )


def round_to_document(open_round: OpenRound) -> dict[str, Any]:
    """Return the document of a round of open tool calls."""
    return {
        "calls": [asdict(call) for call in open_round.calls],
        "opened_at": timestamp(open_round.opened_at),
        "due_at": timestamp(open_round.due_at),
        "succeeded": open_round.succeeded,
        "failed": open_round.failed,
        "milliseconds": open_round.milliseconds,
    }


def round_from_document(document: dict[str, Any]) -> OpenRound:
    """Parse the document of a round of open tool calls."""
    return OpenRound(
        calls=tuple(OpenCall(**call) for call in document["calls"]),
        opened_at=moment(document["opened_at"]),
        due_at=moment(document["due_at"]),
        succeeded=document["succeeded"],
        failed=document["failed"],
        milliseconds=document["milliseconds"],
    )
