"""Fixtures of identity: an organization, its API keys, and the authorizer."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from shared.core.ids import OrganizationId
from shared.identity.authorization.authorizer import Authorizer
from shared.identity.authorization.meter import Meter, RequestLimits, UsageKeys
from shared.identity.documents import OrganizationCodec
from shared.identity.domain import Organization
from shared.identity.service import CreatedApiKey, IdentityService
from shared.storage.buckets import take
from shared.storage.repository import Repository
from shared.storage.table import Table
from tests.support.clocks import FixedClock
from tests.support.gateway import Answer, Gateway

CACHE_SECONDS = 60
METHOD_ARN = "arn:aws:execute-api:eu-west-1:123456789012:abc/api/GET/v1/identity/whoami"
KEYS = "/v1/identity/api-keys"
#: Shared keys in API Gateway, and limits of an organization.
USAGE_KEYS = UsageKeys("passed", "throttled", "exhausted")
LIMITS = RequestLimits(rate=200, burst=400, total=1_000_000)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def service(table: Table, clock: FixedClock) -> IdentityService:
    return IdentityService(table, clock)


@pytest.fixture
def organization(service: IdentityService, api: Gateway) -> Organization:
    """The organization that ``api`` calls for."""
    return service.create_organization(api.organization_id, "Acme")


@pytest.fixture
def old_organization(table: Table, clock: FixedClock) -> Organization:
    """An organization of an earlier version, with a key of its own in API Gateway."""
    organization = Organization(
        id=OrganizationId.new(), name="Old", created_at=clock(), usage_key="k" * 40
    )
    codec = OrganizationCodec()
    return (
        Repository(table, codec, clock)
        .create(codec.key(organization.id, organization.id), lambda: (organization, ()))
        .entity
    )


@pytest.fixture
def created(service: IdentityService, organization: Organization) -> CreatedApiKey:
    """An API key of the organization."""
    return service.create_api_key(organization.id, "robot", ["read", "write"])


def create(api: Gateway, **fields: Any) -> Answer:
    headers = fields.pop("headers", None)
    return api("POST", KEYS, {"name": "robot"} | fields, headers=headers)


@dataclass
class Authorize:
    """The authorizer, called as API Gateway does."""

    authorizer: Authorizer

    def __call__(self, headers: dict[str, str] | None) -> dict[str, Any]:
        event = {"type": "REQUEST", "methodArn": METHOD_ARN, "headers": headers}
        return self.authorizer.authorize(event)

    def key(self, key: str) -> dict[str, Any]:
        """Return the policy of a key that must be accepted."""
        policy = self({"x-api-key": key})
        assert _effect(policy) == "Allow"
        return policy

    def refuses(self, headers: dict[str, str] | None) -> bool:
        return _effect(self(headers)) == "Deny"

    def refuses_key(self, key: str) -> bool:
        return self.refuses({"x-api-key": key})


def _effect(policy: dict[str, Any]) -> str:
    [statement] = policy["policyDocument"]["Statement"]
    return str(statement["Effect"])


@pytest.fixture
def authorize(table: Table, clock: FixedClock) -> Authorize:
    meter = Meter(partial(take, table), LIMITS, USAGE_KEYS, clock)
    return Authorize(Authorizer(table, meter, CACHE_SECONDS, clock))
