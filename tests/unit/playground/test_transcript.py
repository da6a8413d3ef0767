"""Transcripts of playground sessions."""

from shared.playground.transcript import PLAYGROUND_TRANSCRIPT
from shared.sessions.transcript import (
    ApprovalDecided,
    AssistantSaid,
    Ended,
    HandedOff,
    Signaled,
    ToolAnswered,
    ToolCalled,
    UserSaid,
)
from tests.support.captured_sessions import record_events


def test_session_yields_tools_approvals_and_signals() -> None:
    assert record_events(
        PLAYGROUND_TRANSCRIPT,
        ("user.message", {"text": "Refund me"}),
        ("node.entered", {"node_id": "n", "type": "agent"}),
        ("tool.called", {"tool_call_id": "c", "tool": "refund", "arguments": {"sum": 5}}),
        ("tool.answered", {"tool_call_id": "c", "tool": "refund", "output": {"ok": True}}),
        ("tool.called", {"tool_call_id": "d", "tool": "mail", "arguments": {}}),
        ("tool.answered", {"tool_call_id": "d", "tool": "mail", "error": "bounced"}),
        ("context.set", {"set": {"sum": 5}}),
        ("signal", {"signal": "approval_required"}),
        ("approval.decided", {"decision": "deny", "note": "too much"}),
        ("assistant.message", {"text": "Sorry.", "node_id": "n"}),
        ("signal", {"signal": "handoff"}),
        ("signal", {"signal": "completed"}),
    ) == [
        UserSaid("Refund me"),
        ToolCalled(1, "refund", {"sum": 5}),
        ToolAnswered(1, "refund", {"ok": True}),
        ToolCalled(2, "mail", {}),
        ToolAnswered(2, "mail", error="bounced"),
        Signaled("approval_required"),
        ApprovalDecided("deny", "too much"),
        AssistantSaid("Sorry."),
        HandedOff(),
        Ended("completed"),
    ]
