"""Wiring of authorization: the authorizer of a process."""

from functools import cache, partial

from shared.core.settings import settings
from shared.identity.authorization.authorizer import Authorizer
from shared.identity.authorization.meter import Meter, RequestLimits, UsageKeys
from shared.storage.buckets import take
from shared.storage.table import table


@cache
def authorizer() -> Authorizer:
    """Return the authorizer of this process."""
    configured = settings()
    limits = RequestLimits(configured.rate_limit, configured.burst_limit, configured.daily_quota)
    keys = UsageKeys(
        configured.passed_usage_key,
        configured.throttled_usage_key,
        configured.exhausted_usage_key,
    )
    return Authorizer(
        table(), Meter(partial(take, table()), limits, keys), configured.key_cache_seconds
    )
