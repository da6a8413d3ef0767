"""Short names of schemas, unique in the document.

FastAPI distinguishes schemas of the same name by module path
(``shared__agents__models__Session``); the area is enough (``AgentsSession``), and schemas
outside areas need none. Titles are removed: they repeat the names of classes and fields, and
generators of clients would name two classes ``Session``.
"""

from collections import Counter
from typing import Any

_REFERENCE = "#/components/schemas/"
#: Keywords with one schema, and with a list of schemas.
_ONE = ("items", "additionalProperties")
_MANY = ("anyOf", "oneOf", "allOf", "prefixItems")


def with_short_names(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with its schemas renamed, unless names collide, without titles."""
    schemas = document["components"].get("schemas", {})
    short = {name: _short(name) for name in schemas}
    taken = Counter(short.values())
    names = {long: name if taken[name] == 1 else long for long, name in short.items()}
    renamed: dict[str, Any] = _renamed(document, names)
    renamed["paths"] = _without_titles_in(renamed["paths"])
    renamed["components"]["schemas"] = {
        names[name]: _without_titles(schema)
        for name, schema in renamed["components"].get("schemas", {}).items()
    }
    return renamed


def _short(name: str) -> str:
    parts = name.split("__")
    if len(parts) < 3 or parts[0] not in ("shared", "functions"):
        return name
    area = "" if parts[1] == "http" else parts[1].title()
    return area + parts[-1]


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: _reference(inner, names) if key == "$ref" else _renamed(inner, names)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_renamed(inner, names) for inner in value]
    return value


def _reference(target: Any, names: dict[str, str]) -> Any:
    if isinstance(target, str) and target.startswith(_REFERENCE):
        name = target.removeprefix(_REFERENCE)
        return _REFERENCE + names.get(name, name)
    return target


def _without_titles_in(value: Any) -> Any:
    """Return a part of the document without the titles of the schemas in it."""
    if isinstance(value, dict):
        return {
            key: _without_titles(inner) if key == "schema" else _without_titles_in(inner)
            for key, inner in value.items()
        }
    return [_without_titles_in(inner) for inner in value] if isinstance(value, list) else value


def _without_titles(schema: Any) -> Any:
    """Return a schema without titles, its own and those of the schemas in it."""
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key != "title"}
    for key in _ONE:
        if key in kept:
            kept[key] = _without_titles(kept[key])
    for key in _MANY:
        if key in kept:
            kept[key] = [_without_titles(one) for one in kept[key]]
    if "properties" in kept:
        kept["properties"] = {
            name: _without_titles(one) for name, one in kept["properties"].items()
        }
    return kept
