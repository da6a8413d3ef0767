"""World of a simulation over HTTP: by the Model Context Protocol, and by plain requests."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from shared.http.cors import allowed_origins
from shared.runs.simulations.domain import Simulation
from tests.support.gateway import Answer, Gateway
from tests.support.worlds import begin_simulation, end_simulation

A17 = {"order_id": "A-17"}


def base(simulation: Simulation) -> str:
    return f"/v1/runs/{simulation.run_id}/simulations/{simulation.number}"


def mcp(api: Gateway, simulation: Simulation, method: str, **params: Any) -> Answer:
    body = {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}
    return api("POST", f"{base(simulation)}/mcp", body)


def call(api: Gateway, simulation: Simulation, name: str, body: Any = None) -> Answer:
    return api("POST", f"{base(simulation)}/tools/{quote(name, safe='')}", body)


@pytest.fixture
def simulation(api: Gateway) -> Simulation:
    return begin_simulation(api.organization_id)


def test_calls_of_both_endpoints_are_one_order(api: Gateway, simulation: Simulation) -> None:
    first = call(api, simulation, "get_order", A17)
    second = mcp(api, simulation, "tools/call", name="get_order", arguments=A17)
    third = call(api, simulation, "get_order", {"order_id": "a-19", "verbose": True})

    assert first.json == {
        "index": 0,
        "tool": "get_order",
        "output": {"status": "late"},
        "error": None,
        "matched": "order",
    }
    assert second.json["result"]["content"][0]["text"] == '{"status":"arrived"}'
    assert (third.status, third.json["index"], third.json["error"]) == (200, 2, "no such order")


def test_simulations_of_one_scenario_do_not_share_their_calls(api: Gateway) -> None:
    first = begin_simulation(api.organization_id)
    others = [
        begin_simulation(api.organization_id),
        begin_simulation(api.organization_id, run_id=first.run_id, number=1),
    ]

    answers = [call(api, one, "get_order", A17).json for one in (first, *others)]

    assert [one["index"] for one in answers] == [0, 0, 0]
    assert [one["output"] for one in answers] == [{"status": "late"}] * 3


def test_plain_call_without_a_body_has_no_arguments(api: Gateway) -> None:
    simulation = begin_simulation(api.organization_id, {"clock": {"output": "noon"}})

    assert call(api, simulation, "clock").json["output"] == "noon"


def test_tools_are_listed_with_their_schemas(api: Gateway, simulation: Simulation) -> None:
    plain = api("GET", f"{base(simulation)}/tools").json
    by_protocol = mcp(api, simulation, "tools/list").json["result"]["tools"]

    assert [one["recorded_name"] for one in plain["items"]] == ["get_order", "send e-mail"]
    assert (plain["next_cursor"], plain["has_more"]) == (None, False)
    assert by_protocol == [
        {"name": one["name"], "inputSchema": one["input_schema"]} for one in plain["items"]
    ]


def test_tool_with_any_name_is_called_by_its_listed_one(api: Gateway) -> None:
    names = ["send e-mail", "a/b", "日本", "x" * 300]
    simulation = begin_simulation(api.organization_id, {name: {"output": name} for name in names})
    listed = api("GET", f"{base(simulation)}/tools").json["items"]

    answers = [call(api, simulation, one["name"]).json for one in listed]

    assert [one["output"] for one in answers] == sorted(names)
    assert [one["tool"] for one in answers] == sorted(names)


def test_simulation_of_another_organization_is_not_found(
    other_api: Gateway, simulation: Simulation
) -> None:
    listed = other_api("GET", f"{base(simulation)}/tools")
    called = call(other_api, simulation, "get_order", A17)
    by_protocol = mcp(other_api, simulation, "tools/call", name="get_order", arguments=A17)

    assert [one.status for one in (listed, called, by_protocol)] == [404, 404, 404]
    assert listed.json["error"] == "not_found"
    assert by_protocol.json["id"] == 7
    assert by_protocol.json["error"]["data"] == {"error": "not_found"}


def test_simulation_that_has_ended_is_a_conflict_and_records_nothing(
    api: Gateway, simulation: Simulation
) -> None:
    end_simulation(simulation)

    answers = [
        api("GET", f"{base(simulation)}/tools"),
        call(api, simulation, "get_order", A17),
        mcp(api, simulation, "initialize", protocolVersion="2025-11-25"),
        mcp(api, simulation, "tools/call", name="get_order", arguments=A17),
    ]

    assert [one.status for one in answers] == [409] * 4
    assert answers[1].json["error"] == "simulation_not_running"
    assert answers[3].json["error"]["message"] == (
        "The simulation is completed; its world answers while it runs."
    )


def test_key_that_may_only_read_lists_and_does_not_call(
    api: Gateway, simulation: Simulation
) -> None:
    reader = Gateway(api.organization_id, scopes="read")

    assert reader("GET", f"{base(simulation)}/tools").status == 200
    assert call(reader, simulation, "get_order", A17).status == 403
    assert mcp(reader, simulation, "tools/list").status == 403


@pytest.mark.parametrize("number", ["-1", "160000", "one", "0x1"])
def test_number_that_no_simulation_has_is_refused(
    api: Gateway, simulation: Simulation, number: str
) -> None:
    answer = api("GET", f"/v1/runs/{simulation.run_id}/simulations/{number}/tools")

    assert answer.status == 422


@pytest.mark.parametrize("raw", ["[1]", '"text"', "1", "{", '{"a": NaN}'])
def test_arguments_that_are_no_object_are_refused(
    api: Gateway, simulation: Simulation, raw: str
) -> None:
    answer = api("POST", f"{base(simulation)}/tools/get_order", raw=raw)

    assert answer.status in (400, 422)
    assert call(api, simulation, "get_order", A17).json["index"] == 0


def test_large_arguments_are_refused(api: Gateway, simulation: Simulation) -> None:
    arguments = {"order_id": "x" * 100_000}

    assert call(api, simulation, "get_order", arguments).status == 413
    by_protocol = mcp(api, simulation, "tools/call", name="get_order", arguments=arguments)
    assert (by_protocol.status, by_protocol.json["error"]["code"]) == (413, -32602)


def test_request_above_the_size_of_a_body_is_refused_by_the_protocol(
    api: Gateway, simulation: Simulation
) -> None:
    answer = api("POST", f"{base(simulation)}/mcp", raw="x" * (1024 * 1024 + 1))

    assert (answer.status, answer.json["error"]["code"]) == (413, -32602)


@pytest.mark.parametrize(
    ("allowed", "origin", "status"),
    [
        ("", None, 200),
        ("", "https://evil.example", 403),
        ("https://app.example.com", "https://app.example.com", 200),
        ("https://app.example.com", "https://evil.example", 403),
        ("*", "https://evil.example", 200),
        ("https://app.example.com", "null", 403),
    ],
)
def test_page_sends_messages_from_an_allowed_origin_only(
    api: Gateway,
    simulation: Simulation,
    monkeypatch: pytest.MonkeyPatch,
    allowed: str,
    origin: str | None,
    status: int,
) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", allowed)
    allowed_origins.cache_clear()
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"})
    headers = {} if origin is None else {"origin": origin}

    answer = api("POST", f"{base(simulation)}/mcp", raw=body, headers=headers)
    allowed_origins.cache_clear()

    assert answer.status == status
    assert ("error" in answer.json) == (status == 403)


def test_notification_is_accepted_without_an_answer(api: Gateway, simulation: Simulation) -> None:
    message = {"jsonrpc": "2.0", "method": "notifications/initialized"}

    answer = api("POST", f"{base(simulation)}/mcp", message)

    assert (answer.status, answer.text) == (202, "")
