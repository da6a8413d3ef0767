"""Creates of runs with an idempotency key."""

from typing import Any

import pytest

from tests.support.agents import new_agent
from tests.support.gateway import Gateway
from tests.support.run_steps import SimulationRuns

ROUTES = ("/v1/runs", "/v1/simulation/runs")


@pytest.fixture
def bodies(api: Gateway) -> dict[str, dict[str, Any]]:
    scenario = api("POST", "/v1/scenarios", {"name": "Late", "intent": "Where is it?"}).json["id"]
    persona = api("POST", "/v1/personas", {"name": "Traveler", "body": "You travel."}).json["id"]
    agent = new_agent(api)["id"].removeprefix("agent_")
    return {
        "/v1/runs": {"target": {"relay": True}, "scenario_ids": [scenario]},
        "/v1/simulation/runs": {
            "agent_id": agent,
            "persona_id": persona,
            "scenario_id": scenario,
        },
    }


@pytest.mark.parametrize("route", ROUTES)
def test_repeated_create_returns_the_run_and_starts_no_other(
    api: Gateway, bodies: dict[str, dict[str, Any]], route: str
) -> None:
    headers = {"idempotency-key": "k"}
    first = api("POST", route, bodies[route], headers=headers)
    SimulationRuns().work()

    again = api("POST", route, bodies[route], headers=headers)

    assert again.status == first.status
    assert again.json["id"] == first.json["id"]
    assert again.headers["idempotent-replayed"] == "true"
    assert len(api("GET", route).json["items"]) == 1


@pytest.mark.parametrize("route", ROUTES)
def test_key_of_another_payload_is_refused(
    api: Gateway, bodies: dict[str, dict[str, Any]], route: str
) -> None:
    headers = {"idempotency-key": "k"}
    api("POST", route, bodies[route], headers=headers)

    answer = api(
        "POST", route, bodies[route] | {"tool_overrides": {"a": {"output": 1}}}, headers=headers
    )

    assert (answer.status, answer.json["error"]) == (422, "idempotency_key_reused")
    assert len(api("GET", route).json["items"]) == 1
