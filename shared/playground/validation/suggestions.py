"""Name suggestions: the most similar known name for an unknown one."""

from collections.abc import Collection
from difflib import get_close_matches

#: Names compared per validation, and characters of each. A comparison takes about 20 µs, and
#: validation must stay fast for the largest graphs.
_COMPARISONS = 500
_LENGTH = 64


class NameSuggester:
    """Suggests names until the comparisons of one validation are used up."""

    def __init__(self) -> None:
        self._left = _COMPARISONS

    def suggest(self, name: str, known: Collection[str], default: str) -> str:
        """Return a fix with the most similar known name, or the default fix."""
        if len(known) > self._left:
            return default
        self._left -= len(known)
        similar = get_close_matches(name[:_LENGTH], sorted(known), n=1)
        return f"Did you mean {similar[0]!r}?" if similar else default
