"""Wiring of usage: the service of a process."""

from collections.abc import Callable

from shared.core.ids import OrganizationId
from shared.core.settings import settings
from shared.identity.usage.domain import Limits
from shared.identity.usage.service import ReadRange, UsageService

#: Returns a number of things of an organization that are in progress.
type CountInProgress = Callable[[OrganizationId], int]


def usage(
    read_range: ReadRange, count_turns: CountInProgress, count_simulations: CountInProgress
) -> UsageService:
    """Return the service; the areas hand in the sessions and what is in progress."""

    def limits(organization_id: OrganizationId) -> Limits:
        configured = settings()
        return Limits(
            requests_per_second=configured.rate_limit or None,
            requests_in_a_burst=configured.burst_limit or None,
            requests_per_day=configured.daily_quota or None,
            max_turns_in_progress=configured.max_turns_per_organization,
            turns_in_progress=count_turns(organization_id),
            max_simulations_in_progress=configured.max_simulations_per_organization,
            simulations_in_progress=count_simulations(organization_id),
        )

    return UsageService(read_range, limits)
