"""Scenarios and runs made by requests."""

from typing import Any

from tests.support.gateway import Gateway

WORLD = {"get_order": {"output": {"status": "late"}}}
CHECK = {"type": "tool_called", "tool": "get_order"}


def new_scenario(api: Gateway, checks: list[dict[str, Any]] | None = None, **fields: Any) -> str:
    body = {"name": "Late order", "intent": "Where is my order?", "mock_world": WORLD} | fields
    created = api("POST", "/v1/scenarios", body)
    assert created.status == 201, created.text
    scenario: str = created.json["id"]
    if checks is not None:
        answer = api("PUT", f"/v1/scenarios/{scenario}/checks", {"checks": checks})
        assert answer.status == 200, answer.text
    return scenario


def new_run(api: Gateway, target: dict[str, Any], **fields: Any) -> dict[str, Any]:
    answer = api("POST", "/v1/runs", {"target": target, "max_turns": 1} | fields)
    assert answer.status == 202, answer.text
    created: dict[str, Any] = answer.json
    return created


def read(api: Gateway, run: dict[str, Any], path: str = "") -> dict[str, Any]:
    answer = api("GET", f"/v1/runs/{run['id']}{path}")
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.json
    return found
