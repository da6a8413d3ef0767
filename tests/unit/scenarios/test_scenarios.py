"""Scenarios read, changed and removed through the API."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.support.gateway import Gateway
from tests.support.scenarios import SCENARIOS, agent_uuid, new_scenario
from tests.support.storage import counted_requests
from tests.unit.scenarios.whole_scenario import WHOLE


def test_given_a_renamed_agent_when_a_scenario_is_read_then_the_new_name_is_shown(
    api: Gateway,
) -> None:
    agent = agent_uuid(api, "Desk")
    created = new_scenario(api, agent_ids=[agent])

    api("PATCH", f"/v1/agents/agent_{UUID(agent).hex}", {"name": "Front desk"})

    read = api("GET", f"{SCENARIOS}/{created['id']}").json
    assert read["agents"] == [{"id": agent, "name": "Front desk"}]


def test_given_some_fields_when_updated_then_only_those_change(api: Gateway) -> None:
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


def test_given_other_origins_when_updated_then_where_it_comes_from_stays(api: Gateway) -> None:
    created = new_scenario(api, **WHOLE)
    changes = {"source": "manual", "source_brief": "x", "source_agent_id": str(uuid4())}

    answer = api("PUT", f"{SCENARIOS}/{created['id']}", changes)

    assert answer.status == 200
    kept = ("source", "source_brief", "source_agent_id", "source_persona_id")
    assert [answer.json[name] for name in kept] == [created[name] for name in kept]


def test_given_an_unknown_agent_when_updated_then_400_and_nothing_changes(api: Gateway) -> None:
    created = new_scenario(api)

    answer = api("PUT", f"{SCENARIOS}/{created['id']}", {"agent_ids": [str(uuid4())]})

    assert (answer.status, answer.json["error"]) == (400, "agent_not_found")
    assert api("GET", f"{SCENARIOS}/{created['id']}").json == created


@pytest.mark.parametrize("changes", [{"name": ""}, {"intent": "i" * 501}, {"tags": "late"}])
def test_given_changes_that_do_not_fit_when_sent_then_422(
    api: Gateway, changes: dict[str, Any]
) -> None:
    created = new_scenario(api)

    assert api("PUT", f"{SCENARIOS}/{created['id']}", changes).status == 422


def test_given_a_stale_version_when_changed_or_removed_then_412(api: Gateway) -> None:
    created = new_scenario(api)
    url = f"{SCENARIOS}/{created['id']}"
    stale = {"If-Match": api("GET", url).headers["etag"]}
    fresh = {"If-Match": api("PUT", url, {"name": "Second"}).headers["etag"]}

    assert api("PUT", url, {"name": "Third"}, headers=stale).status == 412
    assert api("DELETE", url, headers=stale).status == 412
    assert api("PUT", url, {"name": "Third"}, headers=fresh).status == 200


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", {}), ("DELETE", None)])
def test_given_an_unknown_foreign_or_malformed_id_when_asked_for_then_it_is_refused(
    api: Gateway, other_api: Gateway, method: str, body: Any
) -> None:
    foreign = new_scenario(other_api)["id"]

    answers = [api(method, f"{SCENARIOS}/{one}", body) for one in (foreign, str(uuid4()))]

    assert [answer.status for answer in answers] == [404, 404]
    assert (
        answers[0].json
        == answers[1].json
        == {
            "error": "not_found",
            "message": "Scenario not found",
        }
    )
    assert api(method, f"{SCENARIOS}/nothing", body).status == 422
    assert other_api("GET", f"{SCENARIOS}/{foreign}").status == 200


def test_given_a_scenario_when_deleted_then_it_is_gone_from_every_list(
    api: Gateway, dynamodb_table: Any
) -> None:
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
    left = dynamodb_table.scan(TableName="agent-sessions-test")["Items"]
    assert not [item for item in left if item["pk"]["S"] == partition]


def test_given_a_large_scenario_made_under_a_key_when_changed_then_there_is_room(
    api: Gateway,
) -> None:
    world = {"t": {"output": "x" * 300_000}}
    created = new_scenario(api, headers={"Idempotency-Key": "large"}, mock_world=world)

    answer = api("PUT", f"{SCENARIOS}/{created['id']}", {"name": "Still large"})

    assert answer.status == 200


def test_given_scenarios_then_each_operation_costs_what_the_design_allows(api: Gateway) -> None:
    agent = agent_uuid(api)
    with counted_requests() as plain:
        created = new_scenario(api)
    with counted_requests() as with_agent:
        new_scenario(api, agent_ids=[agent], source_agent_id=agent)
    with counted_requests() as read:
        api("GET", f"{SCENARIOS}/{created['id']}")
    with counted_requests() as changed:
        api("PUT", f"{SCENARIOS}/{created['id']}", {"name": "n"})
    with counted_requests() as removed:
        api("DELETE", f"{SCENARIOS}/{created['id']}")

    assert plain == {"PutItem": 1}
    assert with_agent == {"BatchGetItem": 1, "PutItem": 1}
    assert read == {"GetItem": 1}
    assert changed == {"GetItem": 1, "PutItem": 1}
    assert removed == {"GetItem": 1, "TransactWriteItems": 1}


def test_given_a_key_that_may_only_read_when_it_writes_then_403(api: Gateway) -> None:
    created = new_scenario(api)
    api.scopes = "read"

    assert api("POST", SCENARIOS, {"name": "n", "intent": "i"}).status == 403
    assert api("PUT", f"{SCENARIOS}/{created['id']}", {}).status == 403
    assert api("DELETE", f"{SCENARIOS}/{created['id']}").status == 403
    assert api("GET", f"{SCENARIOS}/{created['id']}").status == 200
