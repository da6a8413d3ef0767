"""Identity service: create organizations; create, list and revoke API keys."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from shared.core.clock import Clock, system_clock
from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import ApiKeyId, OrganizationId
from shared.core.scopes import KeyScope
from shared.identity.documents import ApiKeyCodec, OrganizationCodec
from shared.identity.domain import ApiKey, Organization
from shared.identity.keys import derived_api_key, key_hash, new_api_key
from shared.storage.idempotency import Idempotency
from shared.storage.lists import ListQuery, Page
from shared.storage.repository import Repository
from shared.storage.table import Table
from shared.storage.transactions import Action, Create, Replace


@dataclass(frozen=True, slots=True)
class CreatedApiKey:
    """Result of a create: a key and its secret, which is not stored."""

    key: ApiKey
    secret: str
    replayed: bool


class IdentityService:
    """Use cases of organizations and API keys."""

    def __init__(self, table: Table, clock: Clock = system_clock) -> None:
        self._organizations = Repository(table, OrganizationCodec(), clock)
        self._key_codec = ApiKeyCodec()
        self._keys = Repository(table, self._key_codec, clock)
        self._clock = clock

    def create_organization(self, organization_id: OrganizationId, name: str) -> Organization:
        """Create an organization with a usage key of its own.

        Raises ``Conflict`` for an id in use.
        """
        organization = Organization(
            id=organization_id,
            name=name,
            usage_key=secrets.token_hex(20),
            created_at=self._clock(),
        )
        key = self._organizations.codec.key(organization_id, organization_id)
        return self._organizations.create(key, lambda: (organization, ())).entity

    def organization(self, organization_id: OrganizationId) -> Organization | None:
        """Return an organization, or None if it does not exist: one read."""
        try:
            return self._organizations.get(organization_id, organization_id)
        except NotFound:
            return None

    def create_api_key(
        self,
        organization_id: OrganizationId,
        name: str,
        scopes: Iterable[KeyScope],
        *,
        expires_at: datetime | None = None,
        idempotency: Idempotency | None = None,
    ) -> CreatedApiKey:
        """Create an API key. Its secret is in the result and nowhere else.

        Under an idempotency key, the secret is derived from that key, which is not stored
        either, and from the stack's own secret: a repeated request gets the same answer,
        also after the key has expired.

        Raises ``NotFound`` for an unknown organization, ``InvalidInput`` for an expiry in
        the past, ``Unprocessable`` for an idempotency key used with another payload,
        ``Deleted`` if the key that it created was revoked.
        """
        key_id = ApiKeyId(idempotency.uuid()) if idempotency else ApiKeyId.new()
        secret = derived_api_key(idempotency) if idempotency else new_api_key()

        def build() -> tuple[ApiKey, list[Action]]:
            organization = self._organizations.get(organization_id, organization_id)
            now = self._clock()
            if expires_at is not None and expires_at <= now:
                raise InvalidInput("expires_at: must be in the future.")
            key = ApiKey(
                id=key_id,
                organization_id=organization_id,
                name=name,
                scopes=tuple(dict.fromkeys(scopes)),
                hash=key_hash(secret),
                hint=f"{secret[:8]}…{secret[-4:]}",
                usage_key=organization.usage_key,
                created_at=now,
                expires_at=expires_at,
            )
            return key, [Create(self._key_codec.to_hash_record(key))]

        primary_key = self._key_codec.key(organization_id, key_id)
        created = self._keys.create(primary_key, build, idempotency)
        return CreatedApiKey(created.entity, secret, created.replayed)

    def list_api_keys(
        self, organization_id: OrganizationId, limit: int, after: str | None
    ) -> Page[ApiKey]:
        """Return a page of keys, newest first, revoked ones included: one query a shard."""
        name = self._key_codec.list_name(organization_id)
        return self._keys.page(ListQuery(list=name, after=after), limit)

    def revoke_api_key(
        self,
        organization_id: OrganizationId,
        key_id: ApiKeyId,
        *,
        expected_version: int | None = None,
    ) -> None:
        """Revoke a key for good; revoking it again changes nothing.

        Raises ``NotFound``, and ``PreconditionFailed`` for a key at another version than
        the expected one.
        """
        now = self._clock()

        def revoke(key: ApiKey) -> ApiKey:
            return key if key.revoked_at is not None else replace(key, revoked_at=now)

        self._keys.change(
            organization_id,
            key_id,
            revoke,
            expected_version=expected_version,
            also=lambda key, revoked: [
                Replace(self._key_codec.to_hash_record(revoked), key.version)
            ],
        )
