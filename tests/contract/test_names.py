"""Names in openapi.json: unique in each form that a generator of clients makes of them."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from local.inline_schemas import JSON_OBJECT, name_inline_schemas
from local.openapi import OPENAPI

COMMITTED: dict[str, Any] = json.loads(OPENAPI.read_text())
SCHEMAS: dict[str, Any] = COMMITTED["components"]["schemas"]
OPERATIONS = [one for methods in COMMITTED["paths"].values() for one in methods.values()]


def _normal(name: str) -> str:
    """Return a name without what the languages of clients do not distinguish."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _repeated(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


def test_title_of_a_schema_is_its_name() -> None:
    assert [name for name, schema in SCHEMAS.items() if schema.get("title") != name] == []


def test_names_of_schemas_differ_in_every_language() -> None:
    assert _repeated(map(_normal, SCHEMAS)) == []


def test_operation_ids_are_unique() -> None:
    assert _repeated(one["operationId"] for one in OPERATIONS) == []


def test_operation_ids_of_a_tag_differ_in_every_language() -> None:
    """A client has one module or class for each tag."""
    assert _repeated(f"{one['tags']} {_normal(one['operationId'])}" for one in OPERATIONS) == []


def test_every_operation_has_one_tag() -> None:
    assert [one["operationId"] for one in OPERATIONS if len(one.get("tags", [])) != 1] == []


def _schemas_in(value: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the schemas that are declared in place, with their location."""
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from _schemas_in(one, f"{place}[{index}]")
    elif isinstance(value, dict):
        if "type" in value or "enum" in value:
            yield place, value
        for key, one in value.items():
            if key not in ("example", "examples", "default"):
                yield from _schemas_in(one, f"{place}.{key}")


def test_inline_schemas_are_neither_objects_nor_enumerations() -> None:
    parts = [(name, one) for name, one in COMMITTED["paths"].items()]
    parts += [
        (f"{name}.{key}", part)
        for name, schema in SCHEMAS.items()
        for key, part in schema.items()
        if isinstance(part, dict | list) and key not in ("required", "enum")
    ]
    inline = [
        place
        for name, part in parts
        for place, schema in _schemas_in(part, name)
        if schema.get("type") == "object" or len(schema.get("enum", ())) > 1
    ]

    assert not inline


def _document(**properties: Any) -> dict[str, Any]:
    return {
        "paths": {},
        "components": {"schemas": {"Trip": {"type": "object", "properties": properties}}},
    }


def test_inline_schemas_are_named_after_their_place() -> None:
    anything = {"type": "object", "additionalProperties": True}
    document = _document(
        travel_mode={"enum": ["rail", "road"], "type": "string", "default": "rail"},
        stops={"type": "array", "items": {"type": "object", "properties": {"at": anything}}},
    )

    name_inline_schemas(document)

    schemas = document["components"]["schemas"]
    assert schemas["Trip"]["properties"]["travel_mode"] == {
        "$ref": "#/components/schemas/TripTravelMode",
        "default": "rail",
    }
    assert schemas["TripTravelMode"] == {"enum": ["rail", "road"], "type": "string"}
    assert schemas["TripStopsItem"]["properties"]["at"] == {
        "$ref": f"#/components/schemas/{JSON_OBJECT}"
    }
    assert schemas[JSON_OBJECT] == anything


def test_two_inline_schemas_of_one_name_are_refused() -> None:
    document = _document(
        mode={"anyOf": [{"enum": ["a", "b"]}, {"enum": ["c", "d"]}]},
    )

    with pytest.raises(LookupError, match="TripMode"):
        name_inline_schemas(document)
