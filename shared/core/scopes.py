"""Scopes of API keys."""

from collections.abc import Iterable
from typing import Literal, get_args

type KeyScope = Literal["read", "write", "admin"]

#: Weakest first: each scope includes those before it.
SCOPES: tuple[KeyScope, ...] = get_args(KeyScope.__value__)


def permitted(scope: KeyScope, granted: Iterable[str]) -> bool:
    """Return whether a key's scopes include this one."""
    return not {*SCOPES[SCOPES.index(scope) :]}.isdisjoint(granted)
