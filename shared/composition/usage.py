"""Usage of an organization, composed of the areas that have sessions and work in progress."""

from functools import cache, partial

from shared.agents.turns_in_progress import count_turns_in_progress
from shared.composition.captured_sessions import captured_sessions
from shared.identity.usage import wiring
from shared.identity.usage.service import UsageService
from shared.runs.simulations_in_progress import count_simulations_in_progress
from shared.storage.table import table


@cache
def usage() -> UsageService:
    """Return the service of this process."""
    return wiring.usage(
        captured_sessions().read_range,
        partial(count_turns_in_progress, table()),
        partial(count_simulations_in_progress, table()),
    )
