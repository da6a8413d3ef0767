"""Client-side tools on agents, sessions and messages: stored, updated, refused."""

from typing import Any

import pytest

from tests.support.agents import HI, new_agent, new_session, say
from tests.support.gateway import Answer, Gateway
from tests.support.turns import Model, Turns, call, session
from tests.unit.agent_sessions.client_tools import tool

KIB = 1024
LIMITS = "Input exceeds allowed limits: tools"


def deep(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"}
    for _ in range(levels - 1):
        schema = {"type": "object", "properties": schema}
    return schema


def wide(size: int) -> dict[str, Any]:
    return {"type": "object", "description": "d" * (size - 34)}


#: Tools, the status, and the beginning of the error.
REFUSED: dict[str, tuple[Any, int, str]] = {
    "not a list": ({"name": "t"}, 422, "tools: "),
    "no type": ([{**tool("t"), "type": None}], 422, "tools.0.type: "),
    "built-in": ([tool("t", type="builtin")], 422, "tools.0.type: "),
    "no name": ([tool(None)], 422, "tools.0.name: "),  # type: ignore[arg-type]
    "empty name": ([tool("")], 422, "tools.0.name: "),
    "long name": ([tool("t" * 65)], 422, "tools.0.name: "),
    "name with a space": ([tool("get weather")], 422, "tools.0.name: "),
    "name with a line end": ([tool("t\n")], 422, "tools.0.name: "),
    "description null": ([tool("t", description=None)], 422, "tools.0.description: "),
    "long description": ([tool("t", description="é" * 2049)], 400, f"{LIMITS}.description"),
    "parameters null": ([tool("t", parameters=None)], 422, "tools.0.parameters: "),
    "parameters a list": ([tool("t", parameters=[])], 422, "tools.0.parameters: "),
    "schema of a text": ([tool("t", parameters={"type": "string"})], 400, "tools.parameters: "),
    "large schema": ([tool("t", parameters=wide(16 * KIB + 1))], 400, f"{LIMITS}.parameters"),
    "deep schema": ([tool("t", parameters=deep(21))], 400, f"{LIMITS}.parameters"),
    "equal names": ([tool("t"), tool("t")], 400, "tools.name: must be unique"),
    "65 tools": ([tool(f"t{n}") for n in range(65)], 400, f"{LIMITS} must be at most 64"),
    "64 KiB": ([tool(f"t{n}", parameters=wide(16 * KIB)) for n in range(4)], 400, LIMITS),
    "approval": (
        [tool("t", policy="requires_approval")],
        422,
        'tools.0.policy: must be null, "auto" or absent',
    ),
    "deferred": ([tool("t", deferrable="always")], 422, "tools.0.deferrable: "),
    "hints": ([tool("t", hints={"destructive": True})], 422, "tools.0.hints: "),
    "whole schema": ([tool("t", full_parameters={"a": 1})], 422, "tools.0.full_parameters: "),
}


def requests(api: Gateway) -> list[tuple[str, str, dict[str, Any]]]:
    """Return a request to each endpoint that takes tools."""
    agent = new_agent(api)
    identifier = new_session(api, agent_id=agent["id"])["id"]
    return [
        ("POST", "/v1/agents", {"name": "a", "system_prompt": "p"}),
        ("PATCH", f"/v1/agents/{agent['id']}", {}),
        ("POST", "/v1/sessions", {"agent_id": agent["id"]}),
        ("PATCH", f"/v1/sessions/{identifier}", {}),
        ("POST", f"/v1/sessions/{identifier}/messages", HI),
    ]


def send(api: Gateway, tools: Any) -> list[Answer]:
    return [api(method, url, {**body, "tools": tools}) for method, url, body in requests(api)]


@pytest.mark.parametrize(("tools", "status", "error"), REFUSED.values(), ids=REFUSED)
def test_invalid_tools_are_refused_everywhere(
    api: Gateway, tools: Any, status: int, error: str
) -> None:
    for answer in send(api, tools):
        assert (answer.status, set(answer.json)) == (status, {"error"}), answer.text
        assert answer.json["error"].startswith(error)


@pytest.mark.parametrize(
    "tools",
    [
        None,
        [],
        [tool(f"t{n}") for n in range(64)],
        [tool("T-_9" * 16, parameters={}, display_name="T", category="c")],
        [tool("t", policy=None, deferrable=None, hints=None, full_parameters=None, category="")],
        [tool("t", policy="auto", deferrable="never", hints={})],
        [tool("t", parameters=deep(20))],
    ],
)
def test_valid_tools_are_returned_and_offered(api: Gateway, tools: Any) -> None:
    settings = {"policy", "deferrable", "hints", "full_parameters"}
    expected = [
        {name: value for name, value in one.items() if name not in settings} for one in tools or []
    ]
    for answer in send(api, tools):
        assert answer.status in (200, 201), answer.text
        assert answer.json.get("tools", []) == expected
        assert "x-ignored-fields" not in answer.headers


def test_update_replaces_tools_and_null_leaves_them(api: Gateway) -> None:
    agent = new_agent(api, tools=[tool("a"), tool("b")])
    identifier = new_session(api, agent_id=agent["id"], tools=[tool("c")])["id"]
    for url in (f"/v1/agents/{agent['id']}", f"/v1/sessions/{identifier}"):
        before = api("GET", url).json["tools"]
        assert api("PATCH", url, {"tools": None}).json["tools"] == before
        assert api("PATCH", url, {"tools": [tool("z")]}).json["tools"] == [tool("z")]
        assert "tools" not in api("PATCH", url, {"tools": []}).json
        assert "tools" not in api("GET", url).json


@pytest.mark.parametrize("url", ["/v1/agents", "/v1/sessions"])
def test_calls_one_at_a_time_are_refused(api: Gateway, url: str) -> None:
    body = {"name": "a", "system_prompt": "p", "agent_id": new_agent(api)["id"]}
    answer = api("POST", url, {**body, "parallel_tool_calls": False})
    assert (answer.status, answer.json) == (
        422,
        {"error": "parallel_tool_calls: must be null, true or absent"},
    )
    for accepted in (True, None):
        assert api("POST", url, {**body, "parallel_tool_calls": accepted}).status == 201


def test_scripted_model_calls_tools_that_are_offered(api: Gateway) -> None:
    identifier = new_session(api, tools=[tool("get_weather"), tool("book")])["id"]
    turns = Turns()
    say(api, identifier, 'Book [call book {"seat": {"row": 1}}] [call book] [call other {}]')
    turns.run()
    assert session(api, identifier)["status"] == "waitingfortoolresults"
    [requested] = [
        event["data"]["tool_calls"]
        for event in api("GET", f"/v1/sessions/{identifier}/events").json["data"]
        if event["type"] == "tool.call_requested"
    ]
    assert [(one["name"], one["arguments"]) for one in requested] == [
        ("book", {"seat": {"row": 1}}),
        ("book", {}),
    ]


def test_tools_of_an_agent_reach_running_sessions(api: Gateway) -> None:
    agent = new_agent(api)
    identifier = new_session(api, agent_id=agent["id"])["id"]
    assert api("PATCH", f"/v1/agents/{agent['id']}", {"tools": [tool("late")]}).status == 200
    say(api, identifier, "Hello")
    Turns(Model(call("late"))).run()
    assert session(api, identifier)["status"] == "waitingfortoolresults"
