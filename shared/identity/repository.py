"""Organisations and keys as items.

A key is two items, written together: one by its id, for people; one by its hash, which is
all the authorizer reads. The second is the only item whose partition does not begin with
an organisation: it is what tells which organisation a request belongs to.
"""

from dataclasses import replace
from typing import Any

from shared.core.clock import moment, timestamp
from shared.core.ids import ApiKeyId, OrganizationId
from shared.identity.models import ApiKey, Organization
from shared.storage.idempotency import Idempotency
from shared.storage.lists import ListQuery, Page, read_page
from shared.storage.records import BY_LIST, Key, Record, Row
from shared.storage.table import Table
from shared.storage.transactions import Create, Refused, Replace, transact


class IdentityRepository:
    """Where organisations and keys are kept."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add_organization(self, organization: Organization) -> None:
        self._table.create(
            Record(
                key=_organization_key(organization.id),
                type="organization",
                body={
                    "name": organization.name,
                    "usage_key": organization.usage_key,
                    "created_at": timestamp(organization.created_at),
                },
            )
        )

    def organization(self, organization_id: OrganizationId) -> Organization | None:
        record = self._table.get(_organization_key(organization_id))
        return record and Organization(
            id=organization_id,
            name=record.body["name"],
            usage_key=record.body["usage_key"],
            created_at=moment(record.body["created_at"]),
        )

    def add_key(self, key: ApiKey, idempotency: Idempotency | None = None) -> tuple[ApiKey, bool]:
        """Store a key; return it, or the one an earlier request made, and which it was."""
        record = _key_record(key)
        if idempotency is not None:
            record = replace(record, fingerprint=idempotency.fingerprint)
        try:
            transact(self._table, [Create(record), Create(_hash_record(key))])
        except Refused as refused:
            existing = refused.existing.get(0)
            if existing is None or idempotency is None:
                raise
            idempotency.check(existing.fingerprint)
            return _to_key(existing.as_created()), True
        return key, False

    def key(self, organization_id: OrganizationId, key_id: ApiKeyId) -> ApiKey | None:
        record = self._table.get(_id_key(organization_id, key_id))
        return record and _to_key(record)

    def key_by_hash(self, key_hash: str) -> ApiKey | None:
        """Read the key with this hash: the authorizer's one request."""
        record = self._table.get(_hash_key(key_hash))
        return record and _to_key(record)

    def replace_key(self, key: ApiKey) -> None:
        """Store a change of a key, for people and for the authorizer at once."""
        transact(
            self._table,
            [Replace(_key_record(key), key.version), Replace(_hash_record(key), key.version)],
        )

    def keys(self, organization_id: OrganizationId, limit: int, after: str | None) -> tuple[
        list[ApiKey], str | None
    ]:
        page: Page = read_page(
            self._table, ListQuery(list=_key_list(organization_id), after=after), limit
        )
        return [_to_key(record) for record in page.records], page.after


def _organization_key(organization_id: OrganizationId) -> Key:
    return Key(f"{organization_id}#organization", "organization")


def _id_key(organization_id: OrganizationId, key_id: ApiKeyId) -> Key:
    return Key(f"{organization_id}#api-key#{key_id.hex}", "api-key")


def _hash_key(key_hash: str) -> Key:
    return Key(f"key#{key_hash}", "key")


def _key_list(organization_id: OrganizationId) -> str:
    return f"{organization_id}#api-keys"


def _body(key: ApiKey) -> dict[str, Any]:
    return {
        "id": str(key.id),
        "organization_id": str(key.organization_id),
        "name": key.name,
        "scopes": list(key.scopes),
        "hash": key.hash,
        "hint": key.hint,
        "usage_key": key.usage_key,
        "created_at": timestamp(key.created_at),
        "expires_at": key.expires_at and timestamp(key.expires_at),
        "revoked_at": key.revoked_at and timestamp(key.revoked_at),
    }


def _key_record(key: ApiKey) -> Record:
    place = f"{timestamp(key.created_at)}#{key.id.hex}"
    return Record(
        key=_id_key(key.organization_id, key.id),
        type="api_key",
        version=key.version,
        rows={BY_LIST: Row(_key_list(key.organization_id), place)},
        body=_body(key),
    )


def _hash_record(key: ApiKey) -> Record:
    return Record(
        key=_hash_key(key.hash), type="api_key_hash", version=key.version, body=_body(key)
    )


def _to_key(record: Record) -> ApiKey:
    body = record.body
    return ApiKey(
        id=ApiKeyId.parse(body["id"]),
        organization_id=OrganizationId.parse(body["organization_id"]),
        name=body["name"],
        scopes=tuple(body["scopes"]),
        hash=body["hash"],
        hint=body["hint"],
        usage_key=body["usage_key"],
        created_at=moment(body["created_at"]),
        expires_at=moment(body["expires_at"]) if body["expires_at"] else None,
        revoked_at=moment(body["revoked_at"]) if body["revoked_at"] else None,
        version=record.version,
    )
