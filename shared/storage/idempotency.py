"""What makes a repeated create one create."""

from dataclasses import dataclass
from uuid import UUID

from shared.core.errors import Unprocessable
from shared.core.ids import OrganizationId, derived_uuid

#: Seconds for which a receipt is kept: the memory of a request beside what it made. Longer
#: than a client, a queue or a job that was mended goes on repeating a request.
RECEIPT_KEPT_FOR = 30 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Idempotency:
    """An idempotency key, within its organisation and operation.

    The id of what is created is derived from the three, so that a create is one
    conditional put: a replay meets the item it made before, and two racers meet at one
    item. The fingerprint of the payload is kept on that item.
    """

    organization_id: OrganizationId
    operation: str
    key: str
    fingerprint: str

    def uuid(self, part: str = "") -> UUID:
        """Return the id that this key always gives; ``part`` tells several apart."""
        return derived_uuid(str(self.organization_id), self.operation, self.key, part)

    def check(self, fingerprint: str | None) -> None:
        """Refuse the key when it was used with another payload before."""
        if fingerprint != self.fingerprint:
            raise Unprocessable(
                "This Idempotency-Key was used before with another payload.",
                code="idempotency_key_reused",
            )
