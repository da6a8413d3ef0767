"""Organisations and keys: the domain, and what the API says of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from shared.core.clock import UtcDatetime
from shared.core.ids import ApiKeyId, OrganizationId
from shared.core.scopes import KeyScope


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """A tenant.

    ``usage_key`` is the value of its API Gateway key: the authorizer names it, and API
    Gateway counts all of the organisation's keys against it.
    """

    id: OrganizationId
    name: str
    usage_key: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key, without its secret.

    Attributes
    ----------
    hash
        The SHA-256 of the secret, in hexadecimal digits: all that is stored of it.
    hint
        The secret's first and last characters, to tell keys apart.
    usage_key
        The value of its organisation's API Gateway key.
    expires_at
        From then on the key is refused; None for never.
    """

    id: ApiKeyId
    organization_id: OrganizationId
    name: str
    scopes: tuple[KeyScope, ...]
    hash: str
    hint: str
    usage_key: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    version: int = 1

    def usable(self, now: datetime) -> bool:
        """Tell whether the key is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class CreateApiKeyRequest(BaseModel):
    """A key to make."""

    name: str = Field(min_length=1, max_length=128, description="What the key is for.")
    scopes: Annotated[list[KeyScope], Field(min_length=1, max_length=3)] = Field(
        default=["read", "write"],
        description="What the key may do: write includes read, admin includes both.",
    )
    expires_at: UtcDatetime | None = Field(
        default=None, description="When the key ends; never, if left out."
    )


class ApiKeyResponse(BaseModel):
    """A key as it can be shown at any time."""

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
        """Return what is shown of a key."""
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
    """A new key with its secret, which no later request shows again."""

    api_key: str


class WhoAmIResponse(BaseModel):
    """The key that signed the request, and its organisation."""

    organization_id: str
    key_id: str
    key_name: str
    scopes: list[KeyScope]
