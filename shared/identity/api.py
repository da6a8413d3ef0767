"""Request and answer models of API keys."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from shared.core.api_types import UtcDatetime
from shared.core.scopes import KeyScope
from shared.identity.domain import ApiKey


class CreateApiKeyRequest(BaseModel, extra="forbid"):
    """An API key to create."""

    name: str = Field(min_length=1, max_length=128)
    """Purpose of the key, for people."""
    scopes: Annotated[list[KeyScope], Field(min_length=1, max_length=3)] = ["read", "write"]
    """Permissions of the key: write includes read, admin includes both."""
    expires_at: UtcDatetime | None = None
    """Expiry of the key, in the future; it never expires if omitted."""


class ApiKeyResponse(BaseModel):
    """An API key, without its secret."""

    id: str
    """Id of the key: `key_` and 32 hexadecimal digits."""
    organization_id: str
    """Organization that the key belongs to."""
    name: str
    """Purpose of the key, as given at its creation."""
    scopes: list[KeyScope]
    """Permissions of the key: write includes read, admin includes both."""
    hint: str
    """The key's first and last characters, to tell keys apart."""
    created_at: datetime
    """Time of the creation."""
    expires_at: datetime | None
    """Time from which the key is rejected; null for never."""
    revoked_at: datetime | None
    """Time of the revocation; null for a key that is not revoked."""

    @classmethod
    def of(cls, key: ApiKey) -> "ApiKeyResponse":
        """Return the public fields of a key."""
        return cls(
            id=str(key.id),
            organization_id=str(key.organization_id),
            name=key.name,
            scopes=list(key.scopes),
            hint=key.hint,
            created_at=key.created_at,
            expires_at=key.expires_at,
            revoked_at=key.revoked_at,
        )


class CreatedApiKeyResponse(ApiKeyResponse):
    """A new API key with its secret, which no later request returns."""

    api_key: str
    """The secret, to be sent as `x-api-key`; it cannot be read again."""


class WhoAmIResponse(BaseModel):
    """The API key that authenticated the request, and its organization."""

    organization_id: str
    """Organization that the key belongs to."""
    key_id: str
    """Id of the key."""
    key_name: str
    """Purpose of the key, as given at its creation."""
    scopes: list[KeyScope]
    """Permissions of the key: write includes read, admin includes both."""
