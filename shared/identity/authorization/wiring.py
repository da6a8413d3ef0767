"""Wiring of authorization: the authorizer of a process."""

from functools import cache

from shared.core.settings import settings
from shared.identity.authorization.authorizer import Authorizer
from shared.storage.table import table


@cache
def authorizer() -> Authorizer:
    """Return the authorizer of this process."""
    return Authorizer(table(), settings().key_cache_seconds)
