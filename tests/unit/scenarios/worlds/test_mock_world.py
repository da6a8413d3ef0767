"""Mock world: recorded tool answers within their limits."""

import json
from typing import Any

import pytest

from shared.scenarios.redaction.redactor import Unread
from shared.scenarios.worlds.mock_world import MAX_BYTES, NO_ANSWER, NOT_KEPT, build_mock_world
from shared.sessions.recorded_worlds.answers import find_answer
from shared.sessions.transcript import Entry, ToolCalled
from tests.support.captured_sessions import (
    answered_call,
    conversation,
    transcript,
    transcript_of_messages,
)


def world(*entries: Entry) -> dict[str, Any]:
    return build_mock_world(transcript(*entries)).tools


def test_single_call_is_recorded_with_its_arguments() -> None:
    assert world(
        *answered_call(1, "a", {"n": 1}, [1]),
        *answered_call(2, "b", {}, error="down"),
        *answered_call(3, "c", {}, None),
        ToolCalled(4, "d", {}),
    ) == {
        "a": {"output": [1], "calls": [{"arguments": {"n": 1}, "output": [1]}]},
        "b": {"error": "down", "calls": [{"arguments": {}, "error": "down"}]},
        "c": {"output": None, "calls": [{"arguments": {}, "output": None}]},
        "d": {"error": NO_ANSWER, "calls": [{"arguments": {}, "error": NO_ANSWER}]},
    }


def test_equal_answers_are_recorded_with_all_calls() -> None:
    assert world(
        *answered_call(1, "a", {"n": 1}, {"x": 1, "y": 2}),
        *answered_call(2, "a", {"n": 2}, {"y": 2, "x": 1}),
    ) == {
        "a": {
            "output": {"y": 2, "x": 1},
            "calls": [
                {"arguments": {"n": 1}, "output": {"y": 2, "x": 1}},
                {"arguments": {"n": 2}, "output": {"y": 2, "x": 1}},
            ],
        }
    }


def test_different_answers_are_recorded_with_all_calls() -> None:
    assert world(
        *answered_call(1, "a", {"n": 1}, "one"),
        *answered_call(2, "a", {"n": 2}, error="none"),
        *answered_call(3, "a", {"n": 1}, "uno"),
    ) == {
        "a": {
            "output": "uno",
            "calls": [
                {"arguments": {"n": 1}, "output": "one"},
                {"arguments": {"n": 2}, "error": "none"},
                {"arguments": {"n": 1}, "output": "uno"},
            ],
        }
    }


def test_huge_answer_is_left_out_and_counted() -> None:
    huge = answered_call(1, "a", {}, "x" * 1_000_000)
    small = answered_call(2, "b", {}, "small")
    world = build_mock_world(transcript(*huge, *small))
    assert world.answers_left_out == 1
    assert list(world.tools["a"]) == ["error"]
    assert world.tools["b"]["output"] == "small"


def test_answer_that_was_not_read_is_left_out_and_counted() -> None:
    def pseudonymize(value: Any, _: str) -> Any:
        if value == "unread":
            raise Unread
        return value

    calls: list[Entry] = [
        *answered_call(1, "a", {"n": 1}, "unread"),
        *answered_call(2, "a", {"n": 2}, "read"),
    ]
    built = build_mock_world(transcript(*calls, *answered_call(3, "b", {}, "unread")), pseudonymize)

    assert built.answers_left_out == 2
    assert built.tools == {
        "a": {"output": "read", "calls": [{"arguments": {"n": 2}, "output": "read"}]},
        "b": {"error": NOT_KEPT},
    }


def test_large_answers_fit_once() -> None:
    answers = {tool: tool * 90_000 for tool in "ab"}
    calls: list[Entry] = [
        entry
        for number, tool in enumerate("abab")
        for entry in answered_call(number + 1, tool, {"n": number % 2}, answers[tool])
    ]
    built = build_mock_world(transcript(*calls))

    assert built.answers_left_out == 0
    assert len(json.dumps(built.tools)) < MAX_BYTES
    for tool, number in (("a", 0), ("b", 1)):
        assert find_answer(built.tools, tool, {"n": number}).answer["output"] == answers[tool]


def test_tool_whose_calls_do_not_fit_answers_no_arguments() -> None:
    built = build_mock_world(transcript(*answered_call(1, "a", {"n": "x" * 200_000}, "small")))

    assert built.answers_left_out == 1
    assert built.tools == {"a": {"output": "small", "calls": []}}
    assert find_answer(built.tools, "a", {"n": 1}).matched == "none"


def test_repetitions_leave_room_for_other_calls() -> None:
    """A status that is read again and again costs no other answer its place."""
    calls: list[Entry] = []
    for n in range(1, 3_001):
        calls += answered_call(n, "status", {"id": 1}, "pending" + "." * 100)
    calls += answered_call(3_001, "status", {"id": 2}, "other")
    built = build_mock_world(transcript(*calls))

    assert built.answers_left_out == 0
    assert find_answer(built.tools, "status", {"id": 2}).answer["output"] == "other"
    assert len(json.dumps(built.tools)) < MAX_BYTES * 1.1


def test_mock_world_respects_size_limit() -> None:
    entries: list[Entry] = []
    for n in range(1, 10_001):
        entries += answered_call(n, f"tool_{n % 7}", {"n": n}, "x" * 200 + str(n))
    world = build_mock_world(transcript(*entries))
    assert len(json.dumps(world.tools)) < MAX_BYTES * 1.2
    recorded = sum(len(answer["calls"]) for answer in world.tools.values())
    assert recorded > 500
    assert world.answers_left_out == 10_000 - recorded


@pytest.mark.parametrize(
    "identifier", ["airline-000-0", "airline-004-0", "sgd-1_00011", "sgd-1_00019", "sgd-1_00053"]
)
def test_recorded_conversation_can_be_answered_completely(identifier: str) -> None:
    recorded = transcript_of_messages(conversation(identifier)["messages"])
    tools = build_mock_world(recorded).tools
    calls = {tool: iter(answer.get("calls", ())) for tool, answer in tools.items()}
    for called, answered in recorded.calls():
        answer = tools[called.tool]
        if "calls" in answer:
            answer = next(calls[called.tool])
            assert answer["arguments"] == called.arguments
        assert answered is not None
        assert answer.get("error") == answered.error
        assert answer.get("output") == answered.output
