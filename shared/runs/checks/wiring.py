"""Check service of this process."""

from functools import cache

from shared.runs.checks.service import CheckService
from shared.storage.table import table


@cache
def checks() -> CheckService:
    """Return the service."""
    return CheckService(table())
