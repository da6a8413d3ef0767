"""Agents through the API: create, upsert, get, list, update, archive."""

from typing import Any

import pytest

from shared.llm.registry import SCRIPTED_MODEL_ID
from shared.storage import filtered_lists, lists
from tests.support.agents import new_agent, pages
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests

BODY = {"name": "Concierge", "system_prompt": "You are helpful."}
OWN_ID = "agent_" + "0123456789abcdef" * 2
UNKNOWN = "agent_" + "f" * 32


def test_create_with_required_fields_returns_defaults(api: Gateway) -> None:
    with counted_requests() as requests:
        answer = api("POST", "/v1/agents", {**BODY, "tools": [], "initial_files": []})
    agent = answer.json
    assert answer.status == 201
    assert agent["id"].startswith("agent_")
    assert agent["status"] == "active"
    assert agent["harness_id"].startswith("harness_")
    assert agent["created_at"] == agent["updated_at"]
    assert agent["created_at"].endswith("Z")
    assert {key: agent[key] for key in ("tags", "capabilities")} == {"tags": [], "capabilities": []}
    assert {agent[key] for key in ("description", "default_model_id", "usage")} == {None}
    assert requests == {"PutItem": 1}


def test_create_with_all_fields_stores_them(api: Gateway) -> None:
    given = {
        **BODY,
        "description": "Books tables",
        "default_model_id": str(SCRIPTED_MODEL_ID),
        "tags": ["a", "b"],
        "capabilities": [{"ref": "current_time"}, {"ref": "own", "config": {"deep": [1, 0.5]}}],
    }
    created = api("POST", "/v1/agents", given)
    read = api("GET", f"/v1/agents/{created.json['id']}")
    assert read.status == 200
    assert read.json == created.json
    assert {key: read.json[key] for key in given} == given
    assert read.headers["etag"] == created.headers["etag"] == '"1"'


def test_create_with_existing_id_replaces_agent(api: Gateway) -> None:
    first = new_agent(api, id=OWN_ID, description="old", tags=["old"])
    with counted_requests() as requests:
        answer = api("POST", "/v1/agents", {**BODY, "id": OWN_ID, "name": "Butler"})
    second = answer.json
    assert answer.status == 201
    assert (second["id"], second["name"]) == (OWN_ID, "Butler")
    assert (second["description"], second["tags"]) == (None, [])
    assert second["created_at"] == first["created_at"]
    assert second["updated_at"] > first["updated_at"]
    assert answer.headers["etag"] == '"2"'
    assert [agent["name"] for agent in api("GET", "/v1/agents").json["data"]] == ["Butler"]
    assert requests == {"GetItem": 1, "PutItem": 1}


def test_same_id_in_two_organizations_is_two_agents(api: Gateway, other_api: Gateway) -> None:
    new_agent(api, id=OWN_ID, name="Ours")
    new_agent(other_api, id=OWN_ID, name="Theirs")
    assert api("GET", f"/v1/agents/{OWN_ID}").json["name"] == "Ours"
    assert other_api("GET", f"/v1/agents/{OWN_ID}").json["name"] == "Theirs"


def test_create_with_id_of_archived_agent_activates_it(api: Gateway) -> None:
    new_agent(api, id=OWN_ID)
    api("DELETE", f"/v1/agents/{OWN_ID}")
    assert new_agent(api, id=OWN_ID)["status"] == "active"
    assert len(api("GET", "/v1/agents").json["data"]) == 1


def test_list_returns_active_agents_of_organization_newest_first(
    api: Gateway, other_api: Gateway
) -> None:
    names = [new_agent(api, name=f"agent {number}")["name"] for number in range(5)]
    archived = new_agent(api, name="archived")
    api("DELETE", f"/v1/agents/{archived['id']}")
    new_agent(other_api, name="foreign")
    with counted_requests() as requests:
        page = api("GET", "/v1/agents").json
    assert [agent["name"] for agent in page["data"]] == names[::-1]
    assert set(page) == {"data"}
    assert requests == {"Query": 3}  # one a shard


