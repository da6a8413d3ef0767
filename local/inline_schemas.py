"""Names for inline schemas: objects and enumerations become components.

Generators of clients make a class of each; without a name they number it
(``TracedTurnDecisionType0``). An object of any content is ``JsonObject``, any other one is named
after its place: ``ScenarioCreateMockWorld`` is the field ``mock_world`` of ``ScenarioCreate``.
"""

import re
from typing import Any

type _Schema = dict[str, Any]

_REFERENCE = "#/components/schemas/"
JSON_OBJECT = "JsonObject"
#: Keywords that stay beside a reference (JSON Schema 2020-12, section 8.2.3.1).
_BESIDE = ("description", "default", "deprecated", "examples")
_UNIONS = ("anyOf", "oneOf", "allOf")


def name_inline_schemas(document: dict[str, Any]) -> None:
    """Move the inline schemas of a document to its components."""
    schemas: dict[str, _Schema] = document["components"]["schemas"]
    moved: dict[str, _Schema] = {}
    for name, schema in schemas.items():
        schemas[name] = _with_named_parts(schema, name, moved)
    for methods in document["paths"].values():
        for operation in methods.values():
            _name_in_operation(operation, _class_name(operation["operationId"]), moved)
    if taken := schemas.keys() & moved.keys():
        raise LookupError(f"rename these models, or give the fields models: {sorted(taken)}")
    schemas |= moved


def _name_in_operation(operation: _Schema, name: str, moved: dict[str, _Schema]) -> None:
    for parameter in operation.get("parameters", []):
        place = name + _class_name(parameter["name"])
        parameter["schema"] = _with_reference(parameter["schema"], place, moved)
    contents = [("Request", operation.get("requestBody", {}))]
    contents += [
        ("Response" if status.startswith("2") else f"Response{status}", response)
        for status, response in operation["responses"].items()
    ]
    for suffix, described in contents:
        for media in described.get("content", {}).values():
            if "schema" in media:
                media["schema"] = _with_reference(media["schema"], name + suffix, moved)


def _with_reference(schema: Any, name: str, moved: dict[str, _Schema]) -> Any:
    """Return a reference to the schema, if it is one to move, and else the schema."""
    if not isinstance(schema, dict) or "$ref" in schema:
        return schema
    schema = _with_named_parts(schema, name, moved)
    if schema.get("type") != "object" and len(schema.get("enum", ())) < 2:
        return schema
    content = {key: value for key, value in schema.items() if key not in _BESIDE}
    if content in ({"type": "object"}, {"type": "object", "additionalProperties": True}):
        name, content = JSON_OBJECT, {"type": "object", "additionalProperties": True}
    if moved.setdefault(name, content) != content:
        raise LookupError(f"two schemas would have the name {name}: give one a model")
    beside = {key: schema[key] for key in _BESIDE if key in schema}
    return {"$ref": _REFERENCE + name, **beside}


def _with_named_parts(schema: _Schema, name: str, moved: dict[str, _Schema]) -> _Schema:
    """Return a schema whose properties, items and choices have names."""
    found = dict(schema)
    for key, suffix in (("items", "Item"), ("additionalProperties", "Value")):
        if key in found:
            found[key] = _with_reference(found[key], name + suffix, moved)
    for key in _UNIONS:
        if key in found:
            found[key] = [_with_reference(one, name, moved) for one in found[key]]
    if "properties" in found:
        found["properties"] = {
            field: _with_reference(one, name + _class_name(field), moved)
            for field, one in found["properties"].items()
        }
    return found


def _class_name(text: str) -> str:
    """Return a name as a class has it: ``mock_world`` → ``MockWorld``."""
    return "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", text))
