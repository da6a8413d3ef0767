"""Worlds of simulations on the deployed stack: the official client, and agents of frameworks."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import anyio
import httpx
import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from shared.core.ids import OrganizationId
from shared.runs.simulations.domain import Simulation
from shared.runs.worlds.domain import SimulationKey
from shared.runs.worlds.repository import WorldCallRepository
from shared.sessions.recorded_worlds.world import parse_world
from shared.storage.table import table
from tests.integration.conftest import run_client
from tests.support.chat_server import chat_server, whole_completion
from tests.support.running_stack import PATIENCE, RunningStack
from tests.support.storage import emulated_table
from tests.support.worlds import WORLD, begin_simulation, end_simulation

FRAMEWORKS = ("pydantic-ai", "langgraph", "openai-agents")
LATE, ARRIVED = {"status": "late"}, {"status": "arrived"}
A17, A19 = {"order_id": "A-17"}, {"order_id": "A-19", "verbose": True}


@pytest.fixture(autouse=True)
def storage(stack: RunningStack, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with emulated_table(
        monkeypatch, endpoint_url=stack.aws_endpoint_url, TABLE_NAME=stack.table_name
    ):
        yield


@pytest.fixture
def simulation(stack: RunningStack) -> Simulation:
    return begin_simulation(OrganizationId.parse(stack.organization_id))


def url(stack: RunningStack, simulation: Simulation, place: str = "mcp") -> str:
    return f"{stack.api_url}/v1/runs/{simulation.run_id}/simulations/{simulation.number}/{place}"


def recorded(simulation: Simulation) -> list[tuple[int, str, Any, str | None, str]]:
    """Return index, tool, output, error and rule of each recorded call."""
    key = SimulationKey(simulation.organization_id, simulation.run_id, simulation.number)
    calls = WorldCallRepository(table()).calls_after(key, -1, parse_world(WORLD))
    return [(one.index, one.tool, one.output, one.error, one.matched) for one in calls]


# ------------------------------------------------------------------ the official client
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_official_client_lists_and_calls(
    stack: RunningStack, simulation: Simulation, mode: Literal["auto", "legacy"]
) -> None:
    async def use() -> tuple[str, list[str], list[tuple[bool, str]]]:
        headers = {"x-api-key": stack.api_key}
        async with httpx2.AsyncClient(headers=headers, timeout=PATIENCE) as sender:
            transport = streamable_http_client(url(stack, simulation), http_client=sender)
            async with Client(transport, mode=mode) as client:
                listed = await client.list_tools()
                results = [
                    await client.call_tool("get_order", A17),
                    await client.call_tool("get_order", A17),
                    await client.call_tool(listed.tools[1].name, {}),
                    await client.call_tool("get_order", {"order_id": "B-1"}),
                ]
                version = client.session.protocol_version or ""
                end_simulation(simulation)
                with pytest.raises(MCPError, match="The simulation is completed"):
                    await client.call_tool("get_order", A17)
        texts = [(bool(one.is_error), one.content[0].text) for one in results]  # type: ignore[union-attr]  # only texts
        return version, [one.name for one in listed.tools], texts

    # anyio.run leaves its thread without an event loop.
    with ThreadPoolExecutor(1) as thread:
        version, names, texts = thread.submit(anyio.run, use).result()

    assert version == ("2026-07-28" if mode == "auto" else "2025-11-25")
    assert names == ["get_order", "send_e-mail_98f74710"]
    assert [json.loads(text) for _, text in texts[:2]] == [LATE, ARRIVED]
    assert [is_error for is_error, _ in texts] == [False, False, False, True]
    assert texts[2][1] == "sent"
    assert [one[-1] for one in recorded(simulation)] == ["order", "order", "any", "none"]


def test_methods_of_streams_and_sessions_are_not_allowed(
    stack: RunningStack, http: httpx.Client, simulation: Simulation
) -> None:
    for method in ("GET", "DELETE"):
        answer = http.request(method, url(stack, simulation))

        assert answer.status_code == 405
        assert answer.headers["allow"] == "POST, OPTIONS"


def test_concurrent_calls_are_each_recorded_once(
    stack: RunningStack, http: httpx.Client, simulation: Simulation
) -> None:
    place = url(stack, simulation, "tools/get_order")
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: http.post(place, json=A17).json(), range(8)))

    calls = recorded(simulation)
    assert sorted(one["index"] for one in answers) == list(range(8))
    assert [one[0] for one in calls] == list(range(8))
    assert [one[2] for one in calls] == [LATE] + [ARRIVED] * 7
    assert {one["index"]: one["output"] for one in answers} == {one[0]: one[2] for one in calls}


# ------------------------------------------------------------------ agents of frameworks
def calls(*arguments: dict[str, Any]) -> dict[str, Any]:
    """Return tool calls of a model's answer."""
    return {
        "tool_calls": [
            {
                "id": f"call_{number}_{one['order_id']}",
                "type": "function",
                "function": {"name": "get_order", "arguments": json.dumps(one)},
            }
            for number, one in enumerate(arguments)
        ]
    }


@pytest.mark.environments("tracing")
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_agent_of_a_framework_lives_in_the_world(
    stack: RunningStack, simulation: Simulation, framework: str
) -> None:
    with chat_server() as model:
        model.reply(whole_completion("Let me see.", **calls(A17, A19)))
        model.reply(whole_completion("A-17 is late."))
        model.reply(whole_completion("", **calls(A17)))
        model.reply(whole_completion("It has arrived."))
        found = run_client(
            "tracing",
            "world_agents.py",
            framework,
            WORLD_URL=url(stack, simulation),
            WORLD_KEY=stack.api_key,
            OPENAI_BASE_URL=model.url,
            OPENAI_API_KEY="any",
        )

    assert found == {
        "answers": ["A-17 is late.", "It has arrived."],
        "tools": ["get_order", "send_e-mail_98f74710"],
    }
    # The agent's two calls at once come in either order.
    first, last = recorded(simulation)[:2], recorded(simulation)[2:]
    assert sorted((one[1], one[3] or one[2]["status"], one[-1]) for one in first) == [
        ("get_order", "late", "order"),
        ("get_order", "no such order", "exact"),
    ]
    assert last == [(2, "get_order", ARRIVED, None, "order")]
    told = json.dumps(model.received[-1].body["messages"])
    assert all(text in told for text in ("late", "no such order", "arrived"))
    offered = {one["function"]["name"]: one["function"] for one in model.received[0].body["tools"]}
    assert set(offered) == set(found["tools"])
    assert "order_id" in offered["get_order"]["parameters"]["properties"]
