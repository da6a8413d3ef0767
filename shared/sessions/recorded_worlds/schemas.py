"""Input schemas of recorded tools, derived from the arguments of their recorded calls.

A schema names arguments and their types, and no recorded value: a model that read one would
know the answer that the test is about.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

type Schema = dict[str, Any]

#: Levels of nested objects that are described.
_MAX_DEPTH = 4
#: Properties of an object, at most; one with more has values as keys.
_MAX_PROPERTIES = 50
#: Order of alternatives.
_TYPES: tuple[tuple[str, type | tuple[type, ...]], ...] = (
    ("boolean", bool),
    ("integer", int),
    ("number", float),
    ("string", str),
    ("array", list),
    ("object", Mapping),
)


def input_schema(entry: Mapping[str, Any]) -> Schema:
    """Return the JSON schema of a recorded tool's arguments: an object.

    An argument is required if all recorded calls have it; null is the same as absent.
    """
    recorded = [call.get("arguments") for call in entry.get("calls") or ()]
    # A tool, or one of its calls, that answers any arguments requires none.
    is_open = not recorded or not all(isinstance(one, Mapping) for one in recorded)
    described = _object([one for one in recorded if isinstance(one, Mapping)], depth=0)
    if is_open:
        described.pop("required", None)
    return {"type": "object", "properties": {}} | described


def _object(values: Sequence[Mapping[str, Any]], depth: int) -> Schema:
    by_name: dict[str, list[Any]] = {}
    for value in values:
        for name, part in value.items():
            if part is not None:
                by_name.setdefault(name, []).append(part)
    if not by_name or len(by_name) > _MAX_PROPERTIES or depth > _MAX_DEPTH:
        return {"type": "object"}
    properties = {name: _value(parts, depth + 1) for name, parts in by_name.items()}
    required = [name for name, parts in by_name.items() if len(parts) == len(values)]
    schema: Schema = {"type": "object", "properties": properties}
    return schema | {"required": required} if required else schema


def _value(values: Sequence[Any], depth: int) -> Schema:
    """Return the schema of values of one argument: one type, or alternatives."""
    by_type = {name: [one for one in values if _type(one) == name] for name, _ in _TYPES}
    if by_type["number"]:
        by_type["integer"] = []
    kinds = [_of_type(name, some, depth) for name, some in by_type.items() if some]
    if not kinds:
        return {}
    return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}


def _of_type(name: str, values: Sequence[Any], depth: int) -> Schema:
    if name == "object":
        return _object(values, depth)
    if name == "array":
        return {"type": "array", "items": _items(values, depth)}
    return {"type": name}


def _items(values: Iterable[Sequence[Any]], depth: int) -> Schema:
    parts = [part for value in values for part in value if part is not None]
    return _value(parts, depth + 1) if depth <= _MAX_DEPTH else {}


def _type(value: Any) -> str | None:
    return next((name for name, kind in _TYPES if isinstance(value, kind)), None)
