"""Turns that call tools of the client: tools that are offered, calls, results and errors."""

import pytest

from shared.agents.turns.turn_run import MAX_ITERATIONS
from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.turns import (
    Model,
    Turns,
    answer_texts,
    call,
    calls,
    events,
    payloads,
    session,
    text,
    types,
)
from tests.unit.agent_sessions.client_tools import (
    MIXED,
    WAITING,
    accepted,
    failure,
    result,
    session_with_tools,
    tool,
)
from tests.unit.agent_sessions.recovery import assert_whole

ROUND = [
    "output.message.started",
    "output.message.completed",
    "llm.generation",
    "reason.completed",
    "act.started",
]


@pytest.fixture
def session_id(api: Gateway) -> str:
    return session_with_tools(api, "get_weather", "get_news")


def test_turn_waits_for_results_of_the_client_and_goes_on(api: Gateway, session_id: str) -> None:
    model = Model(MIXED, text("18 degrees, and no news"))
    turns = Turns(model)
    say(api, session_id, "News and weather?")
    turns.run()

    assert session(api, session_id)["status"] == WAITING
    assert types(api, session_id)[4:] == [
        *ROUND,
        "tool.started",
        "tool.completed",
        "tool.started",
        "tool.started",
        "tool.call_requested",
    ]
    [requested] = payloads(api, session_id, "tool.call_requested")
    assert requested["tool_calls"] == [
        {"id": "c1", "name": "get_weather", "arguments": {"city": "Paris"}},
        {"id": "c3", "name": "get_news", "arguments": {}},
    ]
    assert turns.triggers() == []

    assert accepted(api, session_id, result("c3", [])) == WAITING
    turns.run()
    assert len(model.requests) == 1
    assert accepted(api, session_id, result("c1", {"degrees": 18})) == "active"
    assert session(api, session_id)["status"] == "active"
    turns.run()

    assert answer_texts(api, session_id) == ["One moment.", "18 degrees, and no news"]
    assert_whole(api, session_id)
    [completed] = payloads(api, session_id, "act.completed")
    assert (completed["success_count"], completed["error_count"]) == (3, 0)
    shown = model.requests[1].messages
    assert [message.role for message in shown] == ["user", "agent", "tool_result"]
    assert [part["tool_call_id"] for part in shown[2].content] == ["c2", "c1", "c3"]
    assert [part["result"] for part in shown[2].content][1:] == [{"degrees": 18}, []]


def test_error_of_the_client_is_the_models_to_answer(api: Gateway, session_id: str) -> None:
    model = Model(call("get_weather"), text("No weather today"))
    turns = Turns(model)
    say(api, session_id, "Weather?")
    turns.run()
    assert accepted(api, session_id, failure("call_get_weather", "no network")) == "active"
    turns.run()

    [completed] = payloads(api, session_id, "tool.completed")
    assert (completed["success"], completed["status"], completed["error"]) == (
        False,
        "error",
        "no network",
    )
    [part] = model.requests[1].messages[2].content
    assert part["error"] == "no network"
    assert answer_texts(api, session_id) == ["No weather today"]


def test_display_name_is_in_the_request_event(api: Gateway) -> None:
    agent = new_agent(api, tools=[tool("get_weather", display_name="Weather")])
    session_id = new_session(api, agent_id=agent["id"])["id"]
    say(api, session_id, "Weather?")
    Turns(Model(call("get_weather"))).run()

    [requested] = payloads(api, session_id, "tool.call_requested")
    assert requested["tool_summaries"] == [
        {"id": "call_get_weather", "name": "get_weather", "display_name": "Weather"}
    ]


