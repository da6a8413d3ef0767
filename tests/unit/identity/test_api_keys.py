"""Keys through the API: who may, listed, revoked, and what a key says of itself."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from local.openapi import OPENAPI
from shared.core.ids import ApiKeyId
from shared.identity.authorizer import Unauthorized
from shared.identity.service import MadeKey
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests
from tests.unit.identity.conftest import KEEP_SECONDS, Door, FixedClock
from tests.unit.identity.keys_api import KEYS, create

# The caller's organisation exists.
pytestmark = pytest.mark.usefixtures("organization")


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
