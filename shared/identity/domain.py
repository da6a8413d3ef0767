"""Organizations and API keys: entities."""

from dataclasses import dataclass
from datetime import datetime

from shared.core.ids import ApiKeyId, OrganizationId
from shared.core.scopes import KeyScope


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """A tenant.

    ``usage_key`` is the value of its API Gateway key, against which API Gateway counts the
    requests of all the organization's keys; None of an organization whose requests the authorizer
    counts, as of all that are created now.
    """

    id: OrganizationId
    name: str
    created_at: datetime
    usage_key: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """An API key, without its secret.

    Attributes
    ----------
    hash
        The SHA-256 of the secret, in hexadecimal digits: all that is stored of it.
    hint
        The secret's first and last characters, to tell keys apart.
    usage_key
        The value of its organization's API Gateway key, or None.
    expires_at
        The time from which the key is rejected; None for never.
    """

    id: ApiKeyId
    organization_id: OrganizationId
    name: str
    scopes: tuple[KeyScope, ...]
    hash: str
    hint: str
    created_at: datetime
    usage_key: str | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    version: int = 1

    def is_usable(self, now: datetime) -> bool:
        """Return true if the key is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)
