"""Field `user_turns` of scenarios: create, get, update, list, export, and its limits."""

import json
from uuid import UUID

import pytest

from shared.scenarios.library.documents import ScenarioCodec
from shared.scenarios.simulated_scenarios import StoredScenarios
from shared.storage.records import Record
from shared.storage.table import table
from tests.support.gateway import Gateway
from tests.support.scenarios import SCENARIOS, new_scenario

TURNS = ["Hello.", "My order is W1."]


def test_messages_are_stored_changed_and_exported(api: Gateway) -> None:
    created = new_scenario(api, user_turns=TURNS)
    url = f"{SCENARIOS}/{created['id']}"
    assert created["user_turns"] == TURNS
    assert api("PUT", url, {"name": "Other"}).json["user_turns"] == TURNS
    assert api("PUT", url, {"user_turns": ["Bye."]}).json["user_turns"] == ["Bye."]
    assert api("GET", url).json["user_turns"] == ["Bye."]
    assert api("GET", SCENARIOS).json["items"][0]["user_turns"] == ["Bye."]
    [line] = api("GET", f"{SCENARIOS}/export").text.splitlines()
    assert json.loads(line)["user_turns"] == ["Bye."]
    assert api("PUT", url, {"user_turns": []}).json["user_turns"] == []


def test_runs_get_the_messages(api: Gateway) -> None:
    created = new_scenario(api, user_turns=TURNS)
    read = StoredScenarios(table()).read(api.organization_id, UUID(created["id"]))
    assert read.recorded_turns == tuple(TURNS)


@pytest.mark.parametrize(
    "turns", ["Hello.", [""], [1], ["x" * 20_001], ["x"] * 201, ["x" * 20_000] * 6]
)
def test_messages_beyond_the_limits_are_refused(api: Gateway, turns: object) -> None:
    answer = api("POST", SCENARIOS, {"name": "n", "intent": "i", "user_turns": turns})
    assert answer.status == 422
    assert answer.json["detail"][0]["loc"][:2] == ["body", "user_turns"]


def test_scenario_of_an_earlier_version_has_none(api: Gateway) -> None:
    created = new_scenario(api)
    codec = ScenarioCodec()
    record = table().get(codec.key(api.organization_id, UUID(created["id"])))
    assert record is not None
    body = dict(record.body)
    body["content"] = {k: v for k, v in body["content"].items() if k != "user_turns"}
    old = Record(key=record.key, type=record.type, version=1, body=body)
    assert codec.from_record(old).content.user_turns == ()
