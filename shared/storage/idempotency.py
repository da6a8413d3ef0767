"""Idempotency keys: the identity of a repeated create, and the receipt of a repeated write."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.core.errors import Unprocessable
from shared.core.ids import OrganizationId, derived_uuid
from shared.storage.records import Key, Record

#: Seconds for which a repeated request gets its first answer. Longer than a client, a queue
#: or a repaired job goes on repeating a request.
RECEIPT_RETENTION = 30 * 24 * 3600

_RECEIPT = "receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Idempotency:
    """An idempotency key, within its organization and operation.

    The id of what is created is derived from the three, so that a create is one conditional
    put: a repetition meets the item of the first request, and two concurrent requests meet
    at one item. The fingerprint of the payload is stored on that item.
    """

    organization_id: OrganizationId
    operation: str
    key: str
    fingerprint: str

    def uuid(self, part: str = "") -> UUID:
        """Return the id derived from this key; ``part`` distinguishes several."""
        return derived_uuid(str(self.organization_id), self.operation, self.key, part)

    def check(self, fingerprint: str | None) -> None:
        """Raise ``Unprocessable`` if the key was used with another payload before."""
        if fingerprint != self.fingerprint:
            raise Unprocessable(
                "Idempotency-Key: was used before with another payload; use a new key.",
                code="idempotency_key_reused",
            )


def receipt_key(idempotency: Idempotency, partition: str | None = None) -> Key:
    """Return the key of a request's receipt: in a session's partition, or in its own."""
    digits = idempotency.uuid().hex
    if partition is None:
        return Key(f"{idempotency.organization_id}#receipt#{digits}", _RECEIPT)
    return Key(partition, f"{RECEIPT_PREFIX}{digits}")


#: Sort keys of receipts in a session's partition begin with it.
RECEIPT_PREFIX = "request#"


def receipt(
    idempotency: Idempotency, body: dict[str, Any], now: int, partition: str | None = None
) -> Record:
    """Return the receipt of a write at ``now`` (seconds since the epoch).

    Written in the same transaction as the request's write: a repeated request fails at it,
    and its body has what a replay needs.
    """
    return Record(
        key=receipt_key(idempotency, partition),
        type=_RECEIPT,
        body=body,
        expires_at=now + RECEIPT_RETENTION,
        fingerprint=idempotency.fingerprint,
    )


def receipt_among(existing: Mapping[int, Record | None]) -> Record | None:
    """Return the receipt among the items that failed a transaction, if there is one."""
    return next((one for one in existing.values() if one and one.type == _RECEIPT), None)
