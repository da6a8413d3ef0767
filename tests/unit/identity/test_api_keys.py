"""Keys through the API: made, listed, revoked; a secret is shown once and kept nowhere."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.openapi import OPENAPI
from shared.core.ids import ApiKeyId
from shared.identity.authorizer import Unauthorized
from shared.identity.models import Organization
from shared.identity.service import IdentityService, MadeKey
from shared.storage.client import dynamodb
from shared.storage.idempotency import Idempotency
from tests.support.gateway import Answer, Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests
from tests.unit.identity.conftest import KEEP_SECONDS, Door, FixedClock

KEYS = "/v1/identity/api-keys"
LATER = "2999-01-01T00:00:00Z"


@pytest.fixture(autouse=True)
def _organization(organization: Organization) -> None:
    """The caller's organisation exists."""


def create(api: Gateway, **fields: Any) -> Answer:
    headers = fields.pop("headers", None)
    return api("POST", KEYS, {"name": "robot"} | fields, headers=headers)


def everything_stored() -> str:
    """Every row as text. Nothing is escaped: an escape's digits could continue a hint."""
    rows = dynamodb().scan(TableName="agent-sessions-test")["Items"]
    return json.dumps(rows, ensure_ascii=False)


# ------------------------------------------------------------------------------- create
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


@pytest.mark.parametrize("scopes", ["read", "write", "read write", ""])
def test_given_a_key_that_is_no_admins_then_it_may_not_touch_keys(
    api: Gateway, scopes: str, made: MadeKey
) -> None:
    api.scopes = scopes
    for answer in (create(api), api("GET", KEYS), api("DELETE", f"{KEYS}/{made.key.id}")):
        assert answer.status == 403
        assert answer.json == {
            "error": "forbidden",
            "message": "This API key lacks the scope 'admin'.",
        }


def test_given_an_organisation_without_a_record_then_it_is_not_found(other_api: Gateway) -> None:
    answer = create(other_api)
    assert answer.status == 404
    assert answer.json == {"error": "not_found", "message": "Organization not found"}


# -------------------------------------------------------------------------- idempotency
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


# --------------------------------------------------------------------------------- list
def test_given_many_keys_then_pages_bring_each_once_newest_first(api: Gateway) -> None:
    made = [create(api, name=f"{number}").json["id"] for number in range(7)]
    found: list[str] = []
    cursor = ""
    while True:
        page = api("GET", f"{KEYS}?limit=3{cursor}").json
        found += [item["id"] for item in page["items"]]
        assert page["has_more"] == (page["next_cursor"] is not None)
        if not page["has_more"]:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == made[::-1]
    assert "hash" not in page["items"][0]
    assert "usage_key" not in page["items"][0]


def test_given_a_list_then_it_costs_one_query_a_shard(api: Gateway) -> None:
    create(api)
    with counted_requests() as requests:
        api("GET", KEYS)
    assert requests == {"Query": 3}


def test_given_another_organisation_then_it_sees_none_of_the_keys(
    api: Gateway, other_api: Gateway
) -> None:
    for _ in range(3):
        create(api)
    assert other_api("GET", KEYS).json == {"items": [], "next_cursor": None, "has_more": False}
    cursor = api("GET", f"{KEYS}?limit=1").json["next_cursor"]
    assert other_api("GET", f"{KEYS}?cursor={cursor}").status == 400


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=0", 422),
        ("limit=201", 422),
        ("limit=x", 422),
        ("offset=1", 422),
        ("name=robot", 422),
        ("cursor=x", 400),
        ("cursor=", 400),
        ("cursor=%F0%9F%98%80", 400),
        ("limit=200", 200),
    ],
)
def test_given_a_query_then_it_is_held_to_its_limits(api: Gateway, query: str, status: int) -> None:
    assert api("GET", f"{KEYS}?{query}").status == status


