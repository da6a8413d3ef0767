"""Ids as clients of the Galtea API write them: texts, until they are looked up.

A text that is no id is answered as an id that nothing has: not found, and not invalid.
"""

from collections.abc import Callable


def read_id[I](parse: Callable[[str], I], text: str) -> I | None:
    """Return the id that a client wrote, or None for a text that ``parse`` refuses."""
    try:
        return parse(text)
    except ValueError:
        return None
