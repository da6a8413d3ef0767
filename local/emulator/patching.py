"""Replacement of private functions of the emulator, with a check that they exist."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any


class Moved(Exception):
    """An emulator of another version than the replacements were written for."""


def replace(
    owner: ModuleType, name: str, arguments: tuple[str, ...], wrap: Callable[[Any], Any]
) -> Any:
    """Replace a private function by ``wrap(original)``.

    Parameters
    ----------
    owner
        Module of the function.
    name
        Name of the function.
    arguments
        Names of its parameters when the replacement was written.
    wrap
        Returns the replacement of the original.

    Returns
    -------
    Any
        The replacement.

    Raises
    ------
    Moved
        The function is missing or has other parameters.
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
