"""API key creation: the secret is shown once, and again to a repeated request."""

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.core.ids import ApiKeyId
from shared.identity.domain import Organization
from shared.identity.service import CreatedApiKey, IdentityService
from shared.storage.client import dynamodb
from shared.storage.idempotency import Idempotency
from tests.support.clocks import FixedClock
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests
from tests.unit.identity.conftest import KEYS, Authorize, create

# The caller's organization exists.
pytestmark = pytest.mark.usefixtures("organization")

LATER = "2999-01-01T00:00:00Z"
IDEMPOTENT = {"Idempotency-Key": "k"}


def all_items() -> str:
    """Return every item as text, without escapes: their digits could continue a hint."""
    items = dynamodb().scan(TableName="agent-sessions-test")["Items"]
    return json.dumps(items, ensure_ascii=False)


def test_created_key_shows_its_secret_once_and_authorizes(
    api: Gateway, authorize: Authorize
) -> None:
    answer = create(api)
    assert answer.status == 201
    assert answer.headers["etag"] == '"1"'
    created = answer.json
    assert set(created) == {
        "id",
        "organization_id",
        "name",
        "scopes",
        "hint",
        "created_at",
        "expires_at",
        "revoked_at",
        "api_key",
    }
    assert created["organization_id"] == str(api.organization_id)
    assert (created["name"], created["scopes"]) == ("robot", ["read", "write"])
    assert (created["expires_at"], created["revoked_at"]) == (None, None)
    assert str(ApiKeyId.parse(created["id"])) == created["id"]
    assert created["hint"] == f"{created['api_key'][:8]}…{created['api_key'][-4:]}"
    assert authorize.key(created["api_key"])["context"]["key_id"] == created["id"]
    (listed,) = api("GET", KEYS).json["items"]
    assert listed == {name: value for name, value in created.items() if name != "api_key"}


@pytest.mark.parametrize("headers", [None, IDEMPOTENT])
def test_secret_is_not_stored(api: Gateway, headers: dict[str, str] | None) -> None:
    secret = create(api, headers=headers).json["api_key"]
    stored = all_items()
    assert secret not in stored
    # The hint is eight and four characters of it: nothing longer is stored.
    assert secret[:9] not in stored
    assert secret[-5:] not in stored


def test_all_fields_are_stored(api: Gateway, authorize: Authorize) -> None:
    answer = create(api, scopes=["admin", "read", "admin"], expires_at="2999-01-01T02:00:00+02:00")
    assert answer.json["scopes"] == ["admin", "read"]
    assert answer.json["expires_at"] == LATER
    (listed,) = api("GET", KEYS).json["items"]
    assert listed["expires_at"] == LATER
    assert authorize.key(answer.json["api_key"])["context"]["scopes"] == "admin read"


def test_create_costs_two_requests(api: Gateway) -> None:
    with counted_requests() as requests:
        create(api)
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}


INVALID: dict[str, tuple[dict[str, Any], int]] = {
    "no name": ({"name": None}, 422),
    "empty name": ({"name": ""}, 422),
    "name too long": ({"name": "n" * 129}, 422),
    "no scope": ({"scopes": []}, 422),
    "unknown scope": ({"scopes": ["owner"]}, 422),
    "too many scopes": ({"scopes": ["read"] * 4}, 422),
    "scopes as a text": ({"scopes": "read"}, 422),
    "expiry without a zone": ({"expires_at": "2999-01-01T00:00:00"}, 422),
    "expiry that is not a time": ({"expires_at": "soon"}, 422),
    "expiry that is a number": ({"expires_at": 4102444800}, 422),
    "expiry that is a number as text": ({"expires_at": "4102444800"}, 422),
    "expiry that is a date": ({"expires_at": "2999-01-01"}, 422),
    "expiry out of range": ({"expires_at": "9999-12-31T23:59:59-01:00"}, 422),
    "expiry in the past": ({"expires_at": "2020-01-01T00:00:00Z"}, 400),
    "expiry in the year 1": ({"expires_at": "0001-01-01T00:00:00Z"}, 400),
}


@pytest.mark.parametrize("case", INVALID)
@pytest.mark.parametrize("headers", [None, IDEMPOTENT])
def test_invalid_input_is_rejected_and_nothing_is_stored(
    api: Gateway, case: str, headers: dict[str, str] | None
) -> None:
    fields, status = INVALID[case]
    before = all_items()
    answer = create(api, **fields, headers=headers)
    assert answer.status == status
    assert set(answer.json) == ({"detail"} if status == 422 else {"error", "message"})
    assert all_items() == before


def test_repeated_create_of_an_expired_key_returns_the_first_answer(
    service: IdentityService, organization: Organization, clock: FixedClock
) -> None:
    idempotency = Idempotency(
        organization_id=organization.id, operation="POST /keys", key="k", fingerprint="f"
    )
    expires_at = clock() + timedelta(seconds=10)

    def create_key() -> CreatedApiKey:
        return service.create_api_key(
            organization.id, "short", ["read"], expires_at=expires_at, idempotency=idempotency
        )

    first = create_key()
    clock.forward(11)
    again = create_key()
    assert (again.key, again.secret) == (first.key, first.secret)
    assert again.replayed


def test_same_idempotency_key_of_two_organizations_creates_two_keys(
    api: Gateway, other_api: Gateway, service: IdentityService
) -> None:
    service.create_organization(other_api.organization_id, "Other")
    first, other = create(api, headers=IDEMPOTENT), create(other_api, headers=IDEMPOTENT)
    assert first.json["api_key"] != other.json["api_key"]
    assert first.json["id"] != other.json["id"]
