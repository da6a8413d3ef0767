"""Turns whose words the caller of the API relays."""

from typing import Any

import pytest

from tests.support.agents import new_agent
from tests.support.gateway import Gateway
from tests.support.new_runs import CHECK, new_run, new_scenario, read
from tests.support.run_steps import SimulationRuns


def test_relayed_run_takes_the_words_of_the_agent_once(
    api: Gateway, simulation_runs: SimulationRuns
) -> None:
    scenario = new_scenario(api, [CHECK, {"type": "says", "text": "late"}])
    run = new_run(api, {"relay": True}, scenario_ids=[scenario])
    turns = f"/v1/runs/{run['id']}/simulations/0/turns"

    assert api("POST", turns, {"turn": 0}).json["status"] == "pending"
    simulation_runs.work()
    begun = api("POST", turns, {"turn": 0}).json
    assert (begun["status"], begun["turn"]) == ("running", 1)
    assert begun["message"]
    assert begun["world"]["mcp_url"].endswith(f"/v1/runs/{run['id']}/simulations/0/mcp")
    called = api("POST", f"/v1/runs/{run['id']}/simulations/0/tools/get_order", {"id": "A-1"})
    assert called.json["output"] == {"status": "late"}
    usage = {"input_tokens": 7, "output_tokens": 3}
    answer = {"turn": 1, "message": "It is late.", "usage": usage, "ended": True}
    ended = api("POST", turns, answer)
    again = api("POST", turns, answer | {"message": "Other words"})
    simulation_runs.run()

    assert ended.json["message"] is None
    assert ended.json["end_reason"] == "AGENT_ENDED"
    assert again.json == ended.json
    assert read(api, run)["status"] == "completed"
    [result] = read(api, run, "/results")["items"]
    assert (result["outcome"], result["turns"], result["tool_calls"]) == ("passed", 1, 1)
    assert (result["input_tokens"], result["output_tokens"]) == (7, 3)
    assert api("POST", turns, answer).json["status"] == "completed"


def test_relayed_agent_that_fails_ends_its_simulation_with_the_reason(
    api: Gateway, simulation_runs: SimulationRuns
) -> None:
    run = new_run(api, {"relay": True}, scenario_ids=[new_scenario(api)])
    simulation_runs.work()

    answer = api(
        "POST",
        f"/v1/runs/{run['id']}/simulations/0/turns",
        {"turn": 1, "error": "The agent is down."},
    )
    simulation_runs.run()

    assert answer.json["status"] == "failed"
    assert read(api, run, "/results")["items"][0]["error"] == "The agent is down."
    ended = read(api, run)
    assert (ended["status"], ended["error"]) == ("failed", "The agent is down.")


@pytest.mark.parametrize(
    ("body", "code"),
    [({"turn": 2, "message": "Too early"}, "turn_not_begun"), ({"turn": 1}, None)],
)
def test_turn_that_cannot_be_taken_is_refused(
    api: Gateway, simulation_runs: SimulationRuns, body: dict[str, Any], code: str | None
) -> None:
    run = new_run(api, {"relay": True}, scenario_ids=[new_scenario(api)])
    simulation_runs.work()

    answer = api("POST", f"/v1/runs/{run['id']}/simulations/0/turns", body)

    assert (answer.status, answer.json.get("error")) == (
        (409, code) if code else (422, answer.json.get("error"))
    )


def test_turns_of_a_run_that_calls_its_target_are_not_taken(api: Gateway) -> None:
    run = new_run(
        api, {"agent_id": new_agent(api)["id"]}, scenario_ids=[new_scenario(api)]
    )  # fmt: skip

    answer = api("POST", f"/v1/runs/{run['id']}/simulations/0/turns", {"turn": 0})

    assert (answer.status, answer.json["error"]) == (409, "not_relayed")