def test_tools_of_agent_session_and_message_are_offered_the_last_one_counts(api: Gateway) -> None:
    agent = new_agent(
        api,
        capabilities=[{"ref": "calculator"}, {"ref": "current_time"}],
        tools=[tool("a", description="agent's"), tool("b", description="agent's")],
    )
    session_id = new_session(
        api,
        agent_id=agent["id"],
        tools=[tool("b", description="session's"), tool("c", description="session's")],
    )["id"]
    model = Model(text("Hi"))
    own = [tool("c", description="message's"), tool("calculator", description="message's")]
    say(api, session_id, "Hello", tools=own)
    say(api, session_id, "Hello again")
    Turns(model).run()

    offered = [{one.name: one.description for one in request.tools} for request in model.requests]
    assert offered[0] | {"current_time": ""} == {
        "calculator": "message's",
        "current_time": "",
        "a": "agent's",
        "b": "session's",
        "c": "message's",
    }
    assert offered[1]["c"] == "session's"
    assert offered[1]["calculator"] == "Computes arithmetic exactly."
    [first, _] = events(api, session_id, "?types=input.message")
    assert first["data"]["message"]["tools"] == own


def test_unknown_tool_beside_one_of_the_client_is_an_error(api: Gateway, session_id: str) -> None:
    model = Model(calls(("c1", "get_stars", {}), ("c2", "get_news", {})), text("Hi"))
    turns = Turns(model)
    say(api, session_id, "Hello")
    turns.run()
    accepted(api, session_id, result("c2", "none"))
    turns.run()

    parts = model.requests[1].messages[2].content
    assert [part.get("error") for part in parts] == ["there is no tool 'get_stars'", None]


def test_calls_with_equal_or_empty_ids_get_distinct_ones(api: Gateway, session_id: str) -> None:
    model = Model(calls(("c", "get_news", {}), ("c", "get_weather", {}), ("", "get_news", {})))
    say(api, session_id, "Hello")
    Turns(model).run()

    [requested] = payloads(api, session_id, "tool.call_requested")
    assert [one["id"] for one in requested["tool_calls"]] == ["c", "c_1", "call_2"]


def test_distinct_ids_are_none_of_the_others(api: Gateway, session_id: str) -> None:
    model = Model(calls(("c_2", "get_news", {}), ("c", "get_news", {}), ("c", "get_news", {})))
    say(api, session_id, "Hello")
    Turns(model).run()

    [requested] = payloads(api, session_id, "tool.call_requested")
    assert [one["id"] for one in requested["tool_calls"]] == ["c_2", "c", "c_3"]


def test_model_that_calls_client_tools_without_end_is_stopped(
    api: Gateway, session_id: str
) -> None:
    model = Model(call("get_news"))
    turns = Turns(model)
    say(api, session_id, "News!")
    turns.run()
    for number in range(MAX_ITERATIONS):
        assert accepted(api, session_id, result("call_get_news", number)) == "active"
        turns.run()

    assert len(model.requests) == MAX_ITERATIONS
    [failed] = payloads(api, session_id, "turn.failed")
    assert failed["error_code"] == "max_iterations"
    assert_whole(api, session_id)


def test_calls_and_results_are_messages(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(call("get_weather"), text("18")))
    say(api, session_id, "Weather?")
    turns.run()
    accepted(api, session_id, result("call_get_weather", {"degrees": 18}))
    turns.run()

    listed = api("GET", f"/v1/sessions/{session_id}/messages").json["data"]
    assert [one["role"] for one in listed] == ["user", "agent", "tool_result", "agent"]
    assert listed[1]["content"][0]["type"] == "tool_call"
    assert listed[2]["content"] == [
        {"type": "tool_result", "tool_call_id": "call_get_weather", "result": {"degrees": 18}}
    ]


@pytest.mark.parametrize("is_answered", [False, True])
def test_session_with_client_calls_can_be_drafted(
    api: Gateway, session_id: str, is_answered: bool
) -> None:
    turns = Turns(Model(call("get_weather", city="Paris"), text("18")))
    say(api, session_id, "How warm is it in Paris?")
    turns.run()
    if is_answered:
        accepted(api, session_id, result("call_get_weather", {"degrees": 18}))
        turns.run()

    draft = api("POST", "/v1/scenarios/draft-from-session", {"session_id": session_id})
    assert draft.status == 200, draft.text
    assert "get_weather" in draft.text
