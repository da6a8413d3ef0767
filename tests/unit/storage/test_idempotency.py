"""Idempotency keys: ids derived from organization, operation and key."""

from typing import Any
from uuid import UUID

from shared.core.ids import OrganizationId
from shared.storage.idempotency import Idempotency

ORGANIZATION = OrganizationId.new()


def key(**fields: Any) -> Idempotency:
    default: dict[str, Any] = {
        "organization_id": ORGANIZATION, "operation": "POST /a", "key": "k", "fingerprint": "f"
    }  # fmt: skip
    return Idempotency(**default | fields)


def test_same_key_gives_the_same_id_for_any_payload() -> None:
    assert key().uuid() == key(fingerprint="g").uuid()
    assert key().uuid().version == 8


def test_other_organization_operation_key_or_part_gives_another_id() -> None:
    ids: list[UUID] = [
        key().uuid(),
        key(organization_id=OrganizationId.new()).uuid(),
        key(operation="POST /b").uuid(),
        key(key="l").uuid(),
        key().uuid("message"),
        key(key="kmessage").uuid(),
    ]
    assert len(set(ids)) == len(ids)
