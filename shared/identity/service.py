"""Identity service: create organizations; create, list and revoke API keys."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from shared.core.clock import Clock, system_clock
from shared.core.errors import Conflict, InvalidInput, NotFound
from shared.core.ids import ApiKeyId, OrganizationId
from shared.core.scopes import KeyScope
from shared.identity.documents import ApiKeyCodec, OrganizationCodec
from shared.identity.domain import ApiKey, Organization
from shared.identity.keys import derived_api_key, key_hash, new_api_key
from shared.storage.conditions import ExpectedVersion
from shared.storage.contention import retry_on_contention
from shared.storage.idempotency import Idempotency
from shared.storage.lists import ListQuery, Page, merged
from shared.storage.repository import Repository
from shared.storage.table import Table
from shared.storage.transactions import Action, Create, Replace

#: Seconds in which a new key has certainly come into the list, and keys of one query of it.
_LIST_DELAY = 1.0
_LISTED_KEYS = 100


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
        """Create an organization. Raises ``Conflict`` for an id in use."""
        organization = Organization(id=organization_id, name=name, created_at=self._clock())
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
        by: ApiKeyId | None = None,
        expected_version: ExpectedVersion = None,
    ) -> None:
        """Revoke a key for good; revoking it again changes nothing.

        An organization keeps a usable admin key: without one, nobody could create keys for it.
        ``by`` is the caller's key, the first that is looked at. Costs one read and one write; of
        an admin key two reads more, and a query of the list if the caller's key is not another
        admin key.

        Raises ``NotFound``, ``PreconditionFailed`` for a key at another version than the
        expected one, and ``Conflict`` for the last usable admin key.
        """

        def attempt() -> None:
            loaded = self._keys.load(organization_id, key_id, expected_version)
            key, now = loaded.entity, self._clock()
            if key.revoked_at is not None:
                return
            fence: list[Action] = []
            if "admin" in key.scopes and key.is_usable(now):
                fence = self._fence_last_admin_key(key, by, now)
            revoked = replace(key, revoked_at=now)
            by_hash = Replace(self._key_codec.to_hash_record(revoked), key.version)
            self._keys.replace(loaded, revoked, [by_hash, *fence])

        retry_on_contention(self._keys.table.sleep, attempt)

    def _fence_last_admin_key(
        self, revoked: ApiKey, by: ApiKeyId | None, now: datetime
    ) -> list[Action]:
        """Return the write that makes concurrent revocations of admin keys exclude each other.

        Each writes the organization, which is read first: of two requests that found each
        other's key usable, the second fails and looks again.
        """
        organization_id = revoked.organization_id
        organization = self._organizations.load(organization_id, organization_id)
        candidates = chain([by] if by else [], self._listed_admin_keys(organization_id))
        if not any(
            self._is_usable_admin_key(organization_id, candidate, now)
            for candidate in candidates
            if candidate != revoked.id
        ):
            raise Conflict(
                "key_id: is the organization's last usable admin key; create another one first."
            )
        return self._organizations.replacement(organization, organization.entity)

    def _listed_admin_keys(self, organization_id: OrganizationId) -> Iterator[ApiKeyId]:
        """Yield ids of usable admin keys, newest first, as the list has them.

        The list is eventually consistent. It is read again, once, after a pause: a key that was
        created just before must not be missed.
        """
        query = ListQuery(list=self._key_codec.list_name(organization_id))
        for pause in (0.0, _LIST_DELAY):
            if pause:
                self._keys.table.sleep(pause)
            for record in merged(self._keys.table, [query], _LISTED_KEYS):
                key = self._key_codec.from_record(record)
                if "admin" in key.scopes and key.is_usable(self._clock()):
                    yield key.id

    def _is_usable_admin_key(
        self, organization_id: OrganizationId, key_id: ApiKeyId, now: datetime
    ) -> bool:
        """Return whether a key is a usable admin key at this moment: one consistent read."""
        try:
            key = self._keys.get(organization_id, key_id)
        except NotFound:
            return False
        return "admin" in key.scopes and key.is_usable(now)
