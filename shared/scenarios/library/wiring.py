"""Scenario service of this process."""

from functools import cache

from shared.scenarios.library.service import ScenarioService
from shared.storage.table import table


@cache
def scenarios() -> ScenarioService:
    """Return the service."""
    return ScenarioService(table())
