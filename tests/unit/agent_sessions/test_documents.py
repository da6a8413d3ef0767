"""Stored documents of sessions and messages."""

from dataclasses import replace
from datetime import UTC, datetime

from shared.agents.agents.domain import CapabilityConfig, ClientTool
from shared.agents.event_types import TOOL_COMPLETED
from shared.agents.messages.documents import message_from_event, result_parts
from shared.agents.messages.domain import MessageRole
from shared.agents.sessions.api import Session
from shared.agents.sessions.documents import AgentSessionCodec
from shared.agents.sessions.domain import AgentSession, OpenCall, OpenRound, SessionStatus, Turn
from shared.core.ids import AgentId, EventId, MessageId, OrganizationId, SessionId, TurnId
from shared.llm.port import TokenUsage
from shared.llm.registry import SCRIPTED_MODEL_ID
from shared.sessions.agent_ref import AgentRef
from shared.sessions.domain import Event
from shared.storage.records import from_item, to_item

NOW = datetime(2026, 5, 4, 3, 2, 1, 123456, UTC)

FULL = AgentSession(
    id=SessionId.new(),
    organization_id=OrganizationId.new(),
    created_at=NOW,
    updated_at=NOW,
    tags=("a",),
    agent=AgentRef(AgentId.new(), "Concierge"),
    last_sequence=9,
    version=4,
    title="Title",
    model_id=SCRIPTED_MODEL_ID,
    capabilities=(CapabilityConfig("a"), CapabilityConfig("b", {"c": [1, None]})),
    tools=(ClientTool(name="t", description="d", parameters={"type": "object"}, category="c"),),
    status=SessionStatus.WAITING,
    preview="in",
    output_preview="out",
    started_at=NOW,
    usage=TokenUsage(input_tokens=4, output_tokens=3, cache_read_tokens=2),
    message_count=2,
    turn_count=1,
    turn=Turn(
        id=TurnId.new(),
        input_message_id=MessageId.new(),
        input_sequence=3,
        runner="r",
        cause="c",
        started_at=NOW,
        heartbeat_at=NOW,
        iterations=2,
        usage=TokenUsage(input_tokens=1, cache_creation_tokens=2),
        open_round=OpenRound(
            calls=(OpenCall("c1", "t"), OpenCall("c2", "r", is_remote=True)),
            opened_at=NOW,
            due_at=NOW,
            succeeded=1,
            failed=2,
            milliseconds=3,
        ),
    ),
    last_input_sequence=5,
    answered_through=2,
    waiting_since=NOW,
)


def test_session_with_all_fields_is_restored() -> None:
    codec = AgentSessionCodec()
    item = to_item(codec.to_record(FULL), shards=3)
    assert codec.from_record(from_item(item)) == FULL


def test_cache_tokens_of_0_are_left_out() -> None:
    shown = Session.of(FULL).model_dump(mode="json")
    assert shown["usage"] == {"input_tokens": 4, "output_tokens": 3, "cache_read_tokens": 2}
    assert shown["started_at"] == "2026-05-04T03:02:01.123456Z"
    unused = Session.of(replace(FULL, usage=TokenUsage())).model_dump(mode="json")
    assert unused["usage"] is None


def test_completed_tool_call_is_read_as_a_message() -> None:
    data = {"tool_call_id": "c1", "tool_name": "calculator", "success": True}
    data["result"] = result_parts({"value": 42})
    event = Event(id=EventId.new(), type=TOOL_COMPLETED, sequence=7, at=NOW, data=data)
    message = message_from_event(FULL.id, event)
    assert message.id == MessageId(event.id.uuid)
    assert (message.role, message.sequence) == (MessageRole.TOOL_RESULT, 7)
    assert message.content == (
        {"type": "tool_result", "tool_call_id": "c1", "result": {"value": 42}},
    )
