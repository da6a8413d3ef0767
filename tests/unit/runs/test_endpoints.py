"""Runs by the API: created, run by the queue, listed, read, cancelled, and swept."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from functions.triggers import sweep_runs
from tests.support.agents import new_agent
from tests.support.gateway import Gateway
from tests.support.new_runs import CHECK, new_run, new_scenario, read
from tests.support.run_steps import SimulationRuns
from tests.support.storage import forget_process_state

MINUTE = SimpleNamespace(get_remaining_time_in_millis=lambda: 50_000)


def test_run_against_an_agent_ends_with_verdicts_and_sessions(
    api: Gateway, simulation_runs: SimulationRuns
) -> None:
    agent = new_agent(api)
    scenarios = [new_scenario(api, [CHECK]), new_scenario(api, [{"type": "says", "text": "early"}])]

    run = new_run(api, {"agent_id": agent["id"]}, scenario_ids=scenarios, repeats=2)
    assert (run["status"], run["progress"]["total"]) == ("running", 4)
    assert read(api, run)["progress"]["finished"] == 0
    simulation_runs.run()

    ended = read(api, run)
    assert ended["status"] == "completed"
    assert (ended["progress"]["passed"], ended["progress"]["failed"]) == (2, 2)
    assert (ended["pass_at_1"], ended["pass_hat_k"], ended["flaky_scenarios"]) == (0.5, 0.5, 0)
    results = read(api, run, "/results")["items"]
    assert [one["outcome"] for one in results] == ["passed", "passed", "failed", "failed"]
    session = api("GET", f"/v1/sessions/session_{results[0]['session_id'].replace('-', '')}")
    assert session.status == 200
    assert f"run:{run['id']}" in session.json["tags"]
    whole = read(api, run, "/simulations/2")
    assert whole["checks"][0]["outcome"] == "failed"
    assert whole["inputs"]["scenario"]["intent"] == "Where is my order?"
    assert api("GET", "/v1/runs").json["items"] == [ended]


def test_results_are_filtered_and_paged(api: Gateway, simulation_runs: SimulationRuns) -> None:
    scenarios = [new_scenario(api, [CHECK]), new_scenario(api, [{"type": "says", "text": "early"}])]
    target = {"agent_id": new_agent(api)["id"]}
    run = new_run(api, target, scenario_ids=scenarios, repeats=2)
    simulation_runs.run()

    first = read(api, run, "/results?limit=3")
    second = read(api, run, f"/results?limit=3&cursor={first['next_cursor']}")
    failed = read(api, run, "/results?outcome=failed")["items"]
    of_one = read(api, run, f"/results?scenario_id={scenarios[0]}")["items"]

    assert [one["number"] for one in first["items"] + second["items"]] == [0, 1, 2, 3]
    assert second["next_cursor"] is None
    assert [one["number"] for one in failed] == [2, 3]
    assert [one["number"] for one in of_one] == [0, 1]
    other = api("GET", f"/v1/runs/{run['id']}/results?outcome=failed&cursor={first['next_cursor']}")
    assert other.status == 400


def test_run_against_a_workflow_is_held_in_the_playground(
    api: Gateway, simulation_runs: SimulationRuns
) -> None:
    scenario = new_scenario(api, [{"type": "max_turns", "max": 3}], tags=["late"])

    run = new_run(api, {"catalog_slug": "order-status"}, tags=["late"])
    simulation_runs.run()

    assert read(api, run)["progress"]["passed"] == 1
    [result] = read(api, run, "/results")["items"]
    assert (result["scenario_id"], result["session_kind"]) == (scenario, "playground")
    session = api("GET", f"/v1/workflow/playground/sessions/{result['session_id']}")
    assert session.status == 200


def test_cancelled_run_ends_with_its_next_step(
    api: Gateway, simulation_runs: SimulationRuns
) -> None:
    run = new_run(api, {"relay": True}, scenario_ids=[new_scenario(api)], repeats=3)
    simulation_runs.work()

    cancelled = api("POST", f"/v1/runs/{run['id']}/cancel")
    simulation_runs.run()

    assert cancelled.json["status"] == "cancelled"
    assert read(api, run)["progress"]["cancelled"] == 3
    assert api("POST", f"/v1/runs/{run['id']}/cancel").json["progress"]["cancelled"] == 3


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"tags": ["unknown"]}, 400, "tags"),
        ({"scenario_ids": ["00000000-0000-4000-8000-000000000000"]}, 400, "scenario_ids"),
        ({"persona_ids": ["00000000-0000-4000-8000-000000000000"]}, 400, "persona_ids"),
        ({"judge_model": "model_" + "9" * 32}, 400, "judge_model"),
        ({"user_model": "model_" + "9" * 32}, 400, "user_model"),
        ({"baseline_run_id": "00000000-0000-4000-8000-000000000000"}, 400, "baseline_run_id"),
        ({"target": {"agent_id": "agent_" + "9" * 32}}, 400, "target.agent_id"),
        ({"target": {"url": "http://127.0.0.1:9/v1"}}, 400, "target.url"),
        ({"target": {"revision_id": "00000000-0000-4000-8000-000000000000"}}, 400, "revision_id"),
        ({"target": {"catalog_slug": "unknown"}}, 400, "catalog_slug"),
        ({"target": {"relay": True, "url": "http://a"}}, 422, "exactly one"),
        ({"target": {"relay": True, "secret": "key"}}, 422, "for a url only"),
        ({"repeats": 17}, 422, "repeats"),
        ({"tool_overrides": {"a": {}}}, 422, "tool_overrides"),
    ],
)
def test_run_that_cannot_be_made_is_refused_and_leaves_nothing(
    api: Gateway, fields: dict[str, Any], status: int, field: str
) -> None:
    given = {"target": {"relay": True}} | fields
    if "tags" not in given and "scenario_ids" not in given:
        given["scenario_ids"] = [new_scenario(api)]

    answer = api("POST", "/v1/runs", given)

    assert answer.status == status, answer.text
    assert field in answer.text
    assert api("GET", "/v1/runs").json["items"] == []


def test_runs_of_another_organization_are_not_found(api: Gateway, other_api: Gateway) -> None:
    run = new_run(api, {"relay": True}, scenario_ids=[new_scenario(api)])
    path = f"/v1/runs/{run['id']}"

    found = [
        other_api("GET", path),
        other_api("GET", f"{path}/results"),
        other_api("GET", f"{path}/simulations/0"),
        other_api("POST", f"{path}/cancel"),
        other_api("POST", f"{path}/simulations/0/turns", {"turn": 0}),
    ]

    assert [one.status for one in found] == [404] * 5
    assert other_api("GET", "/v1/runs").json["items"] == []
    assert api("GET", f"{path}/simulations/1").status == 404


def test_run_of_a_deleted_agent_fails_with_the_reason(
    api: Gateway, simulation_runs: SimulationRuns
) -> None:
    agent = new_agent(api)
    run = new_run(api, {"agent_id": agent["id"]}, scenario_ids=[new_scenario(api)])
    assert api("DELETE", f"/v1/agents/{agent['id']}").status == 204

    simulation_runs.run()

    assert read(api, run)["status"] == "failed"
    assert "agent" in read(api, run)["error"]


def test_scenario_deleted_in_mid_run_fails_its_simulations_only(
    api: Gateway, simulation_runs: SimulationRuns
) -> None:
    kept, deleted = new_scenario(api, [CHECK]), new_scenario(api)
    target = {"agent_id": new_agent(api)["id"]}
    run = new_run(api, target, scenario_ids=[kept, deleted])
    assert api("DELETE", f"/v1/scenarios/{deleted}").status == 204

    simulation_runs.run()

    ended = read(api, run)
    assert (ended["progress"]["passed"], ended["progress"]["errors"]) == (1, 1)
    assert read(api, run, "/results")["items"][1]["error"] == "scenario_not_found"


def test_lists_of_runs_are_paged(api: Gateway) -> None:
    scenario = new_scenario(api)
    persona = api("POST", "/v1/personas", {"name": "Traveler", "body": "You travel."}).json["id"]
    agent = new_agent(api)["id"].removeprefix("agent_")
    dispatched = {"agent_id": agent, "persona_id": persona, "scenario_id": scenario}
    for _ in range(2):
        new_run(api, {"relay": True}, scenario_ids=[scenario])
        assert api("POST", "/v1/simulation/runs", dispatched).status == 201

    for path in ("/v1/runs", "/v1/simulation/runs"):
        forget_process_state()  # each function is a process of its own
        first = api("GET", f"{path}?limit=1").json
        second = api("GET", f"{path}?limit=1&cursor={first['next_cursor']}").json
        ids = {one["id"] for one in first["items"] + second["items"]}
        assert (len(ids), second["next_cursor"]) == (2, None)


def test_waiting_run_is_cancelled_without_a_step(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_SIMULATIONS_PER_ORGANIZATION", "1")
    forget_process_state()
    scenario = new_scenario(api)
    started = new_run(api, {"relay": True}, scenario_ids=[scenario])
    waiting = new_run(api, {"relay": True}, scenario_ids=[scenario])

    cancelled = api("POST", f"/v1/runs/{waiting['id']}/cancel").json

    assert (started["status"], waiting["status"]) == ("running", "pending")
    assert cancelled["status"] == "cancelled"
    assert cancelled["progress"]["cancelled"] == 1


def test_sweep_starts_what_waits_sends_what_was_lost_and_closes_what_ended(
    api: Gateway, monkeypatch: pytest.MonkeyPatch, simulation_runs: SimulationRuns
) -> None:
    monkeypatch.setenv("MAX_SIMULATIONS_PER_ORGANIZATION", "2")
    forget_process_state()
    target = {"catalog_slug": "order-status"}
    runs = [new_run(api, target, scenario_ids=[new_scenario(api)]) for _ in range(3)]
    with monkeypatch.context() as killed:
        # Functions that end before they close their run, or start another.
        killed.setattr("shared.runs.runs.starting.RunStarter.close", lambda *_: False)
        simulation_runs.run()
    monkeypatch.setattr("shared.runs.runs.sweep.STALE_AFTER", timedelta(seconds=-1))

    swept = [sweep_runs.handler({}, MINUTE) for _ in range(2)]
    simulation_runs.run()

    assert sum(one["closed"] for one in swept) == 2
    assert sum(one["resent"] for one in swept) >= 1
    assert [read(api, run)["status"] for run in runs] == ["completed"] * 3
