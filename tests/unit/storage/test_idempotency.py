"""An idempotency key is its organisation's and its operation's."""

from uuid import UUID

from shared.core.ids import OrganizationId
from shared.storage.idempotency import Idempotency

ORGANIZATION = OrganizationId.new()


def key(
    organization: OrganizationId = ORGANIZATION,
    operation: str = "POST /a",
    key: str = "k",
    fingerprint: str = "f",
) -> Idempotency:
    return Idempotency(
        organization_id=organization, operation=operation, key=key, fingerprint=fingerprint
    )


def test_given_the_same_key_then_its_id_is_the_same_whatever_the_payload() -> None:
    assert key().uuid() == key(fingerprint="g").uuid()
    assert key().uuid().version == 8


def test_given_anything_else_that_differs_then_the_ids_differ() -> None:
    ids: list[UUID] = [
        key().uuid(),
        key(OrganizationId.new()).uuid(),
        key(operation="POST /b").uuid(),
        key(key="l").uuid(),
        key().uuid("message"),
        key(key="kmessage").uuid(),
    ]
    assert len(set(ids)) == len(ids)
