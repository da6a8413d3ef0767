"""Mock world: recorded tool answers within their limits."""

import json
from typing import Any

import pytest

from shared.scenarios.worlds.mock_world import MAX_BYTES, NO_ANSWER, build_mock_world
from shared.sessions.transcript import Entry, ToolCalled
from tests.support.captured_sessions import (
    answered_call,
    conversation,
    transcript,
    transcript_of_messages,
)


def world(*entries: Entry) -> dict[str, Any]:
    return build_mock_world(transcript(*entries)).tools


def test_single_call_yields_output_or_error() -> None:
    assert world(
        *answered_call(1, "a", {"n": 1}, [1]),
        *answered_call(2, "b", {}, error="down"),
        *answered_call(3, "c", {}, None),
        ToolCalled(4, "d", {}),
    ) == {
        "a": {"output": [1]},
        "b": {"error": "down"},
        "c": {"output": None},
        "d": {"error": NO_ANSWER},
    }


def test_equal_answers_are_recorded_once() -> None:
    assert world(
        *answered_call(1, "a", {"n": 1}, {"x": 1, "y": 2}),
        *answered_call(2, "a", {"n": 2}, {"y": 2, "x": 1}),
    ) == {"a": {"output": {"y": 2, "x": 1}}}


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
    assert world.tools["b"] == {"output": "small"}


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
