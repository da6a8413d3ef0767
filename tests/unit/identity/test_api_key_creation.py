"""Keys made through the API: the secret is shown once, and comes back under its key."""

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.core.ids import ApiKeyId
from shared.identity.authorizer import Unauthorized
from shared.identity.models import Organization
from shared.identity.service import IdentityService, MadeKey
from shared.storage.client import dynamodb
from shared.storage.idempotency import Idempotency
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests
from tests.unit.identity.conftest import Door, FixedClock
from tests.unit.identity.keys_api import KEYS, create

# The caller's organisation exists.
pytestmark = pytest.mark.usefixtures("organization")

LATER = "2999-01-01T00:00:00Z"


def everything_stored() -> str:
    """Every row as text. Nothing is escaped: an escape's digits could continue a hint."""
    rows = dynamodb().scan(TableName="agent-sessions-test")["Items"]
    return json.dumps(rows, ensure_ascii=False)


def test_given_a_name_when_created_then_the_secret_is_shown_once_and_opens_the_door(
    api: Gateway, door: Door
) -> None:
    answer = create(api)
    assert answer.status == 201
    assert answer.headers["etag"] == '"1"'
    made = answer.json
    assert set(made) == {
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
    assert made["organization_id"] == str(api.organization_id)
    assert (made["name"], made["scopes"]) == ("robot", ["read", "write"])
    assert (made["expires_at"], made["revoked_at"]) == (None, None)
    assert str(ApiKeyId.parse(made["id"])) == made["id"]
    assert made["hint"] == f"{made['api_key'][:8]}…{made['api_key'][-4:]}"
    assert door.with_key(made["api_key"])["context"]["key_id"] == made["id"]
    (listed,) = api("GET", KEYS).json["items"]
    assert listed == {name: value for name, value in made.items() if name != "api_key"}


@pytest.mark.parametrize("headers", [None, {"Idempotency-Key": "k"}])
def test_given_a_key_then_its_secret_is_nowhere_in_the_table(
    api: Gateway, headers: dict[str, str] | None
) -> None:
    secret = create(api, headers=headers).json["api_key"]
    stored = everything_stored()
    assert secret not in stored
    # The hint is eight and four characters of it: nothing longer is kept.
    assert secret[:9] not in stored
    assert secret[-5:] not in stored


def test_given_all_fields_when_created_then_they_are_kept(api: Gateway, door: Door) -> None:
    answer = create(api, scopes=["admin", "read", "admin"], expires_at="2999-01-01T02:00:00+02:00")
    assert answer.json["scopes"] == ["admin", "read"]
    assert answer.json["expires_at"] == LATER
    (listed,) = api("GET", KEYS).json["items"]
    assert listed["expires_at"] == LATER
    assert door.with_key(answer.json["api_key"])["context"]["scopes"] == "admin read"


def test_given_a_new_key_then_it_costs_two_requests(api: Gateway) -> None:
    with counted_requests() as requests:
        create(api)
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "no name": ({"name": None}, 422),
    "an empty name": ({"name": ""}, 422),
    "a name too long": ({"name": "n" * 129}, 422),
    "a name with half a letter": ({"name": "\ud83d"}, 422),
    "no scope": ({"scopes": []}, 422),
    "an unknown scope": ({"scopes": ["owner"]}, 422),
    "too many scopes": ({"scopes": ["read"] * 4}, 422),
    "scopes as a text": ({"scopes": "read"}, 422),
    "an end without a zone": ({"expires_at": "2999-01-01T00:00:00"}, 422),
    "an end that is no time": ({"expires_at": "soon"}, 422),
    "an end beyond all time": ({"expires_at": "9999-12-31T23:59:59-01:00"}, 422),
    "an end in the past": ({"expires_at": "2020-01-01T00:00:00Z"}, 400),
    "an end at the beginning of time": ({"expires_at": "0001-01-01T00:00:00Z"}, 400),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("headers", [None, {"Idempotency-Key": "k"}])
def test_given_input_that_does_not_fit_then_it_is_refused_and_nothing_is_stored(
    api: Gateway, case: str, headers: dict[str, str] | None
) -> None:
    fields, status = REFUSED[case]
    before = everything_stored()
    answer = create(api, **fields, headers=headers)
    assert answer.status == status
    assert set(answer.json) == ({"detail"} if status == 422 else {"error", "message"})
    assert everything_stored() == before


def test_given_an_idempotency_key_when_repeated_then_the_same_secret_comes_back(
    api: Gateway, door: Door
) -> None:
    headers = {"Idempotency-Key": "k"}
    first = create(api, headers=headers, expires_at="2999-01-01T02:00:00+02:00")
    again = create(api, headers=headers, expires_at="2999-01-01T02:00:00+02:00")
    assert (first.status, again.status) == (201, 201)
    assert again.text == first.text
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["etag"] == first.headers["etag"]
    assert len(api("GET", KEYS).json["items"]) == 1
    door.with_key(again.json["api_key"])


def test_given_a_key_that_was_revoked_since_when_repeated_then_the_first_answer_comes_back(
    api: Gateway, door: Door
) -> None:
    headers = {"Idempotency-Key": "k"}
    first = create(api, headers=headers)
    api("DELETE", f"{KEYS}/{first.json['id']}")
    again = create(api, headers=headers)
    assert (again.status, again.text) == (201, first.text)
    with pytest.raises(Unauthorized):
        door.with_key(again.json["api_key"])
    assert create(api, headers=headers, name="other").status == 422


def test_given_a_key_that_has_expired_since_when_repeated_then_the_first_answer_comes_back(
    service: IdentityService, organization: Organization, clock: FixedClock
) -> None:
    idempotency = Idempotency(
        organization_id=organization.id, operation="POST /keys", key="k", fingerprint="f"
    )
    end = clock() + timedelta(seconds=10)

    def ask() -> MadeKey:
        return service.create_api_key(
            organization.id, "short", ["read"], expires_at=end, idempotency=idempotency
        )

    first = ask()
    clock.forward(11)
    again = ask()
    assert (again.key, again.secret) == (first.key, first.secret)
    assert again.replayed


def test_given_an_idempotency_key_when_used_for_another_payload_then_it_is_refused(
    api: Gateway,
) -> None:
    headers = {"Idempotency-Key": "k"}
    create(api, headers=headers)
    answer = create(api, headers=headers, name="other")
    assert answer.status == 422
    assert answer.json["error"] == "idempotency_key_reused"
    assert len(api("GET", KEYS).json["items"]) == 1


def test_given_20_racers_with_one_idempotency_key_then_one_key_is_made(api: Gateway) -> None:
    answers = race(api, "POST", KEYS, {"name": "robot"}, headers={"Idempotency-Key": "k"})
    assert {answer.status for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert len(api("GET", KEYS).json["items"]) == 1


def test_given_two_organisations_with_one_idempotency_key_then_each_has_its_own(
    api: Gateway, other_api: Gateway, service: IdentityService
) -> None:
    service.create_organization(other_api.organization_id, "Other")
    headers = {"Idempotency-Key": "k"}
    first, other = create(api, headers=headers), create(other_api, headers=headers)
    assert first.json["api_key"] != other.json["api_key"]
    assert first.json["id"] != other.json["id"]
