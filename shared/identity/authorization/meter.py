"""Meter of requests: throttle and quota of organizations without a key of their own in API Gateway.

The gateway counts nothing for them. The authorizer names one of three keys, which all of these
organizations share: a request that may pass, or one that the gateway refuses as throttled or over
its quota (docs/decisions/0051-organizations-without-a-gateway-key.md).
"""

import math
from dataclasses import dataclass, field
from datetime import date

from shared.core.clock import Clock, system_clock
from shared.core.errors import Throttled
from shared.core.ids import OrganizationId
from shared.storage.buckets import Bucket, BucketSize, Take
from shared.storage.records import Key

#: Organizations remembered in one process, at most.
_MAX_REMEMBERED = 10_000
#: Parts of a burst, and of a day's quota, that a process passes before it asks the table.
_BURST_PARTS, _QUOTA_PARTS = 50, 10_000
#: Writes of one organization's passed requests per second, at most. The table takes 1,000 at one
#: item; the rest is for refusals.
_MAX_WRITES = 500
#: Microseconds: validity of tokens taken in advance, and the longest pause after a refusal.
_VALIDITY, _LONGEST_PAUSE = 1_000_000, 500_000


@dataclass(frozen=True, slots=True)
class UsageKeys:
    """Values of the shared keys in API Gateway, by the plan that each is in."""

    passed: str
    throttled: str
    exhausted: str


@dataclass(frozen=True, slots=True)
class RequestLimits(BucketSize):
    """Requests of one organization: per second, in a burst, and (``total``) per day in UTC."""

    @property
    def allowance(self) -> int:
        """Requests that a process passes before it asks, while the organization is far from
        its limits: 2 % of a burst, or 0.01 % of a day's quota if that is less."""
        return min(self.burst // _BURST_PARTS, self.total // _QUOTA_PARTS)

    @property
    def lease(self) -> int:
        """Requests that are taken by one write: 1 up to 500 requests per second."""
        return min(self.burst, self.total, math.ceil(self.rate / _MAX_WRITES))

    @property
    def pause(self) -> int:
        """Microseconds in which a process refuses without asking again. A bucket must not become
        full in a pause, or less than the rate would pass."""
        return min(_LONGEST_PAUSE, self.duration(self.burst) // 2)

    def is_far(self, bucket: Bucket, now: int) -> bool:
        """Return whether an organization is far from its limits: half of a burst and a twentieth
        of the day's quota are left."""
        left = self.total - bucket.taken
        return self.level(bucket, now) >= self.burst / 2 and left >= self.total / 20


@dataclass(slots=True)
class _Local:
    """One organization in this process. Times are in microseconds since the epoch.

    ``credit`` requests may pass until ``credit_until`` without asking the table. ``owed`` counts
    those that passed and are not written; it is negative while some are written in advance.
    """

    credit: int
    credit_until: float = math.inf
    owed: int = 0
    day: date | None = None
    bucket: Bucket = field(default_factory=Bucket)
    refused_until: int = 0
    refusal: str = ""


class Meter:
    """Limits the requests of each organization, over all processes of the authorizer.

    A process passes a few requests of an organization from memory, then writes them to the
    organization's bucket, and learns how full it is. Near a limit each request is taken from
    the bucket before it passes, by one write; refusals are remembered for half a second, those by
    the quota until the day ends.
    """

    def __init__(
        self, take: Take, limits: RequestLimits, keys: UsageKeys, clock: Clock = system_clock
    ) -> None:
        self._take = take
        self._limits = limits
        self._keys = keys
        self._clock = clock
        self._locals: dict[OrganizationId, _Local] = {}

    def usage_key(self, organization_id: OrganizationId) -> str:
        """Count a request; return the shared key under which the gateway passes or refuses it.

        Mostly from memory; otherwise one write, rarely two. Storage errors pass, except that an
        organization whose bucket is throttled is refused.
        """
        local = self._locals.get(organization_id) or self._remember(organization_id)
        moment = self._clock()
        now = int(moment.timestamp() * 1_000_000)
        if now < local.refused_until:
            return local.refusal
        if local.credit > 0 and now < local.credit_until:
            local.credit -= 1
            local.owed += 1
            return self._keys.passed
        if local.day != moment.date():
            local.day, local.bucket = moment.date(), Bucket()
        return self._ask(organization_id, local, now)

    def _ask(self, organization_id: OrganizationId, local: _Local, now: int) -> str:
        limits = self._limits
        key = Key(f"{organization_id}#requests#{local.day}", "requests")
        tokens = max(local.owed, 0) + limits.lease
        local.credit = 0
        try:
            local.bucket, is_taken = self._take(key, tokens, limits, now, local.bucket)
        except Throttled:
            return self._refuse(local, self._keys.throttled, now + limits.pause)
        if not is_taken and local.bucket.taken + tokens > limits.total:
            return self._refuse(local, self._keys.exhausted, _end_of_day(now))
        if not is_taken:
            at = local.bucket.full_at + limits.duration(tokens) - limits.duration(limits.burst)
            return self._refuse(local, self._keys.throttled, max(at, now + limits.pause))
        local.owed, local.credit = 1 - limits.lease, limits.lease - 1
        local.credit_until = now + _VALIDITY
        if limits.is_far(local.bucket, now):
            local.credit += limits.allowance
            local.credit_until = math.inf
        return self._keys.passed

    def _refuse(self, local: _Local, usage_key: str, until: int) -> str:
        local.refused_until, local.refusal = until, usage_key
        return usage_key

    def _remember(self, organization_id: OrganizationId) -> _Local:
        """Add an organization, in place of the oldest one if there are too many."""
        if len(self._locals) >= _MAX_REMEMBERED:
            del self._locals[next(iter(self._locals))]
        local = self._locals[organization_id] = _Local(credit=self._limits.allowance)
        return local


def _end_of_day(now: int) -> int:
    """Return the next midnight in UTC."""
    day = 86_400_000_000
    return (now // day + 1) * day
