"""GET, PUT and DELETE /v1/scenarios/{id}."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.storage.records import from_item
from shared.storage.tombstones import is_tombstone
from tests.support.gateway import Gateway
from tests.support.scenarios import SCENARIOS, WHOLE, agent_uuid, new_scenario
from tests.support.storage import counted_requests


def test_get_returns_current_name_of_agent(api: Gateway) -> None:
    agent = agent_uuid(api, "Desk")
    created = new_scenario(api, agent_ids=[agent])

    api("PATCH", f"/v1/agents/agent_{UUID(agent).hex}", {"name": "Front desk"})

    read = api("GET", f"{SCENARIOS}/{created['id']}").json
    assert read["agents"] == [{"id": agent, "name": "Front desk"}]


def test_update_changes_only_given_fields(api: Gateway) -> None:
    created = new_scenario(api, **WHOLE)
    changes: dict[str, Any] = {
        "journey": "2. Told.",
        "tags": [],
        "name": None,
        "mock_world": {"a": {"error": "e"}},
    }

    answer = api("PUT", f"{SCENARIOS}/{created['id']}", changes)

    assert answer.status == 200
    expected = {**created, "journey": "2. Told.", "tags": [], "mock_world": {"a": {"error": "e"}}}
    assert answer.json == {**expected, "updated_at": answer.json["updated_at"]}
    assert answer.json["updated_at"] > created["updated_at"]
    assert api("GET", f"{SCENARIOS}/{created['id']}").json == answer.json


def test_update_with_unknown_agent_changes_nothing(api: Gateway) -> None:
    created = new_scenario(api)

    answer = api("PUT", f"{SCENARIOS}/{created['id']}", {"agent_ids": [str(uuid4())]})

    assert (answer.status, answer.json["error"]) == (400, "agent_not_found")
    assert api("GET", f"{SCENARIOS}/{created['id']}").json == created


@pytest.mark.parametrize("changes", [{"name": ""}, {"intent": "i" * 501}, {"tags": "late"}])
def test_invalid_update_is_rejected(api: Gateway, changes: dict[str, Any]) -> None:
    created = new_scenario(api)

    assert api("PUT", f"{SCENARIOS}/{created['id']}", changes).status == 422


def test_stale_version_is_rejected(api: Gateway) -> None:
    created = new_scenario(api)
    url = f"{SCENARIOS}/{created['id']}"
    stale = {"If-Match": api("GET", url).headers["etag"]}
    fresh = {"If-Match": api("PUT", url, {"name": "Second"}).headers["etag"]}

    assert api("PUT", url, {"name": "Third"}, headers=stale).status == 412
    assert api("DELETE", url, headers=stale).status == 412
    assert api("PUT", url, {"name": "Third"}, headers=fresh).status == 200


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", {}), ("DELETE", None)])
def test_unknown_foreign_or_malformed_id_is_rejected(
    api: Gateway, other_api: Gateway, method: str, body: Any
) -> None:
    foreign = new_scenario(other_api)["id"]

    answers = [api(method, f"{SCENARIOS}/{one}", body) for one in (foreign, str(uuid4()))]

    assert [answer.status for answer in answers] == [404, 404]
    assert (
        answers[0].json
        == answers[1].json
        == {"error": "not_found", "message": "Scenario not found"}
    )
    assert api(method, f"{SCENARIOS}/nothing", body).status == 422
    assert other_api("GET", f"{SCENARIOS}/{foreign}").status == 200


def test_delete_removes_scenario_from_all_lists(api: Gateway, dynamodb_table: Any) -> None:
    first, second = agent_uuid(api), agent_uuid(api)
    created = new_scenario(
        api,
        headers={"Idempotency-Key": "once"},
        agent_ids=[first, second],
        source_agent_id=first,
        source_persona_id=str(uuid4()),
    )
    url = f"{SCENARIOS}/{created['id']}"
    api("PUT", url, {"name": "changed"})

    answer = api("DELETE", url)

    assert (answer.status, answer.text) == (204, "")
    assert api("GET", url).status == api("DELETE", url).status == 404
    for query in ("", f"?agent_id={first}", f"?agent_id={second}", f"?source_agent_id={first}"):
        assert api("GET", f"{SCENARIOS}{query}").json["items"] == []
    partition = f"{api.organization_id}#scenario#{UUID(created['id']).hex}"
    items = dynamodb_table.scan(TableName="agent-sessions-test")["Items"]
    left = [from_item(item) for item in items if item["pk"]["S"] == partition]
    assert [is_tombstone(record) for record in left] == [True]


def test_large_scenario_created_with_key_can_be_updated(api: Gateway) -> None:
    world = {"t": {"output": "x" * 300_000}}
    created = new_scenario(api, headers={"Idempotency-Key": "large"}, mock_world=world)

    answer = api("PUT", f"{SCENARIOS}/{created['id']}", {"name": "Still large"})

    assert answer.status == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "cost"),
    [
        ("POST", "", {"name": "n", "intent": "i"}, {"PutItem": 1}),
        (
            "POST",
            "",
            {"name": "n", "intent": "i", "agent_ids": [...], "source_agent_id": ...},
            {"BatchGetItem": 1, "PutItem": 1},
        ),
        ("GET", "/{id}", None, {"GetItem": 1}),
        ("PUT", "/{id}", {"name": "n"}, {"GetItem": 1, "PutItem": 1}),
        ("DELETE", "/{id}", None, {"GetItem": 1, "TransactWriteItems": 1}),
        ("POST", "/{id}/replay", {"catalog_slug": "order-status"}, {"GetItem": 1, "PutItem": 2}),
        ("POST", "/draft", {"brief": "I want to fly.", "agent_id": ...}, {"BatchGetItem": 1}),
    ],
)
def test_operation_costs_designed_requests(
    api: Gateway, method: str, path: str, body: dict[str, Any] | None, cost: dict[str, int]
) -> None:
    agent, created = agent_uuid(api), new_scenario(api, mock_world={"t": {"output": 1}})
    ids = {"agent_ids": [agent], "source_agent_id": agent, "agent_id": agent}
    sent = body and {name: ids.get(name, value) for name, value in body.items()}

    with counted_requests() as requests:
        answer = api(method, SCENARIOS + path.format(id=created["id"]), sent)

    assert answer.status < 300
    assert requests == cost


def test_read_key_cannot_write(api: Gateway) -> None:
    created = new_scenario(api)
    api.scopes = "read"

    assert api("POST", SCENARIOS, {"name": "n", "intent": "i"}).status == 403
    assert api("PUT", f"{SCENARIOS}/{created['id']}", {}).status == 403
    assert api("DELETE", f"{SCENARIOS}/{created['id']}").status == 403
    assert api("GET", f"{SCENARIOS}/{created['id']}").status == 200
