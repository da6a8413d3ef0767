"""Input schemas derived from recorded arguments."""

import json
import time
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runs.worlds.domain import list_tools
from shared.sessions.recorded_worlds.schemas import input_schema
from shared.sessions.recorded_worlds.world import parse_world
from tests.support.worlds import WORLD

STRING = {"type": "string"}
ARGUMENTS = st.dictionaries(
    st.text(max_size=8),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
        max_leaves=12,
    ),
    max_size=6,
)


def schema(*recorded: Any) -> Any:
    return input_schema({"calls": [{"arguments": one} for one in recorded]})


def test_schema_has_the_arguments_of_all_calls_and_requires_those_of_each() -> None:
    assert schema({"id": "a", "days": 2}, {"id": "b", "when": None}) == {
        "type": "object",
        "properties": {"id": STRING, "days": {"type": "integer"}},
        "required": ["id"],
    }


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2], {"type": "integer"}),
        ([1, 2.5], {"type": "number"}),
        ([True, "yes"], {"anyOf": [{"type": "boolean"}, STRING]}),
        ([["a"], ["b", 1]], {"type": "array",
                             "items": {"anyOf": [{"type": "integer"}, STRING]}}),
        ([[]], {"type": "array", "items": {}}),
        ([{"city": "Oslo"}, {"city": "Rome", "zip": "1"}],
         {"type": "object", "properties": {"city": STRING, "zip": STRING},
          "required": ["city"]}),
    ],
)  # fmt: skip
def test_type_of_an_argument_is_that_of_its_values(values: list[Any], expected: Any) -> None:
    assert schema(*({"x": one} for one in values))["properties"]["x"] == expected


@pytest.mark.parametrize(
    "entry",
    [
        {"output": 1},
        {"output": 1, "calls": []},
        {"calls": [{"output": 1}, {"arguments": {"id": 1}, "output": 2}]},
        {"calls": [{"arguments": None, "output": 1}]},
    ],
)
def test_tool_that_answers_any_arguments_requires_none(entry: dict[str, Any]) -> None:
    found = input_schema(entry)

    assert found["type"] == "object"
    assert "required" not in found


def test_schema_has_no_recorded_value() -> None:
    assert "A-17" not in json.dumps([one.input_schema for one in list_tools(parse_world(WORLD))])


def test_object_with_many_keys_has_values_as_keys() -> None:
    assert schema({"prices": {f"A-{n}": n for n in range(60)}})["properties"]["prices"] == {
        "type": "object"
    }


@given(st.lists(ARGUMENTS, min_size=1, max_size=4))
def test_recorded_arguments_are_valid_by_their_schema(recorded: list[dict[str, Any]]) -> None:
    validator = jsonschema_rs.validator_for(schema(*recorded))
    for one in recorded:
        # Null is the same as absent.
        assert validator.is_valid(_without_nulls(one))


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_nulls(one) for one in value if one is not None]
    return value


HOSTILE: dict[str, Any] = {
    "many tools": {f"{n:x}": {"output": 1} for n in range(16_000)},
    "many arguments": {"t": {"calls": [{"arguments": {f"{n:x}": n}} for n in range(12_000)]}},
    "many calls": {"t": {"calls": [{"arguments": {"a": n}} for n in range(13_000)]}},
    "deep": {
        f"t{n}": {"calls": [{"arguments": json.loads('{"a":' * 90 + "1" + "}" * 90)}]}
        for n in range(450)
    },
    "long names": {"n" * 250_000: {"output": 1}},
    "small tools": {f"{n:x}": {"calls": [{"arguments": {"a": 1}}]} for n in range(6_500)},
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_listing_of_a_large_world_is_bounded(kind: str) -> None:
    world = HOSTILE[kind]
    assert 200_000 < len(json.dumps(world, separators=(",", ":"))) < 350_000
    started = time.process_time()

    listing = json.dumps([(one.name, one.input_schema) for one in list_tools(world)])

    assert len(listing) < 2_000_000
    assert time.process_time() - started < 2