# ------------------------------------------------------------------------------- revoke
def test_given_a_key_when_revoked_then_it_is_out_and_the_list_tells_when(
    api: Gateway, door: Door, clock: FixedClock
) -> None:
    made = create(api).json
    door.with_key(made["api_key"])
    answer = api("DELETE", f"{KEYS}/{made['id']}")
    assert (answer.status, answer.text) == (204, "")
    clock.forward(KEEP_SECONDS)
    with pytest.raises(Unauthorized):
        door.with_key(made["api_key"])
    (listed,) = api("GET", KEYS).json["items"]
    revoked_at = datetime.fromisoformat(listed["revoked_at"])
    assert abs(datetime.now(UTC) - revoked_at) < timedelta(minutes=1)
    assert api("DELETE", f"{KEYS}/{made['id']}").status == 204
    assert api("GET", KEYS).json["items"] == [listed]


def test_given_an_unknown_or_a_foreign_id_then_it_is_not_found(
    api: Gateway, other_api: Gateway, door: Door
) -> None:
    made = create(api).json
    expected = {"error": "not_found", "message": "API key not found"}
    for caller, identifier in ((api, ApiKeyId.new()), (other_api, made["id"])):
        answer = caller("DELETE", f"{KEYS}/{identifier}")
        assert (answer.status, answer.json) == (404, expected)
    door.with_key(made["api_key"])


@pytest.mark.parametrize("identifier", ["x", "key_1", "org_" + "0" * 32, "key_" + "A" * 32])
def test_given_a_malformed_id_then_the_input_is_refused(api: Gateway, identifier: str) -> None:
    answer = api("DELETE", f"{KEYS}/{identifier}")
    assert answer.status == 422
    assert answer.json["detail"][0]["loc"] == ["path", "key_id"]


def test_given_a_stale_version_then_the_precondition_fails_and_the_key_lives(
    api: Gateway, door: Door
) -> None:
    made = create(api)
    path = f"{KEYS}/{made.json['id']}"
    assert api("DELETE", path, headers={"If-Match": '"2"'}).status == 412
    door.with_key(made.json["api_key"])
    assert api("DELETE", path, headers={"If-Match": made.headers["etag"]}).status == 204
    assert api("DELETE", path, headers={"If-Match": made.headers["etag"]}).status == 412


def test_given_racers_that_revoke_then_all_succeed_and_one_moment_is_kept(api: Gateway) -> None:
    made = create(api).json
    answers = race(api, "DELETE", f"{KEYS}/{made['id']}", clients=10)
    assert {answer.status for answer in answers} == {204}
    (listed,) = api("GET", KEYS).json["items"]
    assert listed["revoked_at"]


# ------------------------------------------------------------------------------- whoami
def test_given_any_key_then_it_hears_who_it_is(api: Gateway) -> None:
    api.scopes = "write read"
    with counted_requests() as requests:
        answer = api("GET", "/v1/identity/whoami")
    assert answer.status == 200
    assert answer.json == {
        "organization_id": str(api.organization_id),
        "key_id": str(api.key_id),
        "key_name": "test",
        "scopes": ["read", "write"],
    }
    assert not requests


def test_given_a_key_that_may_do_nothing_then_it_is_forbidden(api: Gateway) -> None:
    api.scopes = ""
    assert api("GET", "/v1/identity/whoami").status == 403


# -------------------------------------------------------------------------- description
@pytest.mark.parametrize(
    ("operation", "statuses"),
    [
        ("createApiKey", {"201", "400", "401", "403", "404", "422"}),
        ("listApiKeys", {"200", "400", "401", "403", "422"}),
        ("revokeApiKey", {"204", "401", "403", "404", "409", "412", "422"}),
        ("whoAmI", {"200", "401", "403"}),
    ],
)
def test_given_the_description_then_it_tells_what_else_may_be_answered(
    operation: str, statuses: set[str]
) -> None:
    described = {
        one["operationId"]: one["responses"]
        for methods in json.loads(OPENAPI.read_text())["paths"].values()
        for one in methods.values()
    }
    assert described[operation].keys() == statuses
    for status in statuses - {"200", "201", "204", "422"}:
        schema = described[operation][status]["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/ErrorResponse"}
