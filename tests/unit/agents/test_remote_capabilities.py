"""Configuration of MCP servers and HTTP APIs, checked when agents and sessions are created."""

import time
from typing import Any

import pytest

from shared.agents.tools.openapi_schema import MAX_SCHEMAS
from tests.support.agents import new_agent, new_session
from tests.support.gateway import Gateway
from tests.support.storage import forget_process_state
from tests.unit.agents.http_turn import BASIC, COOKIE, document

ALLOWED = {"openapi": "3.1.0", "paths": {}, "servers": [{"url": "https://api.example.com"}]}


@pytest.fixture(autouse=True)
def _hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTGOING_HOSTS", "api.example.com,127.0.0.1")


def refused(api: Gateway, *capabilities: tuple[str, Any]) -> str:
    """Return the error of an agent, a session and an update with capabilities."""
    forget_process_state()
    given = [{"ref": ref, "config": config} for ref, config in capabilities]
    agent = new_agent(api)["id"]
    answers = [
        api("POST", "/v1/agents", {"name": "a", "system_prompt": "b", "capabilities": given}),
        api("PATCH", f"/v1/agents/{agent}", {"capabilities": given}),
        api("POST", "/v1/sessions", {"agent_id": agent, "capabilities": given}),
    ]
    assert {answer.status for answer in answers} == {400}
    [error] = {answer.json["error"] for answer in answers}
    return str(error)


def test_valid_configurations_are_stored_as_sent(api: Gateway) -> None:
    given = [
        {"ref": "mcp", "config": {"url": "https://api.example.com/mcp"}},
        {"ref": "mcp:two", "config": {"url": "http://127.0.0.1:8000/mcp", "secret": "weather",
                                      "header": "X-Key", "tools": ["a", "b.c"]}},
        {"ref": "http:shop", "config": {"document": document(), "secret": "shop",
                                        "operations": ["put_order"]}},
        {"ref": "http", "config": {"document_url": "https://api.example.com/openapi.json",
                                   "server": "https://api.example.com/v2"}},
    ]  # fmt: skip
    agent = new_agent(api, capabilities=given)
    assert agent["capabilities"] == given
    assert new_session(api, agent_id=agent["id"], capabilities=given)["capabilities"] == given


def test_capabilities_that_only_begin_alike_stay_unknown(api: Gateway) -> None:
    given = [{"ref": "mcpx"}, {"ref": "https"}]
    assert new_agent(api, capabilities=given)["capabilities"] == given


URL = {"url": "https://api.example.com/mcp"}


