"""Outline of a huge JSON value, for texts that only state its form."""

from typing import Any

from shared.core.json import MAX_NESTING

#: Values visited within a value; a text never quotes a larger one in full.
_MAX_VALUES = 2_000


def outline(value: Any) -> Any:
    """Return a value cut to its form: a list keeps its length; values beyond the limit are None."""
    return _Outline().of(value, 0)


class _Outline:
    def __init__(self) -> None:
        self._room = _MAX_VALUES

    def of(self, value: Any, depth: int) -> Any:
        self._room -= 1
        if not isinstance(value, dict | list):
            return value
        if self._room <= 0 or depth >= MAX_NESTING:
            return None
        if isinstance(value, list):
            visited = [self.of(inner, depth + 1) for inner in value[: self._room]]
            return visited + [None] * (len(value) - len(visited)) if depth == 0 else visited
        fields = list(value.items())[: max(self._room, 1)]
        return {name: self.of(inner, depth + 1) for name, inner in fields}
