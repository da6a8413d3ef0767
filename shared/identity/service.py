"""What can be done with organisations and keys."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from shared.core.clock import Clock, system_clock
from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import ApiKeyId, OrganizationId
from shared.core.scopes import KeyScope
from shared.identity.keys import key_hash, new_api_key, repeatable_api_key
from shared.identity.models import ApiKey, Organization
from shared.identity.repository import IdentityRepository
from shared.storage.idempotency import Idempotency
from shared.storage.table import table


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key and its secret, which is stored nowhere."""

    key: ApiKey
    secret: str
    replayed: bool


class IdentityService:
    """Organisations and keys."""

    def __init__(self, repository: IdentityRepository, clock: Clock = system_clock) -> None:
        self._repository = repository
        self._clock = clock

    def create_organization(self, organization_id: OrganizationId, name: str) -> Organization:
        """Store a new organisation with a usage key of its own.

        Raises ``Conflict`` for an id that is in use.
        """
        organization = Organization(
            id=organization_id,
            name=name,
            usage_key=secrets.token_hex(20),
            created_at=self._clock(),
        )
        self._repository.add_organization(organization)
        return organization

    def organization(self, organization_id: OrganizationId) -> Organization | None:
        """Return an organisation, or None: one read."""
        return self._repository.organization(organization_id)

    def create_api_key(
        self,
        organization_id: OrganizationId,
        name: str,
        scopes: Iterable[KeyScope],
        *,
        expires_at: datetime | None = None,
        idempotency: Idempotency | None = None,
    ) -> MadeKey:
        """Make a key. Its secret is in the answer and nowhere else.

        Under an idempotency key the secret is derived from that key, which is not kept
        either, and from the stack's own secret: a repeated request gets the same answer.

        Raises ``NotFound`` for an unknown organisation, ``InvalidInput`` for an expiry
        that has passed, ``Unprocessable`` for an idempotency key used for another payload.
        """
        organization = self._repository.organization(organization_id)
        if organization is None:
            raise NotFound("Organization not found")
        now = self._clock()
        key_id = ApiKeyId(idempotency.uuid()) if idempotency else ApiKeyId.new()
        past = expires_at is not None and expires_at <= now
        # A replay is answered also when the key it made has expired since.
        if past and not (idempotency and self._repository.key(organization_id, key_id)):
            raise InvalidInput("expires_at: must be in the future.")
        secret = new_api_key() if idempotency is None else repeatable_api_key(idempotency)
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
        stored, replayed = self._repository.add_key(key, idempotency)
        return MadeKey(stored, secret, replayed)

    def list_api_keys(
        self, organization_id: OrganizationId, limit: int, after: str | None
    ) -> tuple[list[ApiKey], str | None]:
        """Return the keys of an organisation, newest first, revoked ones included."""
        return self._repository.keys(organization_id, limit, after)

    def revoke_api_key(
        self,
        organization_id: OrganizationId,
        key_id: ApiKeyId,
        *,
        expected_version: int | None = None,
    ) -> None:
        """End a key for good; an ended one stays ended.

        Raises ``NotFound``, and ``PreconditionFailed`` for a key at another version than
        the expected one.
        """
        now = self._clock()

        def end(key: ApiKey) -> ApiKey:
            return key if key.revoked_at is not None else replace(key, revoked_at=now)

        ended = self._repository.change_key(
            organization_id, key_id, end, expected_version=expected_version
        )
        if ended is None:
            raise NotFound("API key not found")

    def recognise(self, api_key: str) -> ApiKey | None:
        """Return the key with this secret, if it may be used now: one read."""
        key = self._repository.key_by_hash(key_hash(api_key))
        return key if key is not None and key.usable(self._clock()) else None


@cache
def identity() -> IdentityService:
    """Return the service of this process."""
    return IdentityService(IdentityRepository(table()))
