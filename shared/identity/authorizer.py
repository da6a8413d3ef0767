"""The decision at the door: which organisation does this request belong to?

Answers in the form API Gateway asks of a REQUEST authorizer. ``usageIdentifierKey`` names
the organisation's API Gateway key, so that throttle and quota are the gateway's own and
are shared by all keys of an organisation.
"""

from datetime import datetime, timedelta
from typing import Any

from shared.core.clock import Clock, system_clock
from shared.identity.keys import key_hash, presented_key
from shared.identity.models import ApiKey
from shared.identity.service import IdentityService

#: Keys remembered in one process, at most.
_REMEMBERED = 1000


class Unauthorized(Exception):
    """API Gateway turns an authorizer's error with exactly this text into a 401."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


class Authorizer:
    """Recognises keys, and remembers those it recognised for ``keep_seconds``.

    A key that is not recognised is never remembered: a new key works at once, a revoked
    one for ``keep_seconds`` at most, an expired one not at all. Keys are remembered by
    their hash. The time is the clock on the wall, which goes on while a function is
    frozen; a monotonic clock need not.
    """

    def __init__(
        self, service: IdentityService, keep_seconds: int, clock: Clock = system_clock
    ) -> None:
        self._service = service
        self._keep = timedelta(seconds=keep_seconds)
        self._clock = clock
        self._remembered: dict[str, tuple[datetime, ApiKey]] = {}

    def decide(self, event: dict[str, Any]) -> dict[str, Any]:
        """Return the policy that lets the request in. Raises :class:`Unauthorized`."""
        presented = presented_key(event.get("headers") or {})
        key = presented and self._recognise(presented)
        if not key:
            raise Unauthorized
        return {
            "principalId": str(key.id),
            "policyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": "execute-api:Invoke",
                        "Resource": event["methodArn"],
                    }
                ],
            },
            "context": {
                "organization_id": str(key.organization_id),
                "key_id": str(key.id),
                "key_name": key.name,
                "scopes": " ".join(key.scopes),
            },
            "usageIdentifierKey": key.usage_key,
        }

    def _recognise(self, presented: str) -> ApiKey | None:
        now = self._clock()
        name = key_hash(presented)
        read_at, key = self._remembered.get(name, (now, None))
        # Also not when the clock was set back: the key might live on until it catches up.
        if key is not None and read_at <= now < read_at + self._keep and key.usable(now):
            return key
        self._remembered.pop(name, None)
        found = self._service.recognise(presented)
        if found is not None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[name] = (now, found)
        return found
