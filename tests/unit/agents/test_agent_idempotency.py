"""Idempotent creates of agents, beyond the rule that all kinds share (test_write_path)."""

from datetime import timedelta

import pytest

from tests.support.agents import new_agent
from tests.support.clocks import move_clock
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests

BODY = {"name": "Concierge", "system_prompt": "You are helpful."}
OWN_ID = "agent_" + "0123456789abcdef" * 2
WITH_ID = {**BODY, "id": OWN_ID}
KEY = {"idempotency-key": "k"}


@pytest.mark.parametrize(("first", "second"), [(BODY, WITH_ID), (WITH_ID, BODY)])
def test_key_used_with_and_without_an_id_is_refused(
    api: Gateway, first: dict[str, str], second: dict[str, str]
) -> None:
    assert api("POST", "/v1/agents", first, headers=KEY).status == 201
    answer = api("POST", "/v1/agents", second, headers=KEY)
    assert answer.status == 422
    assert "Idempotency-Key" in answer.json["error"]
    assert len(api("GET", "/v1/agents").json["data"]) == 1


def test_upsert_of_created_agent_under_its_key_is_refused(api: Gateway) -> None:
    created = api("POST", "/v1/agents", BODY, headers=KEY).json
    answer = api("POST", "/v1/agents", {**BODY, "id": created["id"]}, headers=KEY)
    assert answer.status == 422
    assert api("GET", f"/v1/agents/{created['id']}").json == created


def test_same_key_in_two_organizations_creates_two_agents(api: Gateway, other_api: Gateway) -> None:
    first = api("POST", "/v1/agents", BODY, headers=KEY)
    second = other_api("POST", "/v1/agents", BODY, headers=KEY)
    assert first.json["id"] != second.json["id"]
    assert "idempotent-replayed" not in second.headers


def test_largest_agent_created_under_a_key_can_be_changed(api: Gateway) -> None:
    body = {"name": "n", "system_prompt": "x" * 256 * 1024}
    created = api("POST", "/v1/agents", body, headers=KEY)
    changes = {"system_prompt": "y" * 256 * 1024}
    assert api("PATCH", f"/v1/agents/{created.json['id']}", changes).status == 200
    assert api("POST", "/v1/agents", body, headers=KEY).text == created.text


def test_concurrent_upserts_without_key_all_succeed(api: Gateway) -> None:
    new_agent(api, id=OWN_ID)
    answers = race(api, "POST", "/v1/agents", WITH_ID)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.headers["etag"] for answer in answers}) == 20


def test_create_under_a_key_costs_one_request(api: Gateway) -> None:
    with counted_requests() as requests:
        api("POST", "/v1/agents", BODY, headers=KEY)
    assert requests == {"TransactWriteItems": 1}


def test_repeat_after_retention_replays_create_and_repeats_upsert(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    created = api("POST", "/v1/agents", BODY, headers=KEY)
    other_key = {"idempotency-key": "other"}
    api("POST", "/v1/agents", WITH_ID, headers=other_key)

    move_clock(monkeypatch, timedelta(days=31))

    repeated = api("POST", "/v1/agents", BODY, headers=KEY)
    assert (repeated.status, repeated.json) == (201, created.json)
    upserted = api("POST", "/v1/agents", WITH_ID, headers=other_key)
    assert (upserted.status, upserted.headers["etag"]) == (201, '"2"')
    assert "idempotent-replayed" not in upserted.headers
