"""API keys: scopes, listing, revocation, and the caller's own key."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from shared.core.errors import Conflict
from shared.core.ids import ApiKeyId
from shared.identity.domain import Organization
from shared.identity.service import CreatedApiKey, IdentityService
from tests.support.clocks import FixedClock
from tests.support.gateway import Answer, Gateway
from tests.support.racing import at_once, race, succeeds
from tests.support.storage import counted_requests
from tests.unit.identity.conftest import CACHE_SECONDS, KEYS, Authorize, create

# The caller's organization exists.
pytestmark = pytest.mark.usefixtures("organization")


@pytest.mark.parametrize("scopes", ["read", "write", "read write", ""])
def test_caller_without_admin_scope_is_forbidden(
    api: Gateway, scopes: str, created: CreatedApiKey
) -> None:
    api.scopes = scopes
    error = {"error": "forbidden", "message": "API key: must have the scope 'admin'."}
    for answer in (create(api), api("GET", KEYS), api("DELETE", f"{KEYS}/{created.key.id}")):
        assert (answer.status, answer.json) == (403, error)


def test_caller_of_an_unknown_organization_gets_not_found(other_api: Gateway) -> None:
    answer = create(other_api)
    assert answer.status == 404
    assert answer.json == {"error": "not_found", "message": "Organization not found"}


def test_pages_return_each_key_once_newest_first(api: Gateway) -> None:
    created = [create(api, name=f"{number}").json["id"] for number in range(7)]
    listed: list[str] = []
    cursor = ""
    while True:
        page = api("GET", f"{KEYS}?limit=3{cursor}").json
        listed += [item["id"] for item in page["items"]]
        assert page["has_more"] == (page["next_cursor"] is not None)
        if not page["has_more"]:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert listed == created[::-1]
    assert "hash" not in page["items"][0]
    assert "usage_key" not in page["items"][0]


def test_list_costs_one_query_per_shard(api: Gateway) -> None:
    create(api)
    with counted_requests() as requests:
        api("GET", KEYS)
    assert requests == {"Query": 3}


def test_list_of_another_organization_is_empty(api: Gateway, other_api: Gateway) -> None:
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
def test_query_parameters_are_validated(api: Gateway, query: str, status: int) -> None:
    assert api("GET", f"{KEYS}?{query}").status == status


def test_revoked_key_is_unauthorized_and_listed_with_its_time(
    api: Gateway, authorize: Authorize, clock: FixedClock
) -> None:
    created = create(api).json
    authorize.key(created["api_key"])
    answer = api("DELETE", f"{KEYS}/{created['id']}")
    assert (answer.status, answer.text) == (204, "")
    clock.forward(CACHE_SECONDS)
    assert authorize.refuses_key(created["api_key"])
    (item,) = api("GET", KEYS).json["items"]
    revoked_at = datetime.fromisoformat(item["revoked_at"])
    assert abs(datetime.now(UTC) - revoked_at) < timedelta(minutes=1)
    assert api("DELETE", f"{KEYS}/{created['id']}").status == 204
    assert api("GET", KEYS).json["items"] == [item]


def test_unknown_or_foreign_id_is_not_found(
    api: Gateway, other_api: Gateway, authorize: Authorize
) -> None:
    created = create(api).json
    expected = {"error": "not_found", "message": "API key not found"}
    for caller, identifier in ((api, ApiKeyId.new()), (other_api, created["id"])):
        answer = caller("DELETE", f"{KEYS}/{identifier}")
        assert (answer.status, answer.json) == (404, expected)
    authorize.key(created["api_key"])


@pytest.mark.parametrize("identifier", ["x", "key_1", "org_" + "0" * 32, "key_" + "A" * 32])
def test_malformed_id_is_invalid_input(api: Gateway, identifier: str) -> None:
    assert api("DELETE", f"{KEYS}/{identifier}").status == 422


def test_stale_if_match_fails_and_does_not_revoke(api: Gateway, authorize: Authorize) -> None:
    created = create(api)
    path = f"{KEYS}/{created.json['id']}"
    assert api("DELETE", path, headers={"If-Match": '"2"'}).status == 412
    authorize.key(created.json["api_key"])
    assert api("DELETE", path, headers={"If-Match": created.headers["etag"]}).status == 204
    assert api("DELETE", path, headers={"If-Match": created.headers["etag"]}).status == 412


def test_if_match_with_several_tags_is_met_by_one(api: Gateway) -> None:
    path = f"{KEYS}/{create(api).json['id']}"
    assert api("DELETE", path, headers={"If-Match": '"2", "3"'}).status == 412
    assert api("DELETE", path, headers={"If-Match": 'W/"1", "3"'}).status == 204


def test_concurrent_revocations_all_succeed(api: Gateway) -> None:
    created = create(api).json
    answers = race(api, "DELETE", f"{KEYS}/{created['id']}", clients=10)
    assert {answer.status for answer in answers} == {204}
    (item,) = api("GET", KEYS).json["items"]
    assert item["revoked_at"]


def test_whoami_returns_the_callers_key_without_a_read(api: Gateway) -> None:
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


def test_whoami_without_scopes_is_forbidden(api: Gateway) -> None:
    api.scopes = ""
    assert api("GET", "/v1/identity/whoami").status == 403


# ------------------------------------------------------------------------ the last admin key
LAST = {
    "error": "conflict",
    "message": "key_id: is the organization's last usable admin key; create another one first.",
}


def admin_key(api: Gateway, **fields: Any) -> str:
    return str(create(api, scopes=["admin"], **fields).json["id"])


def revoke(api: Gateway, key_id: str) -> Answer:
    return api("DELETE", f"{KEYS}/{key_id}")


def listed(api: Gateway) -> dict[str, Any]:
    return {item["id"]: item["revoked_at"] for item in api("GET", KEYS).json["items"]}


def test_last_admin_key_is_not_revoked(api: Gateway) -> None:
    create(api)  # no admin key
    first, second = admin_key(api), admin_key(api)

    assert revoke(api, first).status == 204
    assert revoke(api, first).status == 204
    refused = revoke(api, second)

    assert (refused.status, refused.json) == (409, LAST)
    assert listed(api)[second] is None
    assert revoke(api, admin_key(api)).status == 204


def test_admin_key_that_revokes_itself_needs_another_one(api: Gateway) -> None:
    first = admin_key(api)
    api.key_id = ApiKeyId.parse(first)
    assert revoke(api, first).json == LAST

    admin_key(api)

    assert revoke(api, first).status == 204


def test_expired_admin_key_is_no_other_admin_key(
    service: IdentityService, organization: Organization, clock: FixedClock
) -> None:
    def new(**fields: Any) -> ApiKeyId:
        return service.create_api_key(organization.id, "k", ["admin"], **fields).key.id

    short = new(expires_at=clock() + timedelta(seconds=10))
    lasting = new()
    clock.forward(10)

    with pytest.raises(Conflict):
        service.revoke_api_key(organization.id, lasting, by=short)
    service.revoke_api_key(organization.id, short, by=lasting)
    with pytest.raises(Conflict):
        service.revoke_api_key(organization.id, lasting, by=short)


def test_admin_key_of_another_organization_does_not_count(
    api: Gateway, other_api: Gateway, service: IdentityService
) -> None:
    service.create_organization(other_api.organization_id, "Other")
    api.key_id = ApiKeyId.parse(admin_key(other_api))

    assert revoke(api, admin_key(api)).json == LAST


def test_concurrent_revocations_of_all_admin_keys_leave_one(
    service: IdentityService, organization: Organization
) -> None:
    create_key = partial(service.create_api_key, organization.id, "k", ["admin"])
    keys = [create_key().key.id for _ in range(4)]

    def revoke_by_another(number: int) -> bool:
        by, key = keys[number - 1], keys[number]
        return succeeds(lambda: service.revoke_api_key(organization.id, key, by=by), Conflict)

    assert sorted(at_once(4, revoke_by_another)) == [False, True, True, True]
    stored = service.list_api_keys(organization.id, 10, None).items
    assert [key.revoked_at for key in stored].count(None) == 1


def test_revocation_by_another_admin_key_needs_no_query(api: Gateway) -> None:
    api.key_id, other = ApiKeyId.parse(admin_key(api)), admin_key(api)
    with counted_requests() as requests:
        revoke(api, other)
    assert requests == {"GetItem": 3, "TransactWriteItems": 1}
    plain = create(api).json["id"]
    with counted_requests() as requests:
        revoke(api, plain)
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}
