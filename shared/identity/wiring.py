"""Wiring of identity: the service of a process."""

from functools import cache

from shared.identity.service import IdentityService
from shared.storage.table import table


@cache
def identity() -> IdentityService:
    """Return the service of this process."""
    return IdentityService(table())
