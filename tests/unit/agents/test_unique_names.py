"""Upsert of agents by name, for clients in whose API names are unique (SDK 0.3)."""

from typing import Any

import pytest

from shared.agents.agents.documents import agent_name_list
from shared.agents.agents.service import AgentFields
from shared.agents.agents.wiring import agents
from shared.core.ids import AgentId
from shared.storage.lists import ListQuery, read_page
from shared.storage.records import BY_PARENT
from shared.storage.table import table
from tests.support.agents import new_agent
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests, hooked

#: What the SDK 0.3.1 sends, for ``create`` and for ``apply_by_name``.
BODY: dict[str, Any] = {
    "name": "order-desk",
    "system_prompt": "You help.",
    "tags": [],
    "capabilities": [],
    "tools": [],
    "initial_files": [],
}
KEY = {"idempotency-key": "k"}


def apply(api: Gateway, **fields: Any) -> dict[str, Any]:
    answer = api("POST", "/v1/agents", {**BODY, **fields})
    assert answer.status == 201, answer.text
    applied: dict[str, Any] = answer.json
    return applied


def named(api: Gateway) -> ListQuery:
    return ListQuery(list=agent_name_list(api.organization_id, BODY["name"]), index=BY_PARENT)


def listed(api: Gateway) -> list[str]:
    return [agent["id"] for agent in api("GET", "/v1/agents").json["data"]]


def test_second_request_updates_the_agent_of_that_name(api: Gateway) -> None:
    first = apply(api, description="old")
    with counted_requests() as requests:
        second = apply(api, system_prompt="You help more.")

    assert (second["id"], second["created_at"]) == (first["id"], first["created_at"])
    assert (second["system_prompt"], second["description"]) == ("You help more.", None)
    assert listed(api) == [first["id"]]
    assert requests == {"GetItem": 1, "PutItem": 1}
    assert apply(api, name="other-desk")["id"] != first["id"]


def test_same_name_in_two_organizations_is_two_agents(api: Gateway, other_api: Gateway) -> None:
    assert apply(api)["id"] != apply(other_api)["id"]


def test_concurrent_requests_make_one_agent(api: Gateway) -> None:
    answers = race(api, "POST", "/v1/agents", BODY, clients=10)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == len(listed(api)) == 1


@pytest.mark.parametrize("fields", [{}, {"id": "agent_" + "a" * 32}])
def test_agent_that_was_created_otherwise_is_updated(api: Gateway, fields: dict[str, str]) -> None:
    given = new_agent(api, name=BODY["name"], **fields)
    assert apply(api)["id"] == given["id"]
    assert listed(api) == [given["id"]]


def test_renamed_agent_keeps_its_place_and_its_old_name_is_free(api: Gateway) -> None:
    first = apply(api)
    api("PATCH", f"/v1/agents/{first['id']}", {"name": "new-desk"})

    second = apply(api)
    assert second["id"] != first["id"]
    assert apply(api)["id"] == second["id"]
    assert apply(api, name="new-desk")["id"] == first["id"]
    assert sorted(listed(api)) == sorted([first["id"], second["id"]])


def test_agent_that_only_the_late_index_has_under_the_name_is_not_replaced(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = new_agent(api, name=BODY["name"])
    late = read_page(table(), named(api), 1)
    api("PATCH", f"/v1/agents/{first['id']}", {"name": "new-desk"})
    monkeypatch.setattr("shared.storage.repository.read_page", lambda *_, **__: late)

    second = apply(api)

    assert second["id"] != first["id"]
    assert api("GET", f"/v1/agents/{first['id']}").json["name"] == "new-desk"


def test_agent_that_is_renamed_during_the_request_is_not_replaced(api: Gateway) -> None:
    first = apply(api)
    renamed: list[int] = []

    def rename(**_: Any) -> None:
        if not renamed:
            renamed.append(1)
            agents().update(
                api.organization_id, AgentId.parse(first["id"]), AgentFields(name="new-desk")
            )

    with hooked("before-call.dynamodb.PutItem", rename):
        second = apply(api)

    assert second["id"] != first["id"]
    assert api("GET", f"/v1/agents/{first['id']}").json["name"] == "new-desk"


def test_archived_agent_of_the_name_is_active_again(api: Gateway) -> None:
    first = apply(api)
    api("DELETE", f"/v1/agents/{first['id']}")
    again = apply(api)
    assert (again["id"], again["status"]) == (first["id"], "active")


@pytest.mark.parametrize("name", ["Order desk", "Order", "order--desk", "-order", "o" * 65, ""])
def test_names_that_address_nothing_are_not_unique(api: Gateway, name: str) -> None:
    assert apply(api, name=name)["id"] != apply(api, name=name)["id"]


def test_client_of_the_earlier_api_creates_two_agents(api: Gateway) -> None:
    body = {name: BODY[name] for name in ("name", "system_prompt", "tags", "capabilities")}
    first, second = (api("POST", "/v1/agents", body).json["id"] for _ in range(2))
    assert first != second


def test_repeat_under_a_key_gets_the_first_answer(api: Gateway) -> None:
    first = api("POST", "/v1/agents", BODY, headers=KEY)
    api("PATCH", f"/v1/agents/{first.json['id']}", {"name": "new-desk"})
    again = api("POST", "/v1/agents", BODY, headers=KEY)
    assert (again.status, again.text) == (201, first.text)
    assert again.headers["idempotent-replayed"] == "true"
    assert api("POST", "/v1/agents", {**BODY, "name": "x"}, headers=KEY).status == 422
    assert listed(api) == [first.json["id"]]
