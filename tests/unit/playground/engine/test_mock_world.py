"""Mock worlds: answers of mocked and recorded tools, and their delays."""

from typing import Any

import pytest

from shared.playground.engine.mock_world import MockWorld, PacedTools, RecordedWorld
from shared.playground.engine.ports import ToolAnswer
from shared.playground.graph import MockError, MockOutput
from shared.sessions.recorded_worlds.world import parse_world

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


def test_recorded_answer_names_its_call_and_rule() -> None:
    world = RecordedWorld(RECORDED)

    assert world.call("weigh", {"id": "a"}, ()) == ToolAnswer(output=1, recorded=0, matched="order")
    assert world.call("weigh", {"id": "a"}, (0,)) == ToolAnswer(
        output=3, recorded=2, matched="order"
    )
    assert world.call("weigh", {"id": "B"}, ()) == ToolAnswer(
        error="gone", recorded=1, matched="normalized"
    )


def test_unknown_arguments_are_an_error() -> None:
    answer = RecordedWorld(RECORDED).call("weigh", {"id": "x"}, ())

    assert (answer.matched, answer.recorded, answer.output) == ("none", None, None)
    assert str(answer.error).startswith("no_recorded_answer: weigh: ")


ORDERS = {
    "get_order": {
        "output": {"id": "B2", "status": "lost"},
        "calls": [
            {"arguments": {"order_id": "A1"}, "output": {"id": "A1", "status": "sent"}},
            {"arguments": {"order_id": "B2"}, "output": {"id": "B2", "status": "lost"}},
        ],
    }
}
DAYS = {
    "f": {
        "output": 2,
        "calls": [
            {"arguments": {"date": "2026-05-01"}, "output": 1},
            {"arguments": {"date": "2026-05-02"}, "output": 2},
        ],
    }
}


@pytest.mark.parametrize(
    ("world", "tool", "arguments", "output", "matched"),
    [
        (ORDERS, "get_order", {"order_id": "b2"}, {"id": "B2", "status": "lost"}, "normalized"),
        (
            ORDERS,
            "get_order",
            {"order_id": "B2", "verbose": True},
            {"id": "B2", "status": "lost"},
            "normalized",
        ),
        (DAYS, "f", {"date": "2 May 2026"}, 2, "normalized"),
        (
            {"cancel_order": {"output": {"cancelled": True}}},
            "cancel_order",
            {"order_id": "NOT-THERE"},
            {"cancelled": True},
            "any",
        ),
    ],
)
def test_call_gets_the_answer_of_its_arguments_and_a_mark(
    world: dict[str, Any], tool: str, arguments: dict[str, Any], output: Any, matched: str
) -> None:
    answer = RecordedWorld(parse_world(world)).call(tool, arguments, ())

    assert (answer.output, answer.error, answer.matched) == (output, None, matched)


def test_answer_without_calls_repeats_for_any_arguments() -> None:
    world = RecordedWorld(RECORDED)

    assert [world.call("open", {"n": n}, ()) for n in range(2)] == [
        ToolAnswer(output={"ok": True}, matched="any")
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