@pytest.mark.parametrize(
    ("ref", "config", "reason"),
    [
        ("mcp", None, "capabilities.config: of mcp must be an object."),
        ("mcp", [], "capabilities.config: of mcp must be an object."),
        ("mcp", {}, "capabilities.config.url: of mcp must be the https:// URL of the MCP server."),
        ("mcp", {"url": 1}, "capabilities.config.url: of mcp must be a string."),
        ("mcp:", URL, "capabilities.ref: mcp: must be mcp or http, alone or with a label"),
        ("mcp:a b", URL, "capabilities.ref: mcp:a b must be mcp or http"),
        ("mcp", {**URL, "token": "x"},
         "capabilities.config.token: of mcp is unknown; known are url, secret, header, tools."),
        ("mcp", {"url": "https://other.example.com/"},
         "of mcp the host other.example.com on port 443 is not allowed: the stack's parameter"),
        ("mcp", {"url": "http://169.254.169.254/"}, "OutgoingHosts must list it"),
        ("mcp", {"url": "http://api.example.com/"}, "must begin with https://"),
        ("mcp", {"url": "https://u:p@api.example.com/"}, "without user, password"),
        ("mcp", {**URL, "secret": "sk-live/abc"}, "must be the name of a secret"),
        ("mcp", {**URL, "secret": "../other"}, "must be the name of a secret"),
        ("mcp", {**URL, "secret": "arn:aws:secretsmanager:eu-west-1:1:secret:a"},
         "must be the name of a secret"),
        ("mcp", {**URL, "header": "Host"}, "must be the name of a header that may carry a secret"),
        ("mcp", {**URL, "header": "a b"}, "must be the name of a header that may carry a secret"),
        ("mcp", {**URL, "tools": []}, "must be a list of 1 to 128 names"),
        ("mcp", {**URL, "tools": ["a"] * 129}, "must be a list of 1 to 128 names"),
        ("mcp", {**URL, "tools": "a"}, "must be a list of 1 to 128 names"),
        ("http", {}, "capabilities.config.document: of http must be set, or document_url instead"),
        ("http", {"document": ALLOWED, "document_url": "https://api.example.com/"}, "not both"),
        ("http", {"document": "{}"}, "must be an OpenAPI document as a JSON object"),
        ("http", {"document": {"swagger": "2.0"}}, "the OpenAPI document must be of OpenAPI 3"),
        ("http", {"document": {"openapi": "3.0.0"}}, "names no server; set server"),
        ("http", {"document": {**ALLOWED, "paths": None}}, "has no paths"),
        ("http", {"document": {**ALLOWED, "servers": [{"url": "https://evil.test"}]}},
         "leads to a server that cannot be used: the host evil.test"),
        ("http", {"document": {**ALLOWED, "servers": [{"url": "/v1"}]}}, "cannot be used"),
        ("http", {"document": document(), "operations": ["typo"]}, "has no operation typo"),
        ("http", {"document": document(), "operations": ["upload"]},
         "has an operation upload that is no tool: it needs a body that is not JSON, a cookie, or"),
        ("http", {"operations": ["a"], "document": {**ALLOWED, "paths": {"/a": {
            "get": {"operationId": "a", "servers": [{"url": "https://other.test"}]}}}}},
         "or a server of its own"),
        ("http", {"document": {**ALLOWED, "paths": {"x": {"get": {}}}}}, "must begin with /"),
        ("http", {"document": {**ALLOWED, "paths": {"/x": {"get": {"parameters": [
            {"$ref": "https://evil.test/p.json"}]}}}}}, "references must begin with #/"),
        ("http", {"document": {**ALLOWED, "paths": {"/x": {"$ref": "#/paths/~1x"}}}},
         "references that lead in a circle"),
        ("http", {"document": {**ALLOWED, "paths": {"/x": {"$ref": "#/nowhere"}}}},
         "refers to #/nowhere, which it does not have"),
        ("http", {"document": {**ALLOWED, "paths": {f"/{n}": {"get": {}} for n in range(129)}}},
         "has more than 128 operations; name those to use in operations"),
        ("http", {"document": {**ALLOWED, "paths": {
            "/a": {"get": {"operationId": "x"}}, "/b": {"get": {"operationId": "x"}}}}},
         "has two operations with the name x"),
        ("http", {"secret": "s", "document": {**document(), "components": {
            **document()["components"], "securitySchemes": {"a": COOKIE}}}},
         "declares no security scheme that one secret serves"),
    ],
)  # fmt: skip
def test_invalid_configuration_is_refused(api: Gateway, ref: str, config: Any, reason: str) -> None:
    assert reason in refused(api, (ref, config))


def test_same_ref_twice_is_refused(api: Gateway) -> None:
    assert refused(api, ("mcp:a", URL), ("mcp:a", URL)) == (
        "capabilities: mcp:a is given twice; tell them apart by labels, as mcp:weather."
    )


def test_too_many_servers_are_refused(api: Gateway) -> None:
    many = [(f"mcp:s{n}", URL) for n in range(17)]
    assert refused(api, *many) == "capabilities: at most 16 may be mcp or http."


