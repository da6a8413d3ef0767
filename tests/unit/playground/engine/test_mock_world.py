"""Mock worlds: answers of mocked and recorded tools, and their delays."""

from typing import Any

import pytest

from shared.playground.engine.mock_world import MockWorld, PacedTools, RecordedWorld
from shared.playground.engine.ports import ToolAnswer
from shared.playground.graph import MockError, MockOutput

RECORDED: dict[str, dict[str, Any]] = {
    "weigh": {
        "output": 3,
        "calls": [
            {"arguments": {"id": "a"}, "output": 1},
            {"arguments": {"id": "b"}, "error": "gone"},
            {"arguments": {"id": "a"}, "output": 3},
        ],
    },
    "open": {"output": {"ok": True}},
}


@pytest.mark.parametrize(
    ("arguments", "answers"),
    [
        ([{"id": "a"}, {"id": "a"}, {"id": "a"}], [1, 3, 3]),
        ([{"id": "b"}, {"id": "a"}, {"id": "b"}], ["gone", 1, "gone"]),
        ([{"id": "x"}, {"id": "y"}, {"id": "z"}, {}], [1, "gone", 3, 3]),
        ([{"id": "b"}, {"id": "x"}, {"id": "y"}, {"id": "z"}], ["gone", 1, 3, 3]),
    ],
)
def test_recorded_calls_match_arguments_then_order_then_last(
    arguments: list[dict[str, Any]], answers: list[Any]
) -> None:
    world = RecordedWorld(RECORDED)
    used: list[int] = []
    found: list[Any] = []
    for given in arguments:
        answer = world.call("weigh", given, used)
        assert answer.recorded is not None
        used.append(answer.recorded)
        found.append(answer.error or answer.output)

    assert found == answers


def test_single_recorded_answer_repeats() -> None:
    world = RecordedWorld(RECORDED)

    assert [world.call("open", {"n": n}, ()) for n in range(2)] == [
        ToolAnswer(output={"ok": True})
    ] * 2


def test_missing_tool_answers_with_error() -> None:
    for world in (MockWorld({}), RecordedWorld({})):
        assert world.call("gone", {}, ()).error == "The mock world has no tool 'gone'."


def test_delays_are_waited_up_to_limit_and_reported_in_full() -> None:
    waited: list[float] = []
    world = MockWorld({"slow": MockOutput(output=1, delay_ms=4_000), "bad": MockError(error="no")})
    tools = PacedTools(world, waited.append, limit=10)

    delays = [tools.call(tool, {}, ()).delay_ms for tool in ("slow", "bad", "slow", "slow", "slow")]

    assert delays == [4_000, 0, 4_000, 4_000, 4_000]
    assert waited == [4, 4, 2]
