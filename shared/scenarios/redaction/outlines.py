"""The form of huge JSON values, for words that only say that they are huge."""

from typing import Any

from shared.core.json import MAX_NESTING

#: Values within a value that are looked at. What has more is never told in full.
_MAX_VALUES = 2_000


def outlined(value: Any) -> Any:
    """Return a value, or as much of it as tells its form: a list keeps its length.

    What lies beyond the limit is None.
    """
    return _Outline().of(value, 0)


class _Outline:
    def __init__(self) -> None:
        self._left = _MAX_VALUES

    def of(self, value: Any, depth: int) -> Any:
        self._left -= 1
        if not isinstance(value, dict | list):
            return value
        if self._left <= 0 or depth >= MAX_NESTING:
            return None
        if isinstance(value, list):
            seen = [self.of(inner, depth + 1) for inner in value[: self._left]]
            return seen + [None] * (len(value) - len(seen)) if depth == 0 else seen
        return {
            name: self.of(inner, depth + 1)
            for name, inner in list(value.items())[: max(self._left, 1)]
        }
