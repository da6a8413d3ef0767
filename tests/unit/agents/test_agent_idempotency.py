"""Creating an agent twice with one key makes one agent, whatever happens in between."""

from datetime import timedelta

import pytest

from shared.core.clock import system_clock
from shared.storage.table import table
from tests.support.agents import new_agent
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests

BODY = {"name": "Concierge", "system_prompt": "You are helpful."}
OWN_ID = "agent_" + "0123456789abcdef" * 2
KEY = {"idempotency-key": "k"}

with_and_without_own_id = pytest.mark.parametrize("given", [BODY, {**BODY, "id": OWN_ID}])


@with_and_without_own_id
def test_given_the_same_request_again_then_the_first_answer_is_given(
    api: Gateway, given: dict[str, str]
) -> None:
    first = api("POST", "/v1/agents", given, headers=KEY)
    api("PATCH", f"/v1/agents/{first.json['id']}", {"name": "Renamed"})
    again = api("POST", "/v1/agents", given, headers=KEY)
    assert (again.status, again.json) == (201, first.json)
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert api("GET", f"/v1/agents/{first.json['id']}").json["name"] == "Renamed"


@with_and_without_own_id
def test_given_another_payload_then_the_key_is_refused(api: Gateway, given: dict[str, str]) -> None:
    api("POST", "/v1/agents", given, headers=KEY)
    answer = api("POST", "/v1/agents", {**given, "name": "Other"}, headers=KEY)
    assert answer.status == 422
    assert "Idempotency-Key" in answer.json["error"]
    assert [agent["name"] for agent in api("GET", "/v1/agents").json["data"]] == ["Concierge"]


def test_given_two_organisations_with_one_key_then_each_has_its_agent(
    api: Gateway, other_api: Gateway
) -> None:
    ours = api("POST", "/v1/agents", BODY, headers=KEY)
    theirs = other_api("POST", "/v1/agents", BODY, headers=KEY)
    assert ours.json["id"] != theirs.json["id"]
    assert "idempotent-replayed" not in theirs.headers


def test_given_the_largest_agent_then_it_can_still_be_changed(api: Gateway) -> None:
    prompt = "x" * 256 * 1024
    made = api("POST", "/v1/agents", {"name": "n", "system_prompt": prompt}, headers=KEY)
    changed = {"system_prompt": "y" * 256 * 1024}
    assert api("PATCH", f"/v1/agents/{made.json['id']}", changed).status == 200


@with_and_without_own_id
def test_given_twenty_clients_at_once_then_there_is_one_agent(
    api: Gateway, given: dict[str, str]
) -> None:
    answers = race(api, "POST", "/v1/agents", given, headers=KEY)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert len(api("GET", "/v1/agents").json["data"]) == 1


def test_given_twenty_clients_without_a_key_that_apply_one_agent_then_all_succeed(
    api: Gateway,
) -> None:
    new_agent(api, id=OWN_ID)
    answers = race(api, "POST", "/v1/agents", {**BODY, "id": OWN_ID})
    assert {answer.status for answer in answers} == {201}
    assert len({answer.headers["etag"] for answer in answers}) == 20


def test_a_create_with_a_key_is_one_request(api: Gateway) -> None:
    with counted_requests() as requests:
        api("POST", "/v1/agents", BODY, headers=KEY)
    assert requests == {"TransactWriteItems": 1}


def test_given_a_month_later_then_a_create_is_still_known_and_a_replacement_is_not(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = api("POST", "/v1/agents", BODY, headers=KEY)
    new_agent(api, id=OWN_ID)
    again = {**BODY, "id": OWN_ID, "name": "Replaced"}
    other_key = {"idempotency-key": "other"}
    assert api("POST", "/v1/agents", again, headers=other_key).json["name"] == "Replaced"

    monkeypatch.setattr(table(), "_clock", lambda: system_clock() + timedelta(days=31))

    repeated = api("POST", "/v1/agents", BODY, headers=KEY)
    assert (repeated.status, repeated.json) == (201, made.json)
    replaced = api("POST", "/v1/agents", again, headers=other_key)
    assert replaced.status == 201
    assert "idempotent-replayed" not in replaced.headers