def test_references_that_multiply_are_refused(api: Gateway) -> None:
    """Each schema refers to the next one ten times."""

    def ten(n: int) -> dict[str, Any]:
        following = {"$ref": f"#/components/schemas/s{n + 1}"}
        return {"properties": {f"p{m}": following for m in range(10)}}

    schemas: dict[str, Any] = {f"s{n}": ten(n) for n in range(8)} | {"s8": {"type": "string"}}
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/s0"}}}}
    bomb = {**ALLOWED, "components": {"schemas": schemas},
            "paths": {"/x": {"post": {"requestBody": body}}}}  # fmt: skip
    reason = f"has an operation of more than {MAX_SCHEMAS} schemas"
    assert reason in refused(api, ("http", {"document": bomb}))


def test_schema_that_contains_itself_is_bounded(api: Gateway) -> None:
    given = {"document": document(components={"schemas": document()["components"]["schemas"],
             "parameters": document()["components"]["parameters"],
             "securitySchemes": {"a": BASIC}})}  # fmt: skip
    assert new_agent_with(api, given)


def new_agent_with(api: Gateway, config: dict[str, Any]) -> dict[str, Any]:
    forget_process_state()
    return new_agent(api, capabilities=[{"ref": "http", "config": config}])


def test_no_host_is_allowed_by_default(api: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OUTGOING_HOSTS")
    assert "OutgoingHosts must list it" in refused(api, ("mcp", URL))


def test_listed_capabilities_name_the_mcp_one(api: Gateway) -> None:
    listed = {one["id"]: one for one in api("GET", "/v1/capabilities").json["data"]}
    assert listed["mcp"]["is_mcp"] is True
    assert listed["http"]["is_mcp"] is False
    assert listed["mcp"]["tool_definitions"] == listed["http"]["tool_definitions"] == []


def test_variables_of_a_server_are_replaced_once(api: Gateway) -> None:
    variables = {f"v{n}": {"default": f"{{v{n + 1}}}" * 2} for n in range(40)}
    server = {"url": "https://api.example.com/{v0}", "variables": variables}
    assert new_agent_with(api, {"document": {**ALLOWED, "servers": [server]}})
    long = {
        "url": "https://api.example.com/" + "{v}" * 500,
        "variables": {"v": {"default": "x" * 9}},
    }
    assert "must be a URL" in refused(api, ("http", {"document": {**ALLOWED, "servers": [long]}}))


@pytest.mark.parametrize("url", ["http://[x", "//[::1", "https://\u2100.com"])
def test_server_whose_url_is_invalid_is_refused(api: Gateway, url: str) -> None:
    given = {**ALLOWED, "servers": [{"url": url}]}
    assert "server" in refused(api, ("http", {"document": given}))


def test_reference_to_an_index_of_many_digits_is_refused(api: Gateway) -> None:
    given = {**ALLOWED, "paths": {"/a": {"$ref": "#/servers/" + "9" * 5000}}}
    assert "which it does not have" in refused(api, ("http", {"document": given}))


def test_parameters_that_multiply_are_refused_in_time(api: Gateway) -> None:
    given = {
        **ALLOWED,
        "a": {"name": "x", "in": "query", "schema": {"$ref": "#/s"}},
        "s": {"anyOf": [{"$ref": "#/t"}] * 44},
        "t": {"anyOf": [True] * 44},
        "paths": {"/1": {"parameters": [{"$ref": "#/a"}] * 3000, "get": {}, "post": {}}},
    }
    started = time.monotonic()
    assert f"more than {MAX_SCHEMAS} schemas" in refused(api, ("http", {"document": given}))
    assert time.monotonic() - started < 3


def test_large_schema_behind_many_references_is_refused(api: Gateway) -> None:
    given = {
        **ALLOWED,
        "s": {"description": "x" * 20_000},
        "paths": {"/1": {"get": {"operationId": "many", "parameters": [
            {"name": "x", "in": "query", "schema": {"anyOf": [{"$ref": "#/s"}] * 1000}}]}}},
    }  # fmt: skip
    reason = "more than 32 KiB for the operation many"
    assert reason in refused(api, ("http", {"document": given}))


def test_extensions_among_the_paths_are_left_out(api: Gateway) -> None:
    given = {**ALLOWED, "paths": {"x-note": "hello", "/a": {"get": {}}}}
    assert new_agent_with(api, {"document": given})
