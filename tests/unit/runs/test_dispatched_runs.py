"""Runs of one simulation, in the form of the Feather API."""

from uuid import UUID

import pytest

from tests.support.agents import new_agent
from tests.support.gateway import Gateway
from tests.support.new_runs import CHECK, new_run, new_scenario
from tests.support.run_steps import SimulationRuns


def test_dispatched_simulation_has_its_inputs_and_its_session(
    api: Gateway, simulation_runs: SimulationRuns
) -> None:
    agent = new_agent(api)
    agent_id = agent["id"].removeprefix("agent_")
    persona = api("POST", "/v1/personas", {"name": "Traveler", "body": "You travel."}).json
    body = {
        "agent_id": agent_id,
        "persona_id": persona["id"],
        "scenario_id": new_scenario(api, [CHECK]),
        "tool_overrides": {"get_order": {"output": {"status": "lost"}}},
    }

    created = api("POST", "/v1/simulation/runs", body)
    assert created.status == 201, created.text
    path = f"/v1/simulation/runs/{created.json['id']}"
    assert (created.json["status"], created.json["channel"]) == ("pending", "voice")
    simulation_runs.run()

    ended = api("GET", path).json
    assert ended["status"] == "completed"
    assert ended["tool_overrides"] == body["tool_overrides"]
    assert ended["inputs_snapshot"]["persona"]["name"] == "Traveler"
    session = f"session_{ended['session_id'].replace('-', '')}"
    assert api("GET", f"/v1/sessions/{session}/messages").status == 200
    assert api("GET", f"/v1/runs/{ended['id']}").json["progress"]["total"] == 1
    listed = api("GET", f"/v1/simulation/runs?agent_id={agent['id']}&status=completed").json
    assert listed["items"] == [ended]
    assert api("GET", "/v1/simulation/runs?status=failed").json["items"] == []
    assert api("GET", "/v1/runs").json["items"] == []


@pytest.mark.parametrize("field", ["agent_id", "agent_revision_id", "persona_id", "scenario_id"])
def test_dispatch_names_the_field_that_refers_to_nothing(api: Gateway, field: str) -> None:
    persona = api("POST", "/v1/personas", {"name": "Traveler", "body": "You travel."}).json
    body = {
        "agent_id": new_agent(api)["id"],
        "persona_id": persona["id"],
        "scenario_id": new_scenario(api),
        field: str(UUID(int=7)),
    }
    refused = api("POST", "/v1/simulation/runs", body)
    assert refused.status == 400
    assert refused.json["message"].startswith(f"{field}: ")


def test_run_of_several_is_no_simulation_run(api: Gateway) -> None:
    run = new_run(api, {"relay": True}, scenario_ids=[new_scenario(api)])

    assert api("GET", f"/v1/simulation/runs/{run['id']}").status == 404
