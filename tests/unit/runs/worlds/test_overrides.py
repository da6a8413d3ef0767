"""Tool overrides over the world of a scenario."""

from typing import Any

import pytest

from shared.core.errors import InvalidInput
from shared.runs.worlds.overrides import merge_overrides
from shared.sessions.recorded_worlds.answers import find_answer
from shared.sessions.recorded_worlds.world import parse_world
from tests.support.worlds import WORLD


def test_override_answers_instead_of_all_recorded_calls() -> None:
    world = parse_world(WORLD)

    merged = merge_overrides(world, {"get_order": {"output": None, "delay_ms": 50}})

    answer = find_answer(merged, "get_order", {"order_id": "A-17"})
    assert answer.answer == {"output": None, "delay_ms": 50}
    assert answer.matched == "any"
    assert find_answer(merged, "send e-mail", {}).answer["output"] == "sent"
    assert world == parse_world(WORLD)


def test_override_adds_a_tool() -> None:
    merged = merge_overrides({}, {"refund": {"error": "The bank is down.", "delay_ms": 0}})

    assert merged == {"refund": {"error": "The bank is down."}}


@pytest.mark.parametrize(
    ("canned", "field"),
    [
        ({}, "tool_overrides.t: "),
        ({"error": None}, "tool_overrides.t: "),
        ({"output": 1, "error": "down"}, "tool_overrides.t: "),
        ({"error": ""}, "tool_overrides.t.error: "),
        ({"error": 1}, "tool_overrides.t.error: "),
        ({"output": 1, "delay_ms": 60_001}, "tool_overrides.t.delay_ms: "),
        ({"output": 1, "delay_ms": -1}, "tool_overrides.t.delay_ms: "),
        ({"output": 1, "delay_ms": True}, "tool_overrides.t.delay_ms: "),
    ],
)
def test_invalid_override_is_refused_by_field(canned: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput, match=f"^{field}"):
        merge_overrides({}, {"t": canned})


def test_error_beside_an_absent_output_is_an_error() -> None:
    canned = {"output": "kept", "error": None}

    assert merge_overrides({}, {"t": canned}) == {"t": {"output": "kept"}}
