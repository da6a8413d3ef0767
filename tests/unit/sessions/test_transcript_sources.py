"""Events of each kind of session as transcript entries."""

import json
from typing import Any

import pytest

from shared.core.ids import SessionId
from shared.sessions.models import Event, SessionKind, event_id
from shared.sessions.transcript import (
    ApprovalDecided,
    AssistantSaid,
    Ended,
    Entry,
    HandedOff,
    Signalled,
    ToolAnswered,
    ToolCalled,
    UserSaid,
)
from shared.sessions.transcript_recorder import TranscriptRecorder
from shared.sessions.transcript_sources import ending_of, entries_of
from tests.support.captured_sessions import MOMENT

SESSION = SessionId.new()


def told(kind: SessionKind, *events: tuple[str, dict[str, Any]]) -> list[Entry]:
    recorder = TranscriptRecorder()
    entries_of(
        kind,
        [
            Event(
                id=event_id(SESSION, sequence, MOMENT),
                type=name,
                sequence=sequence,
                at=MOMENT,
                data=data,
            )
            for sequence, (name, data) in enumerate(events, 1)
        ],
        recorder,
    )
    return recorder.entries


def message(role: str, *parts: dict[str, Any]) -> dict[str, Any]:
    return {"message": {"id": "message_1", "role": role, "content": list(parts)}}


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def result(**data: Any) -> tuple[str, dict[str, Any]]:
    return "inference_result", {"id": "r", "retrievalContext": None, "error": None, **data}


def test_given_an_agent_s_turn_then_words_and_tools_are_told_once() -> None:
    call = {"type": "tool_call", "id": "c1", "name": "get", "arguments": {"n": 1}}
    assert told(
        SessionKind.AGENT,
        ("input.message", message("user", text("Where is it?"))),
        ("session.activated", {}),
        ("turn.started", {"turn_id": "t"}),
        ("output.message.delta", {"delta": "Let me"}),
        ("output.message.completed", message("agent", text("Let me see."), call)),
        ("tool.started", {"tool_call_id": "c1", "tool_name": "get", "arguments": {"n": 1}}),
        (
            "tool.completed",
            {"tool_call_id": "c1", "tool_name": "get", "success": True, "result": {"at": "sea"}},
        ),
        (
            "tool.completed",
            {"tool_call_id": "c1", "tool_name": "get", "success": True, "result": {"at": "sea"}},
        ),
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
def test_given_a_completed_tool_then_its_answer_is_kept_as_it_was(
    data: dict[str, Any], answer: ToolAnswered
) -> None:
    entries = told(
        SessionKind.AGENT,
        ("tool.started", {"tool_call": {"id": "c", "name": "get", "arguments": {}}}),
        ("tool.completed", {"tool_call_id": "c", "tool_name": "get", **data}),
    )
    assert entries[1] == answer


def test_given_failed_and_cancelled_turns_then_they_are_signalled() -> None:
    assert told(
        SessionKind.AGENT,
        ("turn.failed", {"turn_id": "t", "error": "model gone"}),
        ("turn.cancelled", {"turn_id": "t"}),
    ) == [Signalled("turn failed: model gone"), Signalled("turn cancelled")]


def test_given_a_playground_session_then_tools_approvals_and_signals_are_told() -> None:
    assert told(
        SessionKind.PLAYGROUND,
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
        Signalled("approval_required"),
        ApprovalDecided("deny", "too much"),
        AssistantSaid("Sorry."),
        HandedOff(),
        Ended("completed"),
    ]


@pytest.mark.parametrize(
    "said",
    [
        {"user_message": "Hi"},
        {"query": "Hi", "locale": "en"},
        "Hi",
        {"messages": [{"role": "user", "content": "Hi"}]},
        [{"role": "user", "content": "Hi"}],
        {"user_message": '[{"role": "user", "content": "Hi"}]'},
        {"messages": [{"role": "system", "content": "x"}, {"role": "user", "content": "Hi"}]},
        {"messages": [{"role": "user", "content": "Hi"}], "user_message": "Hi"},
    ],
)
def test_given_any_form_of_input_then_the_user_s_words_are_found(said: Any) -> None:
    assert told(SessionKind.EVALUATION, result(input=said, actualOutput="Hello")) == [
        UserSaid("Hi"),
        AssistantSaid("Hello"),
    ]


def test_given_an_input_of_other_fields_then_all_of_it_is_what_was_said() -> None:
    assert told(SessionKind.EVALUATION, result(input={"a": 1}, actualOutput=None)) == [
        UserSaid('{"a":1}')
    ]


@pytest.mark.parametrize("wrap", [lambda m: m, lambda m: {"choices": [{"message": m}]}])
def test_given_an_output_that_holds_a_model_s_answer_then_its_calls_are_found(wrap: Any) -> None:
    answer = {
        "role": "assistant",
        "content": "One moment.",
        "tool_calls": [{"id": "c", "function": {"name": "get", "arguments": "{}"}}],
    }
    entries = told(
        SessionKind.EVALUATION,
        result(input={"user_message": "Hi"}, actualOutput=json.dumps(wrap(answer))),
    )
    assert entries[1:] == [AssistantSaid("One moment."), ToolCalled(1, "get", {})]


def test_given_whole_conversations_in_each_turn_then_nothing_is_told_twice() -> None:
    first = {"role": "user", "content": "Hi"}
    second = [
        first,
        {"role": "assistant", "content": "Hello"},
        {
            "role": "assistant",
            "tool_calls": [{"id": "c", "function": {"name": "get", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "c", "content": "1"},
        {"role": "user", "content": "Hi"},
    ]
    assert told(
        SessionKind.EVALUATION,
        result(input={"messages": [first]}, actualOutput="Hello"),
        result(input={"messages": second}, actualOutput="Again?"),
    ) == [
        UserSaid("Hi"),
        AssistantSaid("Hello"),
        ToolCalled(1, "get", {}),
        ToolAnswered(1, "get", "1"),
        UserSaid("Hi"),
        AssistantSaid("Again?"),
    ]


def test_given_a_user_who_says_the_same_twice_then_both_turns_are_told() -> None:
    turn = result(input={"user_message": "Yes"}, actualOutput="Sure?")
    assert told(SessionKind.EVALUATION, turn, turn) == [
        UserSaid("Yes"),
        AssistantSaid("Sure?"),
        UserSaid("Yes"),
        AssistantSaid("Sure?"),
    ]


def test_given_results_then_they_are_told_by_index_and_without_deleted_ones() -> None:
    assert told(
        SessionKind.EVALUATION,
        result(index=1, input={"user_message": "second"}, actualOutput=None, error="no model"),
        result(index=0, input={"user_message": "first"}, actualOutput=None),
        result(index=2, input={"user_message": "gone"}, deletedAt="2026-02-07T12:00:00Z"),
    ) == [UserSaid("first"), UserSaid("second"), Signalled("turn failed: no model")]


@pytest.mark.parametrize(
    ("state", "ending"),
    [
        ({"status": "PENDING", "stopping_reason": None, "error": None}, []),
        ({"status": "COMPLETED", "stopping_reason": "GOAL"}, [Ended("GOAL")]),
        ({"status": "COMPLETED"}, [Ended("completed")]),
        ({"status": "FAILED", "error": "boom"}, [Signalled("error: boom"), Ended("failed")]),
    ],
)
def test_given_an_evaluation_s_state_then_its_end_is_told(
    state: dict[str, Any], ending: list[Entry]
) -> None:
    assert ending_of(SessionKind.EVALUATION, state) == ending
    assert ending_of(SessionKind.AGENT, state) == []
