"""Models and capabilities of a stack through the API."""

import json

import pytest

from shared.llm.registry import SCRIPTED_MODEL_ID
from tests.support.chat_server import chat_server, http
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests, forget_process_state

CLAUDE = "model_" + "c" * 32


def test_models_include_scripted_and_configured_ones(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured = {CLAUDE: {"provider": "bedrock", "name": "anthropic.claude"}}
    monkeypatch.setenv("MODELS", json.dumps(configured))
    forget_process_state()
    answer = api("GET", "/v1/models")
    assert answer.status == 200
    shown = [
        {name: one[name] for name in ("id", "name", "provider")} for one in answer.json["data"]
    ]
    assert shown == [
        {"id": str(SCRIPTED_MODEL_ID), "name": "scripted", "provider": "scripted"},
        {"id": CLAUDE, "name": "anthropic.claude", "provider": "bedrock"},
    ]


def test_models_say_whether_their_servers_answer(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    with chat_server() as server:
        server.reply(http({"data": []}))
        # Nothing listens on the first port.
        alive, closed = server.url, "http://127.0.0.1:1"
        models = f"model_{'a' * 32}=openai/qwen3:8b@{alive},model_{'b' * 32}=openai/x@{closed}"
        monkeypatch.setenv("MODELS", models)
        forget_process_state()
        shown = api("GET", "/v1/models").json["data"]

    health = [(one["name"], one["healthy"], one["health_reason"]) for one in shown]
    assert health[:2] == [("scripted", True, None), ("qwen3:8b", True, None)]
    assert health[2][:2] == ("x", False)
    assert health[2][2].startswith(f"{closed} does not answer")


def test_capabilities_need_no_storage(api: Gateway) -> None:
    with counted_requests() as requests:
        listed = api("GET", "/v1/capabilities").json["data"]
        read = [api("GET", f"/v1/capabilities/{one['id']}").json for one in listed]
    names = ["current_time", "calculator", "session_notes"]
    files = ["read_file", "write_file", "list_directory", "grep_files", "delete_file", "stat_file"]
    assert [one["id"] for one in listed] == [*names, "session_file_system", "mcp", "http"]
    tools = [tool["name"] for one in listed for tool in one["tool_definitions"]]
    assert tools == [*names, *files]
    assert all(one["name"] and one["description"] for one in listed)
    assert {one["status"] for one in listed} == {"available"}
    assert read == listed
    assert not requests


def test_unknown_capability_is_not_found(api: Gateway) -> None:
    answer = api("GET", "/v1/capabilities/teleport")
    assert (answer.status, answer.json) == (404, {"error": "Capability not found"})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("search=TIME", ["current_time"]),
        ("search=arithmetic", ["calculator"]),
        ("search=teleport", []),
        ("limit=2", ["current_time", "calculator"]),
        ("offset=1&limit=1", ["calculator"]),
        ("offset=9", []),
    ],
)
def test_search_and_offset_select_capabilities(
    api: Gateway, query: str, expected: list[str]
) -> None:
    found = api("GET", f"/v1/capabilities?{query}").json["data"]
    assert [one["id"] for one in found] == expected


@pytest.mark.parametrize("query", ["limit=-1", "offset=x", "status=available"])
def test_invalid_list_parameter_is_rejected_by_name(api: Gateway, query: str) -> None:
    answer = api("GET", f"/v1/capabilities?{query}")
    assert answer.status == 400
    assert answer.json["error"].startswith(query.split("=", maxsplit=1)[0] + ": ")
