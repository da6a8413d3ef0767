"""Scenarios and runs of the benchmarks: an order is asked for, in two turns."""

import json
from collections.abc import Sequence
from typing import Any

from local.settings import ROOT
from tests.support.gateway import Gateway

#: Messages of the recorded user; the second one runs four nodes of the workflow and a tool.
USER_TURNS = ("Hello", "I am ada@example.org and it is about HP-20417")
WORKFLOW = {"catalog_slug": "order-status"}
CHECKS: list[dict[str, Any]] = [
    {"type": "max_turns", "max": len(USER_TURNS)},
    {"type": "says_not", "text": "our order system at the moment"},
]

type Document = dict[str, Any]


def order_world() -> Document:
    """Return the recorded answers of the workflow's tools, without their delays."""
    catalog = ROOT / "shared" / "playground" / "catalog" / "order-status.json"
    world = json.loads(catalog.read_text())["graph"]["mock_world"]
    return {tool: {k: v for k, v in one.items() if k != "delay_ms"} for tool, one in world.items()}


def create_scenarios(
    api: Gateway,
    number: int,
    turns: Sequence[str] = USER_TURNS,
    checks: Sequence[Document] = CHECKS,
) -> list[str]:
    """Create scenarios with checks; return their ids."""
    world, ids = order_world(), []
    for place in range(number):
        body = {"name": f"Order {place}", "intent": "Where is my order?"}
        created = api(
            "POST", "/v1/scenarios", body | {"user_turns": list(turns), "mock_world": world}
        )
        assert created.status == 201, created.text
        ids.append(created.json["id"])
        answer = api("PUT", f"/v1/scenarios/{ids[-1]}/checks", {"checks": list(checks)})
        assert answer.status == 200, answer.text
    return ids


def create_run(
    api: Gateway, target: Document, scenario_ids: Sequence[str], **fields: Any
) -> Document:
    """Create a run of scenarios; return it."""
    body = {"target": target, "scenario_ids": list(scenario_ids)} | fields
    created = api("POST", "/v1/runs", body)
    assert created.status == 202, created.text
    run: Document = created.json
    return run


def new_agent(api: Gateway) -> Document:
    """Create an agent, and return the reference that a run names it by."""
    created = api("POST", "/v1/agents", {"name": "Orders", "system_prompt": "You help."})
    assert created.status == 201, created.text
    return {"agent_id": created.json["id"]}
