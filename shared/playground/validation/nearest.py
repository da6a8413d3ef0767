"""The name that was probably meant."""

from collections.abc import Collection
from difflib import get_close_matches

#: Names that are compared, over all findings of a check, and characters of each: a
#: comparison takes some 20 µs, and validation must stay quick for the largest graphs.
_COMPARISONS = 500
_LENGTH = 64


class Nearest:
    """Suggests names, until it has compared as many as one check may."""

    def __init__(self) -> None:
        self._left = _COMPARISONS

    def fix(self, name: str, known: Collection[str], otherwise: str) -> str:
        """Return a fix: the known name nearest to this one, or else what is given."""
        if len(known) > self._left:
            return otherwise
        self._left -= len(known)
        similar = get_close_matches(name[:_LENGTH], sorted(known), n=1)
        return f"Did you mean {similar[0]!r}?" if similar else otherwise
