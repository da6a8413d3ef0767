"""Request and answer models of API keys."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from shared.core.api_types import UtcDatetime
from shared.core.scopes import KeyScope
from shared.identity.domain import ApiKey


class CreateApiKeyRequest(BaseModel):
    """An API key to create."""

    name: str = Field(min_length=1, max_length=128, description="Purpose of the key.")
    scopes: Annotated[list[KeyScope], Field(min_length=1, max_length=3)] = Field(
        default=["read", "write"],
        description="Permissions of the key: write includes read, admin includes both.",
    )
    expires_at: UtcDatetime | None = Field(
        default=None, description="Expiry of the key; it never expires if omitted."
    )


class ApiKeyResponse(BaseModel):
    """An API key, without its secret."""

    id: str
    organization_id: str
    name: str
    scopes: list[KeyScope]
    hint: str = Field(description="The key's first and last characters, to tell keys apart.")
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

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


class WhoAmIResponse(BaseModel):
    """The API key that authenticated the request, and its organization."""

    organization_id: str
    key_id: str
    key_name: str
    scopes: list[KeyScope]
