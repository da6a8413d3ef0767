"""Short names of schemas that have the same name in two areas.

FastAPI distinguishes them by module path (``shared__agents__models__Session``); the area is
enough (``AgentsSession``), and schemas outside areas need none.
"""

from collections import Counter
from typing import Any

_REFERENCE = "#/components/schemas/"


def with_short_names(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with its schemas renamed, unless names collide."""
    schemas = document["components"].get("schemas", {})
    short = {name: _short(name) for name in schemas}
    taken = Counter(short.values())
    names = {long: name if taken[name] == 1 else long for long, name in short.items()}
    renamed: dict[str, Any] = _renamed(document, names)
    renamed["components"]["schemas"] = {
        names[name]: schema for name, schema in renamed["components"].get("schemas", {}).items()
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
