"""Normal form of OpenAPI schemas, for comparison.

OpenAPI 3.0 writes ``nullable: true`` where 3.1 writes ``type: [string, null]`` and Pydantic
``anyOf`` with ``null``; references, titles and order differ without meaning.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.contract.allowances import OWN_LIMITS

type Schema = dict[str, Any]

#: Documentation only.
_PROSE = {"title", "description", "example", "examples", "summary", "deprecated", "x-order"}
_NULL = {"type": "null"}


@dataclass(frozen=True)
class Document:
    """OpenAPI document that returns its schemas in normal form."""

    content: Schema
    open: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> "Document":
        return cls(json.loads(path.read_text()))

    def operations(self) -> dict[str, tuple[str, str, Schema]]:
        """Return method, path and description of each operation, by its id."""
        return {
            operation["operationId"]: (method, path, operation)
            for path, methods in self.content["paths"].items()
            for method, operation in methods.items()
        }

    def normal(self, schema: Schema) -> Schema:
        """Return a schema in normal form, with references resolved."""
        if "$ref" in schema:
            return self._resolved(schema)
        schema = _without_prose(schema)
        if len(schema.get("allOf", ())) == 1:
            return self.normal(schema["allOf"][0] | {k: schema[k] for k in schema if k != "allOf"})
        choices = schema.pop("anyOf", None) or schema.pop("oneOf", None)
        if choices:
            return self._choice(choices, schema)
        return self._plain(schema)

    def _resolved(self, schema: Schema) -> Schema:
        name = schema["$ref"].rpartition("/")[2]
        if name in self.open:
            return {"recursive": True}
        target = self.content["components"]["schemas"][name]
        siblings = {key: value for key, value in schema.items() if key != "$ref"}
        return replace(self, open=(*self.open, name)).normal(target | siblings)

    def _choice(self, choices: list[Schema], around: Schema) -> Schema:
        normal = [self.normal(choice) for choice in choices]
        others = [choice for choice in normal if choice != _NULL]
        nullable = len(others) < len(normal) or around.pop("nullable", False)
        if len(others) == 1:
            schema = others[0] | self._plain(around)
        else:
            schema = {"anyOf": sorted(others, key=_without_limits)} | self._plain(around)
        return schema | {"nullable": True} if nullable else schema

    def _plain(self, schema: Schema) -> Schema:
        found = dict(schema)
        types = found.get("type")
        if isinstance(types, list):
            rest = [one for one in types if one != "null"]
            found["type"] = rest[0] if len(rest) == 1 else sorted(rest)
            found["nullable"] = "null" in types
        if not found.get("nullable"):
            found.pop("nullable", None)
        if "const" in found:
            found["enum"] = [found.pop("const")]
        if "enum" in found:
            found["enum"] = sorted(value for value in found["enum"] if value is not None)
        if found.get("additionalProperties") is True:
            del found["additionalProperties"]  # the default
        if found.get("default", 0) is None:
            del found["default"]  # equal to no default
        return self._nested(found)

    def _nested(self, schema: Schema) -> Schema:
        if "properties" in schema:
            schema["properties"] = {
                name: self.normal(inner) for name, inner in schema["properties"].items()
            }
        for key in ("items", "additionalProperties"):
            if isinstance(schema.get(key), dict):
                schema[key] = self.normal(schema[key])
        if "required" in schema:
            schema["required"] = sorted(schema["required"])
        return schema


def differences(expected: Any, found: Any, location: str = "") -> dict[str, str]:
    """Return the differences by location: ``properties.title.maxLength``."""
    if isinstance(expected, dict) and isinstance(found, dict):
        collected: dict[str, str] = {}
        for key in sorted(expected.keys() | found.keys()):
            where = f"{location}.{key}" if location else key
            if key not in expected:
                collected[where] = f"added: {json.dumps(found[key], sort_keys=True)}"
            elif key not in found:
                collected[where] = f"missing: {json.dumps(expected[key], sort_keys=True)}"
            else:
                collected |= differences(expected[key], found[key], where)
        return collected
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        nested = [differences(*pair, f"{location}[{number}]") for number, pair in pairs]
        return {place: text for part in nested for place, text in part.items()}
    if expected == found:
        return {}
    return {location: f"expected {json.dumps(expected)}, found {json.dumps(found)}"}


def _without_limits(schema: Schema) -> str:
    """Return a text that sorts choices alike, whatever their limits."""
    kept = {key: value for key, value in schema.items() if key not in OWN_LIMITS}
    return json.dumps(kept, sort_keys=True)


def _without_prose(schema: Schema) -> Schema:
    return {
        key: value
        for key, value in schema.items()
        if key not in _PROSE and not key.startswith("x-")
    }
