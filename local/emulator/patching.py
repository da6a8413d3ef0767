"""Replace a function of the emulator, and say so when it is no longer there."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any


class Moved(Exception):
    """The emulator is not the one that the replacements were written for."""


def replace(
    owner: ModuleType, name: str, arguments: tuple[str, ...], wrap: Callable[[Any], Any]
) -> Any:
    """Put ``wrap(original)`` in the place of a private function.

    Parameters
    ----------
    owner
        The module that holds it.
    name
        Its name.
    arguments
        The names of its parameters, as they were when the replacement was written.
    wrap
        Given the original, returns what takes its place.

    Returns
    -------
    Any
        The replacement.

    Raises
    ------
    Moved
        When the function is missing or takes other parameters.
    """
    original = getattr(owner, name, None)
    if original is None:
        raise Moved(f"{owner.__name__}.{name} is gone")
    found = tuple(inspect.signature(original).parameters)
    if found != arguments:
        raise Moved(f"{owner.__name__}.{name} takes {found}, not {arguments}")
    replacement = wrap(original)
    setattr(owner, name, replacement)
    return replacement