def test_page_that_exceeds_response_size_ends_with_cursor(
    api: Gateway, other_api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MAX_PAGE_BYTES", 6000)
    names = [new_agent(api, name=str(n), system_prompt="x" * 1000)["name"] for n in range(5)]
    found = pages(api, "/v1/agents")
    assert [len(page) for page in found] == [2, 2, 1]
    assert [agent["name"] for page in found for agent in page] == names[::-1]
    cursor = api("GET", "/v1/agents").json["next_cursor"]
    assert other_api("GET", f"/v1/agents?cursor={cursor}").status == 400


@pytest.mark.parametrize(
    ("query", "expected", "has_more"),
    [
        ("limit=2", ["4", "3"], True),
        ("limit=5", ["4", "3", "2", "1", "0"], False),
        ("limit=100000", ["4", "3", "2", "1", "0"], False),
        ("limit=0", [], False),
        ("offset=3", ["1", "0"], False),
        ("offset=1&limit=2", ["3", "2"], True),
        ("offset=9", [], False),
    ],
)
def test_list_with_limit_and_offset_returns_that_part(
    api: Gateway, query: str, expected: list[str], has_more: bool
) -> None:
    for number in range(5):
        new_agent(api, name=str(number))
    page = api("GET", f"/v1/agents?{query}").json
    assert [agent["name"] for agent in page["data"]] == expected
    assert ("next_cursor" in page) == has_more


def test_capped_limit_is_said(api: Gateway) -> None:
    new_agent(api)
    assert api("GET", "/v1/agents?limit=10000").json["limit"] == 1000
    for query in ("", "?limit=1000", "?limit=1"):
        assert "limit" not in api("GET", f"/v1/agents{query}").json


@pytest.mark.parametrize(
    ("query", "expected", "has_more"),
    [
        ("search=parcel", ["Parcels", "Ada"], False),
        ("search=PARCEL&limit=1", ["Parcels"], True),
        ("search=parcel&offset=1", ["Ada"], False),
        ("search=finds", ["Ada"], False),
        ("search=", ["Bob", "Parcels", "Ada"], False),
        ("search=You%20are", [], False),
    ],
)
def test_search_matches_name_or_description(
    api: Gateway, query: str, expected: list[str], has_more: bool
) -> None:
    new_agent(api, name="Ada", description="Finds lost parcels")
    new_agent(api, name="Parcels")
    new_agent(api, name="Bob", description="Books tables")
    page = api("GET", f"/v1/agents?{query}").json
    assert [agent["name"] for agent in page["data"]] == expected
    assert ("next_cursor" in page) == has_more


def test_search_reads_a_limited_number_of_agents(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filtered_lists, "MAX_READ", 2)
    for name in ("parcel", "letter", "card", "box"):
        new_agent(api, name=name)
    found = pages(api, "/v1/agents?search=parcel")
    assert [[agent["name"] for agent in page] for page in found] == [[], ["parcel"]]
    assert api("GET", "/v1/agents?search=e&offset=3").status == 400


def test_cursor_of_search_is_bound_to_it(api: Gateway) -> None:
    for name in ("parcel 1", "letter", "parcel 2"):
        new_agent(api, name=name)
    cursor = api("GET", "/v1/agents?search=parcel&limit=1").json["next_cursor"]
    rest = api("GET", f"/v1/agents?search=parcel&cursor={cursor}").json
    assert [agent["name"] for agent in rest["data"]] == ["parcel 1"]
    assert api("GET", f"/v1/agents?cursor={cursor}").status == 400


def test_pages_contain_each_agent_once(api: Gateway) -> None:
    for number in range(5):
        new_agent(api, name=str(number))
    found = pages(api, "/v1/agents?limit=2")
    assert [[agent["name"] for agent in page] for page in found] == [["4", "3"], ["2", "1"], ["0"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("limit=-1", "limit: "),
        ("limit=ten", "limit: "),
        ("offset=-1", "offset: "),
        ("offset=2147483648", "offset: "),
        ("page=2", "page: "),
        ("status=archived", "status: "),
        ("cursor=x", "cursor: "),
    ],
)
def test_invalid_list_parameter_is_rejected_by_name(api: Gateway, query: str, names: str) -> None:
    answer = api("GET", f"/v1/agents?{query}")
    assert answer.status == 400
    assert answer.json["error"].startswith(names)


def test_offset_with_cursor_is_rejected(api: Gateway) -> None:
    for number in range(2):
        new_agent(api, name=str(number))
    cursor = api("GET", "/v1/agents?limit=1").json["next_cursor"]
    answer = api("GET", f"/v1/agents?offset=1&cursor={cursor}")
    assert answer.status == 400
    assert answer.json == {"error": "offset: cannot be used together with a cursor."}


def test_update_sets_given_fields_only(api: Gateway) -> None:
    before = new_agent(api, description="old", tags=["a"])
    url = f"/v1/agents/{before['id']}"
    changes: dict[str, Any] = {"name": "Butler", "tags": [], "description": None}
    with counted_requests() as requests:
        answer = api("PATCH", url, changes)
    after = answer.json
    assert answer.status == 200
    assert (after["name"], after["tags"], after["description"]) == ("Butler", [], "old")
    assert after["updated_at"] > before["updated_at"]
    assert api("GET", url).json == after
    assert requests == {"GetItem": 1, "PutItem": 1}


def test_empty_update_changes_updated_at_only(api: Gateway) -> None:
    before = new_agent(api)
    after = api("PATCH", f"/v1/agents/{before['id']}", {})
    assert after.status == 200
    assert after.json.pop("updated_at") > before.pop("updated_at")


def test_status_update_archives_and_activates(api: Gateway) -> None:
    url = f"/v1/agents/{new_agent(api)['id']}"
    assert api("PATCH", url, {"status": "archived"}).json["status"] == "archived"
    assert api("GET", "/v1/agents").json["data"] == []
    assert api("PATCH", url, {"status": "active"}).json["status"] == "active"
    assert len(api("GET", "/v1/agents").json["data"]) == 1


def test_archived_agent_can_be_read_and_takes_no_sessions(api: Gateway) -> None:
    agent_id = new_agent(api)["id"]
    session_id = api("POST", "/v1/sessions", {"agent_id": agent_id}).json["id"]
    for _ in range(2):
        answer = api("DELETE", f"/v1/agents/{agent_id}")
        assert (answer.status, answer.text) == (204, "")
    assert api("GET", f"/v1/agents/{agent_id}").json["status"] == "archived"
    assert api("GET", f"/v1/sessions/{session_id}").status == 200
    rejected = api("POST", "/v1/sessions", {"agent_id": agent_id})
    assert (rejected.status, rejected.json) == (400, {"error": "Agent is archived"})


def test_write_with_stale_etag_is_rejected(api: Gateway) -> None:
    url = f"/v1/agents/{new_agent(api)['id']}"
    tag = api("GET", url).headers["etag"]
    assert api("PATCH", url, {"name": "one"}, headers={"if-match": tag}).status == 200
    assert api("PATCH", url, {"name": "two"}, headers={"if-match": tag}).status == 412
    assert api("DELETE", url, headers={"if-match": tag}).status == 412
    assert api("GET", url).json["name"] == "one"
    assert api("GET", url).json["status"] == "active"


def test_agent_of_other_organization_is_not_found(api: Gateway, other_api: Gateway) -> None:
    agent_id = new_agent(other_api)["id"]
    for method, body in (("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)):
        foreign = api(method, f"/v1/agents/{agent_id}", body)
        unknown = api(method, f"/v1/agents/{UNKNOWN}", body)
        assert (foreign.status, foreign.json) == (404, {"error": "Agent not found"})
        assert (unknown.status, unknown.json) == (404, {"error": "Agent not found"})
    assert other_api("GET", f"/v1/agents/{agent_id}").json["status"] == "active"


def test_write_without_write_scope_is_forbidden(api: Gateway) -> None:
    url = f"/v1/agents/{new_agent(api)['id']}"
    api.scopes = "read"
    assert api("GET", url).status == api("GET", "/v1/agents").status == 200
    for method, target in (("POST", "/v1/agents"), ("PATCH", url), ("DELETE", url)):
        assert api(method, target, BODY if method == "POST" else {}).status == 403
