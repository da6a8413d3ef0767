"""An organisation, and the door that its requests come through."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.identity.authorizer import Authorizer
from shared.identity.models import Organization
from shared.identity.repository import IdentityRepository
from shared.identity.service import IdentityService, MadeKey
from shared.storage.table import Table
from tests.support.gateway import Gateway

KEEP_SECONDS = 60
METHOD_ARN = "arn:aws:execute-api:eu-west-1:123456789012:abc/api/GET/v1/identity/whoami"


class FixedClock:
    """A clock that stands, until it is set."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def service(api: Gateway, clock: FixedClock) -> IdentityService:
    table = Table(_client(), "agent-sessions-test", shards=3)
    return IdentityService(IdentityRepository(table), clock)


def _client() -> Any:
    from shared.storage.client import dynamodb

    return dynamodb()


@pytest.fixture
def organization(service: IdentityService, api: Gateway) -> Organization:
    """The organisation that ``api`` calls for."""
    return service.create_organization(api.organization_id, "Acme")


@pytest.fixture
def made(service: IdentityService, organization: Organization) -> MadeKey:
    """A key of the organisation."""
    return service.create_api_key(organization.id, "robot", ["read", "write"])


@dataclass
class Door:
    """The authorizer, as API Gateway asks it."""

    authorizer: Authorizer

    def __call__(self, headers: dict[str, str] | None) -> dict[str, Any]:
        event = {"type": "REQUEST", "methodArn": METHOD_ARN, "headers": headers}
        return self.authorizer.decide(event)

    def with_key(self, key: str) -> dict[str, Any]:
        return self({"x-api-key": key})


@pytest.fixture
def door(service: IdentityService, clock: FixedClock) -> Door:
    return Door(Authorizer(service, KEEP_SECONDS, clock))
