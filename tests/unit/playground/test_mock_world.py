"""What tools answer while a workflow is tried."""

from typing import Any

import pytest

from shared.playground.engine_ports import ToolAnswer
from shared.playground.graph import MockError, MockOutput
from shared.playground.mock_world import MockWorld, PacedTools, RecordedWorld

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


def answers(*arguments: dict[str, Any]) -> list[Any]:
    """Return what a recorded tool answers to calls, one after the other."""
    world = RecordedWorld(RECORDED)
    used: list[int] = []
    found: list[Any] = []
    for given in arguments:
        answer = world.call("weigh", given, used)
        assert answer.recorded is not None
        used.append(answer.recorded)
        found.append(answer.error or answer.output)
    return found


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([{"id": "a"}, {"id": "a"}, {"id": "a"}], [1, 3, 3]),
        ([{"id": "b"}, {"id": "a"}, {"id": "b"}], ["gone", 1, "gone"]),
        ([{"id": "x"}, {"id": "y"}, {"id": "z"}, {}], [1, "gone", 3, 3]),
        ([{"id": "b"}, {"id": "x"}, {"id": "y"}, {"id": "z"}], ["gone", 1, 3, 3]),
    ],
)
def test_given_recorded_calls_then_arguments_come_first_then_the_order_then_the_last(
    arguments: list[dict[str, Any]], told: list[Any]
) -> None:
    assert answers(*arguments) == told


def test_given_one_recorded_answer_then_it_is_always_the_same() -> None:
    world = RecordedWorld(RECORDED)

    assert [world.call("open", {"n": n}, ()) for n in range(2)] == [
        ToolAnswer(output={"ok": True})
    ] * 2


def test_given_a_tool_that_is_not_there_then_it_answers_with_an_error() -> None:
    for world in (MockWorld({}), RecordedWorld({})):
        assert world.call("gone", {}, ()).error == "The mock world has no tool 'gone'."


def test_given_delays_then_they_are_waited_for_up_to_a_limit_and_told_in_full() -> None:
    waited: list[float] = []
    world = MockWorld({"slow": MockOutput(output=1, delay_ms=4_000), "bad": MockError(error="no")})
    tools = PacedTools(world, waited.append, limit=10)

    delays = [tools.call(tool, {}, ()).delay_ms for tool in ("slow", "bad", "slow", "slow", "slow")]

    assert delays == [4_000, 0, 4_000, 4_000, 4_000]
    assert waited == [4, 4, 2]
