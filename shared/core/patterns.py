"""Patterns of clients: regular expressions of RE2, whose automata do not backtrack."""

from collections.abc import Callable
from typing import Any

from shared.core.errors import InvalidInput

#: Bytes of the automata of one pattern, at most. With 8 MB, 100 KB of text can take 7 seconds;
#: with these, 20,000 characters take a tenth of a second at most.
MAX_PATTERN_MEMORY = 100_000


def compile_pattern(pattern: str) -> Callable[[str], Any]:
    """Return the search of a pattern in a text: a match, or None. Raises ``InvalidInput``."""
    import re2  # type: ignore[import-untyped]  # noqa: PLC0415  # few functions need it

    options = re2.Options()
    options.max_mem = MAX_PATTERN_MEMORY
    options.log_errors = False
    try:
        search: Callable[[str], Any] = re2.compile(pattern, options).search
    except re2.error as error:
        reason = error.args[0].decode(errors="replace") if error.args else ""
        raise InvalidInput(f"pattern: must be a regular expression of RE2: {reason}") from error
    return search
