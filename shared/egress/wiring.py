"""Wiring of outgoing requests: the allow-list of this process."""

from functools import cache

from shared.core.settings import settings
from shared.egress.hosts import AllowedHosts


@cache
def allowed_hosts() -> AllowedHosts:
    """Return the hosts that organizations may send requests to."""
    return AllowedHosts.parse(settings().outgoing_hosts)
