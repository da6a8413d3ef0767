"""Transcripts of agent sessions."""

from typing import Any

import pytest

from shared.agents.transcript import AGENT_TRANSCRIPT
from shared.sessions.transcript import AssistantSaid, Signaled, ToolAnswered, ToolCalled, UserSaid
from tests.support.captured_sessions import record_events


def message(role: str, *parts: dict[str, Any]) -> dict[str, Any]:
    return {"message": {"id": "message_1", "role": role, "content": list(parts)}}


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def test_turn_yields_messages_and_tools_once() -> None:
    call = {"type": "tool_call", "id": "c1", "name": "get", "arguments": {"n": 1}}
    called = {"tool_call_id": "c1", "tool_name": "get", "arguments": {"n": 1}}
    answered = {"tool_call_id": "c1", "tool_name": "get", "success": True, "result": {"at": "sea"}}
    assert record_events(
        AGENT_TRANSCRIPT,
        ("input.message", message("user", text("Where is it?"))),
        ("session.activated", {}),
        ("turn.started", {"turn_id": "t"}),
        ("output.message.delta", {"delta": "Let me"}),
        ("output.message.completed", message("agent", text("Let me see."), call)),
        ("tool.started", called),
        ("tool.completed", answered),
        ("tool.completed", answered),
        ("output.message.completed", message("agent", text("At sea."))),
        ("turn.completed", {"turn_id": "t"}),
    ) == [
        UserSaid("Where is it?"),
        AssistantSaid("Let me see."),
        ToolCalled(1, "get", {"n": 1}),
        ToolAnswered(1, "get", {"at": "sea"}),
        AssistantSaid("At sea."),
    ]


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        ({"success": True, "result": [text('{"a":1}')]}, ToolAnswered(1, "get", {"a": 1})),
        ({"success": True, "result": '{"a":1}'}, ToolAnswered(1, "get", '{"a":1}')),
        ({"success": True, "result": [1, 2]}, ToolAnswered(1, "get", [1, 2])),
        ({"success": True}, ToolAnswered(1, "get", None)),
        ({"success": False, "error": "down"}, ToolAnswered(1, "get", error="down")),
        ({"success": False}, ToolAnswered(1, "get", error="failed")),
    ],
)
def test_tool_result_is_recorded_unchanged(data: dict[str, Any], answer: ToolAnswered) -> None:
    recorded = record_events(
        AGENT_TRANSCRIPT,
        ("tool.started", {"tool_call": {"id": "c", "name": "get", "arguments": {}}}),
        ("tool.completed", {"tool_call_id": "c", "tool_name": "get", **data}),
    )
    assert recorded[1] == answer


def test_failed_and_cancelled_turns_yield_signals() -> None:
    assert record_events(
        AGENT_TRANSCRIPT,
        ("turn.failed", {"turn_id": "t", "error": "model gone"}),
        ("turn.cancelled", {"turn_id": "t"}),
    ) == [Signaled("turn failed: model gone"), Signaled("turn cancelled")]


def test_session_state_yields_no_ending() -> None:
    assert AGENT_TRANSCRIPT.ending({"status": "FAILED", "error": "boom"}) == []
