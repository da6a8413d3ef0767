"""API Gateway authorizer: identify the organization of a request by its API key.

Answers in the form of a REQUEST authorizer. It denies instead of raising: an error would end the
environment and leave a traceback in the log. ``usageIdentifierKey`` is the key under which the
gateway applies throttle and quota: the organization's own, or else one that the meter chooses.
"""

from datetime import datetime, timedelta
from typing import Any

from shared.core.clock import Clock, system_clock
from shared.identity.authorization.meter import Meter
from shared.identity.documents import ApiKeyCodec
from shared.identity.domain import ApiKey
from shared.identity.keys import key_hash, key_in_headers
from shared.storage.table import Table

#: Accepted keys, and refused ones, remembered in one process, at most.
_MAX_CACHED = 1000
_CODEC = ApiKeyCodec()


class Authorizer:
    """Authenticates API keys, and remembers each decision for ``cache_seconds``.

    A revoked key works for ``cache_seconds`` at most, an expired one not at all. A refused key is
    refused without a read for as long: it cannot be created meanwhile, since a key is a random
    secret that nobody knows before its creation, and the read is strongly consistent, so that a
    new key is found at once. Refusals do not displace accepted keys.

    Keys are remembered by their hash. Uses the wall clock, which goes on while a function is
    frozen; a monotonic clock may stop.
    """

    def __init__(
        self, table: Table, meter: Meter, cache_seconds: int, clock: Clock = system_clock
    ) -> None:
        self._table = table
        self._meter = meter
        self._lifetime = timedelta(seconds=cache_seconds)
        self._clock = clock
        self._accepted: dict[str, tuple[datetime, ApiKey]] = {}
        self._refused: dict[str, tuple[datetime, None]] = {}

    def authorize(self, event: dict[str, Any]) -> dict[str, Any]:
        """Return the policy that allows or denies the request: one read at most.

        None for a remembered key, and for a text that is not a key. The meter may add a write;
        a wrong key does not reach it. Storage errors pass: API Gateway answers them with 503, a
        denial with 401.
        """
        secret = key_in_headers(event.get("headers") or {})
        key = secret and self._authenticate(secret)
        if not key:
            return _policy("anonymous", "Deny", event["methodArn"])
        return _policy(str(key.id), "Allow", event["methodArn"]) | {
            "context": {
                "organization_id": str(key.organization_id),
                "key_id": str(key.id),
                "key_name": key.name,
                "scopes": " ".join(key.scopes),
            },
            "usageIdentifierKey": key.usage_key or self._meter.usage_key(key.organization_id),
        }

    def _authenticate(self, secret: str) -> ApiKey | None:
        now = self._clock()
        secret_hash = key_hash(secret)
        cached = self._accepted.get(secret_hash) or self._refused.get(secret_hash)
        # If the clock was set back, the key is read again: it might outlive its time otherwise.
        if cached and cached[0] <= now < cached[0] + self._lifetime:
            key = cached[1]
            return key if key and key.is_usable(now) else None
        record = self._table.get(_CODEC.hash_key(secret_hash))
        key = _CODEC.from_record(record) if record else None
        self._accepted.pop(secret_hash, None)
        self._refused.pop(secret_hash, None)
        if key is None or not key.is_usable(now):
            _remember(self._refused, secret_hash, (now, None))
            return None
        _remember(self._accepted, secret_hash, (now, key))
        return key


def _remember[D](decisions: dict[str, D], secret_hash: str, decision: D) -> None:
    """Add a decision, in place of the oldest one if there are too many."""
    if len(decisions) >= _MAX_CACHED:
        del decisions[next(iter(decisions))]
    decisions[secret_hash] = decision


def _policy(principal: str, effect: str, method_arn: str) -> dict[str, Any]:
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": method_arn}
    return {
        "principalId": principal,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
    }
