"""Runs on the running stack: queue, bus, sweep and sessions together."""

import time
from typing import Any

import httpx
import pytest

from tests.integration.conftest import create
from tests.support.running_stack import PATIENCE

WORLD = {"get_order": {"output": {"status": "late"}}}


@pytest.fixture
def scenario(http: httpx.Client) -> str:
    created = create(
        http,
        "/v1/scenarios",
        name="Late order",
        intent="Where is my order?",
        mock_world=WORLD,
        user_turns=["Where is my order A-17?", "Thank you."],
    )
    checks = [{"type": "max_turns", "max": 2}, {"type": "tool_not_called", "tool": "refund"}]
    http.put(f"/v1/scenarios/{created}/checks", json={"checks": checks}).raise_for_status()
    return created


def ended(http: httpx.Client, run: str) -> dict[str, Any]:
    """Return a run once all of its simulations have ended."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found: dict[str, Any] = http.get(f"/v1/runs/{run}").json()
        if found["finished_at"] and found["progress"]["finished"] == found["progress"]["total"]:
            return found
        time.sleep(0.3)
    raise AssertionError(f"the run does not end: {found}")


def start(http: httpx.Client, target: dict[str, Any], **fields: Any) -> str:
    answer = http.post("/v1/runs", json={"target": target} | fields)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def test_run_against_an_agent_goes_on_with_the_ends_of_its_turns(
    http: httpx.Client, scenario: str
) -> None:
    agent = create(http, "/v1/agents", name="run-target", system_prompt="You help.")

    run = ended(http, start(http, {"agent_id": agent}, scenario_ids=[scenario], repeats=3))

    assert run["progress"]["passed"] == 3, run
    assert run["pass_hat_k"] == 1
    results = http.get(f"/v1/runs/{run['id']}/results").json()["items"]
    for one in results:
        session = f"session_{one['session_id'].replace('-', '')}"
        messages = http.get(f"/v1/sessions/{session}/messages").json()["data"]
        assert [message["role"] for message in messages] == ["user", "agent"] * 2
        assert messages[0]["content"][0]["text"] == "Where is my order A-17?"


def test_run_against_a_workflow_is_read_exported_and_drafted_from(
    http: httpx.Client, scenario: str
) -> None:
    run = ended(http, start(http, {"catalog_slug": "order-status"}, scenario_ids=[scenario]))

    assert run["status"] == "completed"
    [result] = http.get(f"/v1/runs/{run['id']}/results").json()["items"]
    session = result["session_id"]
    assert http.get(f"/v1/workflow/playground/sessions/{session}").status_code == 200
    assert http.get(f"/v1/sessions/{session}/export?format=openai").status_code == 200
    draft = http.post("/v1/scenarios/draft-from-session", json={"session_id": session})
    assert draft.status_code == 200, draft.text


def test_two_runs_of_one_scenario_at_once_do_not_mix(http: httpx.Client, scenario: str) -> None:
    target = {"catalog_slug": "order-status"}
    started = [start(http, target, scenario_ids=[scenario], repeats=2) for _ in range(2)]

    runs = [ended(http, one) for one in started]

    assert [one["progress"]["finished"] for one in runs] == [2, 2]
    sessions = {
        result["session_id"]
        for one in started
        for result in http.get(f"/v1/runs/{one}/results").json()["items"]
    }
    assert len(sessions) == 4


def test_relayed_run_is_cancelled_within_a_turn(http: httpx.Client, scenario: str) -> None:
    run = start(http, {"relay": True}, scenario_ids=[scenario], repeats=4)

    cancelled = http.post(f"/v1/runs/{run}/cancel").json()

    assert cancelled["status"] == "cancelled"
    assert ended(http, run)["progress"]["cancelled"] == 4
