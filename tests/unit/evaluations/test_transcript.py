"""Transcripts of evaluation sessions."""

import json
from typing import Any

import pytest

from shared.evaluations.transcript import EVALUATION_TRANSCRIPT
from shared.sessions.transcript import (
    AssistantSaid,
    Ended,
    Entry,
    Signaled,
    ToolAnswered,
    ToolCalled,
    UserSaid,
)
from tests.support.captured_sessions import record_events

CALL = {"id": "c", "function": {"name": "get", "arguments": "{}"}}
HI = {"role": "user", "content": "Hi"}


def entries(*results: dict[str, Any]) -> list[Entry]:
    events = [
        ("inference_result", {"id": "r", "retrievalContext": None, "error": None, **result})
        for result in results
    ]
    return record_events(EVALUATION_TRANSCRIPT, *events)


@pytest.mark.parametrize(
    "value",
    [
        {"user_message": "Hi"},
        {"query": "Hi", "locale": "en"},
        "Hi",
        {"messages": [HI]},
        [HI],
        {"user_message": '[{"role": "user", "content": "Hi"}]'},
        {"messages": [{"role": "system", "content": "x"}, HI]},
        {"messages": [HI], "user_message": "Hi"},
    ],
)
def test_input_in_any_form_becomes_user_message(value: Any) -> None:
    recorded = entries({"input": value, "actualOutput": "Hello"})
    assert recorded == [UserSaid("Hi"), AssistantSaid("Hello")]


def test_input_without_known_field_is_recorded_as_json() -> None:
    assert entries({"input": {"a": 1}, "actualOutput": None}) == [UserSaid('{"a":1}')]


@pytest.mark.parametrize("wrap", [lambda m: m, lambda m: {"choices": [{"message": m}]}])
def test_output_with_model_answer_yields_its_tool_calls(wrap: Any) -> None:
    answer = {"role": "assistant", "content": "One moment.", "tool_calls": [CALL]}
    recorded = entries({"input": {"user_message": "Hi"}, "actualOutput": json.dumps(wrap(answer))})
    assert recorded[1:] == [AssistantSaid("One moment."), ToolCalled(1, "get", {})]


def test_conversation_repeated_in_each_turn_is_recorded_once() -> None:
    second = [
        HI,
        {"role": "assistant", "content": "Hello"},
        {"role": "assistant", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c", "content": "1"},
        HI,
    ]
    assert entries(
        {"input": {"messages": [HI]}, "actualOutput": "Hello"},
        {"input": {"messages": second}, "actualOutput": "Again?"},
    ) == [
        UserSaid("Hi"),
        AssistantSaid("Hello"),
        ToolCalled(1, "get", {}),
        ToolAnswered(1, "get", "1"),
        UserSaid("Hi"),
        AssistantSaid("Again?"),
    ]


def test_equal_turns_are_all_recorded() -> None:
    turn = {"input": {"user_message": "Yes"}, "actualOutput": "Sure?"}
    assert entries(turn, turn) == [UserSaid("Yes"), AssistantSaid("Sure?")] * 2


def test_results_are_recorded_by_index_without_deleted_ones() -> None:
    assert entries(
        {"index": 1, "input": {"user_message": "second"}, "error": "no model"},
        {"index": 0, "input": {"user_message": "first"}, "actualOutput": None},
        {"index": 2, "input": {"user_message": "gone"}, "deletedAt": "2026-02-07T12:00:00Z"},
    ) == [UserSaid("first"), UserSaid("second"), Signaled("turn failed: no model")]


@pytest.mark.parametrize(
    ("state", "ending"),
    [
        ({"status": "PENDING", "stopping_reason": None, "error": None}, []),
        ({"status": "COMPLETED", "stopping_reason": "GOAL"}, [Ended("GOAL")]),
        ({"status": "COMPLETED"}, [Ended("completed")]),
        ({"status": "FAILED", "error": "boom"}, [Signaled("error: boom"), Ended("failed")]),
    ],
)
def test_session_state_yields_ending(state: dict[str, Any], ending: list[Entry]) -> None:
    assert EVALUATION_TRANSCRIPT.ending(state) == ending
