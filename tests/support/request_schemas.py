"""Request schemas of the OpenAPI document: their limits, and values that exceed one each."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

_VARIANTS = ("anyOf", "oneOf", "allOf")
#: Formats whose parsers limit the text.
_SHORT_FORMATS = frozenset({"date-time", "date", "uuid"})
_SAMPLES = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "date-time": "2026-01-31T12:00:00Z",
    "date": "2026-01-31",
}
_PLAIN: dict[str, Any] = {"integer": 1, "number": 1, "boolean": True, "null": None}

type Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Excess:
    """A value that exceeds one limit of a schema; ``field`` is the path of what exceeds it."""

    field: tuple[str | int, ...]
    value: Any


class RequestSchemas:
    """Schemas of one OpenAPI document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    @cached_property
    def operations(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Method, path and description of each operation."""
        return [
            (method.upper(), path, operation)
            for path, item in self._document["paths"].items()
            for method, operation in item.items()
        ]

    def body(self, operation: dict[str, Any]) -> Schema | None:
        """Return the schema of an operation's JSON body, or None."""
        content = operation.get("requestBody", {}).get("content", {})
        schema: Schema | None = content.get("application/json", {}).get("schema")
        return schema

    def unlimited(self) -> Iterator[str]:
        """Yield the place of each string without maxLength and each array without maxItems."""
        for method, path, operation in self.operations:
            place = f"{method} {path}"
            for parameter in operation.get("parameters", ()):
                name = f"{place} {parameter['in']} {parameter['name']}"
                yield from self._unlimited(parameter["schema"], name, ())
            for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
                yield from self._unlimited(content["schema"], f"{place} {media_type}", ())

    def _unlimited(self, schema: Schema, place: str, inside: tuple[str, ...]) -> Iterator[str]:
        if name := _reference(schema):
            if name not in inside:
                named = self._document["components"]["schemas"][name]
                yield from self._unlimited(named, name, (*inside, name))
            return
        if _is_free_text(schema) and "maxLength" not in schema:
            yield f"{place}: maxLength"
        if schema.get("type") == "array" and "maxItems" not in schema:
            yield f"{place}: maxItems"
        for one in (*_variants(schema), *schema.get("prefixItems", ())):
            yield from self._unlimited(one, place, inside)
        for name, inner in schema.get("properties", {}).items():
            yield from self._unlimited(inner, f"{place}.{name}", inside)
        for keyword in ("items", "additionalProperties", "propertyNames"):
            if isinstance(inner := schema.get(keyword), dict):
                yield from self._unlimited(inner, f"{place}.{keyword}", inside)

    def excesses(self, schema: Schema, inside: tuple[str, ...] = ()) -> Iterator[Excess]:
        """Yield values of a schema that exceed one limit each and have only what is required."""
        if name := _reference(schema):
            if name not in inside:
                named = self._document["components"]["schemas"][name]
                yield from self.excesses(named, (*inside, name))
            return
        if _is_free_text(schema) and "maxLength" in schema:
            yield Excess((), "x" * (schema["maxLength"] + 1))
        if schema.get("type") == "array":
            items = schema.get("items", {})
            if "maxItems" in schema:
                yield Excess((), [self.sample(items)] * (schema["maxItems"] + 1))
            for one in self.excesses(items, inside):
                yield Excess((0, *one.field), [one.value])
        for variant in _variants(schema):
            yield from self.excesses(variant, inside)
        yield from self._excesses_of_fields(schema, inside)

    def _excesses_of_fields(self, schema: Schema, inside: tuple[str, ...]) -> Iterator[Excess]:
        for name, inner in schema.get("properties", {}).items():
            for one in self.excesses(inner, inside):
                yield Excess((name, *one.field), {**self.sample(schema), name: one.value})
        names, values = schema.get("propertyNames", {}), schema.get("additionalProperties")
        if "maxLength" in names:
            key = "x" * (names["maxLength"] + 1)
            value = self.sample(values if isinstance(values, dict) else {})
            yield Excess((key,), {**self.sample(schema), key: value})
        if isinstance(values, dict):
            for one in self.excesses(values, inside):
                yield Excess(("x", *one.field), {**self.sample(schema), "x": one.value})

    def sample(self, schema: Schema) -> Any:
        """Return a small value of a schema, with the required fields only."""
        if name := _reference(schema):
            return self.sample(self._document["components"]["schemas"][name])
        for keyword in ("const", "default"):
            if keyword in schema:
                return schema[keyword]
        if choices := schema.get("enum") or [self.sample(one) for one in _variants(schema)]:
            return choices[0]
        return self._sample_of_type(schema)

    def _sample_of_type(self, schema: Schema) -> Any:
        match schema.get("type"):
            case "string":
                return _sample_text(schema)
            case "array":
                return [self.sample(schema.get("items", {}))] * schema.get("minItems", 0)
            case kind if kind in _PLAIN:
                return schema.get("minimum", _PLAIN[kind])
        required = schema.get("required", ())
        return {name: self.sample(schema["properties"][name]) for name in required}


def _reference(schema: Schema) -> str | None:
    return schema["$ref"].rpartition("/")[2] if "$ref" in schema else None


def _variants(schema: Schema) -> list[Schema]:
    return [variant for keyword in _VARIANTS for variant in schema.get(keyword, ())]


def _is_free_text(schema: Schema) -> bool:
    return (
        schema.get("type") == "string"
        and not {"enum", "const"} & schema.keys()
        and schema.get("format") not in _SHORT_FORMATS
    )


def _sample_text(schema: Schema) -> str:
    if schema.get("format") in _SAMPLES:
        return _SAMPLES[schema["format"]]
    prefix, digits, _ = str(schema.get("pattern", "")).partition("_[0-9a-f]{32}")
    if digits:
        return f"{prefix.removeprefix('^')}_{'0' * 31}1"
    return "x" * max(1, int(schema.get("minLength", 1)))
