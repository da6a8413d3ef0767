"""Mutations of an example request: for each field what a program may send by mistake."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

type Path = tuple[str | int, ...]

#: Name of a field that no request has.
UNKNOWN = "unknown_field_x"
_DROPPED: Any = object()
#: A value of each type; those of the field's own type are left out.
_WRONG: dict[str, Any] = {
    "null": None,
    "a text": "x",
    "an empty text": "",
    "a number": -7.5,
    "a boolean": True,
    "an empty list": [],
    "a list": ["x", 7, None],
    "an object": {"x": {"y": [None]}},
    "a huge text": "x" * 250_000,
    "a text with control characters": "\x00\x1b\u2028\ufffe\ud83d",
    "a huge number": 10**40,
    "a long list": ["x"] * 5_000,
    "a deep list": json.loads("[" * 80 + "]" * 80),
}


@dataclass(frozen=True, slots=True)
class Mutation:
    """A changed body; ``path`` is the field that was changed, empty for the whole body."""

    name: str
    path: Path
    text: str

    @property
    def field(self) -> str:
        """The name of the field, or of the list that it is in; empty for the whole body."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")


def mutations(body: Any) -> Iterator[Mutation]:
    """Yield mutations of a JSON body: of the whole, of each field, of each list's first entry."""
    for path in _paths(body):
        label = ".".join(map(str, path)) or "body"
        for name, value in _WRONG.items():
            yield Mutation(f"{label} is {name}", path, json.dumps(_with(body, path, value)))
        if path and isinstance(path[-1], str):
            dropped = _with(body, path, _DROPPED)
            yield Mutation(f"{label} is missing", path, json.dumps(dropped))
        if isinstance(_at(body, path), dict):
            unknown = (*path, UNKNOWN)
            added = _with(body, unknown, 1)
            yield Mutation(f"{label} has an unknown field", unknown, json.dumps(added))
    yield from _texts(json.dumps(body))


def _texts(body: str) -> Iterator[Mutation]:
    for name, text in {
        "empty": "",
        "not JSON": "{",
        "cut": body[: len(body) // 2],
        "JSON and more": body + "}",
        "NaN": '{"a": NaN}',
        "too deep": '{"a":' * 3_000 + "1" + "}" * 3_000,
        "with repeated keys": body[:-1] + "," + body[1:] if body != "{}" else "{}",
        "a cut escape in a key": '{"\\ud83d": 1}',
        "over 1 MiB": json.dumps({"x": "x" * (1 << 20)}),
    }.items():
        yield Mutation(f"body is {name}", (), text)


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _paths(inner, (*path, name))
    elif isinstance(value, list) and value:
        yield from _paths(value[0], (*path, 0))


def _at(body: Any, path: Path) -> Any:
    for step in path:
        body = body[step]
    return body


def _with(body: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(body)
    *above, last = path
    part = _at(changed, tuple(above))
    if value is _DROPPED:
        del part[last]
    else:
        part[last] = value
    return changed
