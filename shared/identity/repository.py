"""Organisations and keys as items.

A key is two items, written together: one by its id, for people; one by its hash, which is
all the authorizer reads. The second is the only item whose partition does not begin with
an organisation: it is what tells which organisation a request belongs to.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shared.core.backoff import CROWDED
from shared.core.clock import moment, timestamp
from shared.core.errors import Busy, Conflict, PreconditionFailed
from shared.core.ids import ApiKeyId, OrganizationId
from shared.identity.models import ApiKey, Organization
from shared.storage.idempotency import Idempotency
from shared.storage.lists import ListQuery, read_page
from shared.storage.records import BY_LIST, Key, Record, Row
from shared.storage.table import Table
from shared.storage.transactions import (
    Create,
    Refused,
    Replace,
    create_together,
    transact,
)


class IdentityRepository:
    """Where organisations and keys are kept."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add_organization(self, organization: Organization) -> None:
        """Store a new organisation. Raises ``Conflict`` for an id that is in use."""
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
        """Read an organisation, or None: one request."""
        record = self._table.get(_organization_key(organization_id))
        if record is None:
            return None
        return Organization(
            id=organization_id,
            name=record.body["name"],
            usage_key=record.body["usage_key"],
            created_at=moment(record.body["created_at"]),
        )

    def add_key(self, key: ApiKey, idempotency: Idempotency | None = None) -> tuple[ApiKey, bool]:
        """Store a key; return it, or the one an earlier request made, and which it was."""
        by_hash = Create(_hash_record(key))
        created = create_together(self._table, _key_record(key), [by_hash], idempotency)
        return _to_key(created.record), created.replayed

    def key(self, organization_id: OrganizationId, key_id: ApiKeyId) -> ApiKey | None:
        """Read a key by its id, or None: one request."""
        record = self._table.get(_id_key(organization_id, key_id))
        return _to_key(record) if record is not None else None

    def key_by_hash(self, key_hash: str) -> ApiKey | None:
        """Read the key with this hash: the authorizer's one request."""
        record = self._table.get(_hash_key(key_hash))
        return _to_key(record) if record is not None else None

    def change_key(
        self,
        organization_id: OrganizationId,
        key_id: ApiKeyId,
        change: Callable[[ApiKey], ApiKey],
        *,
        expected_version: int | None = None,
    ) -> ApiKey | None:
        """Store a change of a key, for people and for the authorizer at once.

        Returns the changed key, or None where there is none. ``change`` is called again
        when another writer came first. Raises ``PreconditionFailed`` for a key at another
        version than the expected one, ``Conflict`` when others keep writing at it.
        """
        for _ in CROWDED.attempts(self._table.sleep):
            record = self._table.get(_id_key(organization_id, key_id))
            if record is None:
                return None
            key = _to_key(record)
            if expected_version not in (None, key.version):
                raise PreconditionFailed
            changed = change(key)
            if changed == key:
                return key
            following = record.followed_by(_key_record(changed))
            try:
                transact(
                    self._table,
                    [Replace(following, key.version), Replace(_hash_record(changed), key.version)],
                )
            except (Refused, Busy):
                continue
            return replace(changed, version=key.version + 1)
        raise Conflict("Too many writers at this key at once; try again.")

    def keys(
        self, organization_id: OrganizationId, limit: int, after: str | None
    ) -> tuple[list[ApiKey], str | None]:
        """Read a page of keys, newest first, and where to go on: one query a shard."""
        query = ListQuery(list=_key_list(organization_id), after=after)
        page = read_page(self._table, query, limit)
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
