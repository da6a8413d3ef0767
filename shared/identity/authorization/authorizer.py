"""API Gateway authorizer: identify the organization of a request by its API key.

Answers in the form of a REQUEST authorizer. ``usageIdentifierKey`` is the organization's API
Gateway key: the gateway applies throttle and quota to all API keys of an organization
together.
"""

from datetime import datetime, timedelta
from typing import Any

from shared.core.clock import Clock, system_clock
from shared.identity.documents import ApiKeyCodec
from shared.identity.domain import ApiKey
from shared.identity.keys import key_hash, key_in_headers
from shared.storage.table import Table

#: Keys cached in one process, at most.
_MAX_CACHED = 1000
_CODEC = ApiKeyCodec()


class Unauthorized(Exception):
    """Rejection: API Gateway turns an error with exactly this text into a 401."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


class Authorizer:
    """Authenticates API keys, and caches usable ones for ``cache_seconds``.

    A rejected key is never cached: a new key works at once, a revoked one for
    ``cache_seconds`` at most, an expired one not at all. Keys are cached by their hash. Uses
    the wall clock, which goes on while a function is frozen; a monotonic clock may stop.
    """

    def __init__(self, table: Table, cache_seconds: int, clock: Clock = system_clock) -> None:
        self._table = table
        self._lifetime = timedelta(seconds=cache_seconds)
        self._clock = clock
        self._cached: dict[str, tuple[datetime, ApiKey]] = {}

    def authorize(self, event: dict[str, Any]) -> dict[str, Any]:
        """Return the policy that allows the request: one read, or none of a cached key.

        Raises :class:`Unauthorized`.
        """
        secret = key_in_headers(event.get("headers") or {})
        key = secret and self._authenticate(secret)
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

    def _authenticate(self, secret: str) -> ApiKey | None:
        now = self._clock()
        secret_hash = key_hash(secret)
        read_at, key = self._cached.get(secret_hash, (now, None))
        # If the clock was set back, the key is read again: it might outlive its time otherwise.
        if key and read_at <= now < read_at + self._lifetime and key.is_usable(now):
            return key
        self._cached.pop(secret_hash, None)
        record = self._table.get(_CODEC.hash_key(secret_hash))
        key = _CODEC.from_record(record) if record else None
        if key is None or not key.is_usable(now):
            return None
        if len(self._cached) >= _MAX_CACHED:
            self._cached.clear()
        self._cached[secret_hash] = (now, key)
        return key
