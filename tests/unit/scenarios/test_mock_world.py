"""What the tools answered, so that it can be replayed."""

import json
from typing import Any

import pytest

from shared.scenarios.mock_world import MAX_BYTES, NO_ANSWER, mock_world_of
from shared.sessions.models import SessionKind
from shared.sessions.transcript import Entry, ToolAnswered, ToolCalled, Transcript
from tests.support.captured_sessions import conversation, transcript_of_messages


def world(*entries: Entry) -> dict[str, Any]:
    return mock_world_of(Transcript(kind=SessionKind.AGENT, entries=entries)).tools


def test_given_one_call_then_its_output_or_error_is_kept() -> None:
    assert world(
        ToolCalled(1, "a", {"n": 1}),
        ToolAnswered(1, "a", [1]),
        ToolCalled(2, "b", {}),
        ToolAnswered(2, "b", error="down"),
        ToolCalled(3, "c", {}),
        ToolAnswered(3, "c", None),
        ToolCalled(4, "d", {}),
    ) == {
        "a": {"output": [1]},
        "b": {"error": "down"},
        "c": {"output": None},
        "d": {"error": NO_ANSWER},
    }


def test_given_the_same_answer_twice_then_it_is_kept_once() -> None:
    assert world(
        ToolCalled(1, "a", {"n": 1}),
        ToolAnswered(1, "a", {"x": 1, "y": 2}),
        ToolCalled(2, "a", {"n": 2}),
        ToolAnswered(2, "a", {"y": 2, "x": 1}),
    ) == {"a": {"output": {"y": 2, "x": 1}}}


def test_given_different_answers_then_all_calls_are_kept_in_order() -> None:
    assert world(
        ToolCalled(1, "a", {"n": 1}),
        ToolAnswered(1, "a", "one"),
        ToolCalled(2, "a", {"n": 2}),
        ToolAnswered(2, "a", error="none"),
        ToolCalled(3, "a", {"n": 1}),
        ToolAnswered(3, "a", "uno"),
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


def test_given_a_huge_answer_then_it_is_left_out_counted_and_said() -> None:
    transcript = Transcript(
        kind=SessionKind.AGENT,
        entries=(
            ToolCalled(1, "a", {}),
            ToolAnswered(1, "a", "x" * 1_000_000),
            ToolCalled(2, "b", {}),
            ToolAnswered(2, "b", "small"),
        ),
    )
    made = mock_world_of(transcript)
    assert made.answers_left_out == 1
    assert list(made.tools["a"]) == ["error"]
    assert made.tools["b"] == {"output": "small"}


def test_given_very_many_answers_then_the_world_stays_in_its_limit() -> None:
    entries: list[Entry] = []
    for n in range(1, 10_001):
        entries += [
            ToolCalled(n, f"tool_{n % 7}", {"n": n}),
            ToolAnswered(n, "t", "x" * 200 + str(n)),
        ]
    made = mock_world_of(Transcript(kind=SessionKind.AGENT, entries=tuple(entries)))
    assert len(json.dumps(made.tools)) < MAX_BYTES * 1.2
    kept = sum(len(answer["calls"]) for answer in made.tools.values())
    assert kept > 500
    assert made.answers_left_out == 10_000 - kept


@pytest.mark.parametrize(
    "identifier", ["airline-000-0", "airline-004-0", "sgd-1_00011", "sgd-1_00019", "sgd-1_00053"]
)
def test_given_a_real_conversation_then_every_call_can_be_answered_as_it_was(
    identifier: str,
) -> None:
    transcript = transcript_of_messages(conversation(identifier)["messages"])
    tools = mock_world_of(transcript).tools
    used: dict[str, int] = {}
    for called, answered in transcript.calls():
        answer = tools[called.tool]
        if "calls" in answer:
            place = used.get(called.tool, 0)
            used[called.tool] = place + 1
            answer = answer["calls"][place]
            assert answer["arguments"] == called.arguments
        assert answered is not None
        assert answer.get("error") == answered.error
        assert answer.get("output") == answered.output
