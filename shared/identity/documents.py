"""Stored documents of organizations and API keys.

An API key is two items, written together: one by its id, for the API; one by its hash, the
only item that the authorizer reads. The partition key of the second does not begin with an
organization: the item is what tells the organization of a request.
"""

from dataclasses import replace

from shared.core.clock import moment, timestamp
from shared.core.ids import ApiKeyId, OrganizationId
from shared.identity.domain import ApiKey, Organization
from shared.storage.codec import Codec
from shared.storage.records import BY_LIST, IndexEntry, Key, Record


class OrganizationCodec(Codec[Organization, OrganizationId]):
    """Codec of organizations; both ids of a key are the organization's."""

    type = "organization"
    label = "Organization"

    def key(self, organization_id: OrganizationId, identifier: OrganizationId) -> Key:  # noqa: ARG002
        return Key(f"{organization_id}#organization", "organization")

    def to_record(self, entity: Organization) -> Record:
        return Record(
            key=self.key(entity.id, entity.id),
            type=self.type,
            version=entity.version,
            body={
                "name": entity.name,
                "usage_key": entity.usage_key,
                "created_at": timestamp(entity.created_at),
            },
        )

    def from_record(self, record: Record) -> Organization:
        return Organization(
            id=OrganizationId.parse(record.key.partition.partition("#")[0]),
            name=record.body["name"],
            usage_key=record.body["usage_key"],
            created_at=moment(record.body["created_at"]),
            version=record.version,
        )


class ApiKeyCodec(Codec[ApiKey, ApiKeyId]):
    """Codec of API keys. A revoked key stays in the list, but counts as deleted."""

    type = "api_key"
    label = "API key"

    def key(self, organization_id: OrganizationId, identifier: ApiKeyId) -> Key:
        return Key(f"{organization_id}#api-key#{identifier.hex}", "api-key")

    def hash_key(self, secret_hash: str) -> Key:
        """Return the primary key of the item by hash."""
        return Key(f"key#{secret_hash}", "key")

    def list_name(self, organization_id: OrganizationId) -> str:
        return f"{organization_id}#api-keys"

    def to_record(self, entity: ApiKey) -> Record:
        sort = f"{timestamp(entity.created_at)}#{entity.id.hex}"
        return Record(
            key=self.key(entity.organization_id, entity.id),
            type=self.type,
            version=entity.version,
            index_entries={BY_LIST: IndexEntry(self.list_name(entity.organization_id), sort)},
            body={
                "id": str(entity.id),
                "organization_id": str(entity.organization_id),
                "name": entity.name,
                "scopes": list(entity.scopes),
                "hash": entity.hash,
                "hint": entity.hint,
                "usage_key": entity.usage_key,
                "created_at": timestamp(entity.created_at),
                "expires_at": entity.expires_at and timestamp(entity.expires_at),
                "revoked_at": entity.revoked_at and timestamp(entity.revoked_at),
            },
        )

    def to_hash_record(self, entity: ApiKey) -> Record:
        """Return the item by hash, which is in no list."""
        key, by_id = self.hash_key(entity.hash), self.to_record(entity)
        return replace(by_id, key=key, type="api_key_hash", index_entries={})

    def from_record(self, record: Record) -> ApiKey:
        """Return the API key of an item of either kind."""
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

    def counts_as_deleted(self, entity: ApiKey) -> bool:
        return entity.revoked_at is not None
