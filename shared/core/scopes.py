"""What an API key may do."""

from collections.abc import Iterable
from typing import Literal, get_args

type KeyScope = Literal["read", "write", "admin"]

#: The weakest first: each holds those before it.
SCOPES: tuple[KeyScope, ...] = get_args(KeyScope.__value__)


def permitted(scope: KeyScope, held: Iterable[str]) -> bool:
    """Tell whether one of the scopes held is this one, or a stronger."""
    return not {*SCOPES[SCOPES.index(scope) :]}.isdisjoint(held)
