"""Steps without a counterpart so far, found by their keys."""

from collections import defaultdict, deque
from collections.abc import Hashable


class Unmatched:
    """Positions by their keys; each operation takes constant time, amortized."""

    def __init__(self) -> None:
        self._by_key: dict[Hashable, deque[int]] = defaultdict(deque)
        self._matched: set[int] = set()

    def add(self, position: int, *keys: Hashable) -> None:
        """Add a position, greater than any before it."""
        for key in keys:
            self._by_key[key].append(position)

    def first(self, *keys: Hashable) -> int | None:
        """Return the first unmatched position with any of the keys."""
        heads = [head for key in keys if (head := self._head(key)) is not None]
        return min(heads, default=None)

    def match(self, *keys: Hashable) -> int | None:
        """Return the first unmatched position with any of the keys; it is matched then."""
        found = self.first(*keys)
        if found is not None:
            self._matched.add(found)
        return found

    def _head(self, key: Hashable) -> int | None:
        positions = self._by_key.get(key)
        while positions and positions[0] in self._matched:
            positions.popleft()
        return positions[0] if positions else None
