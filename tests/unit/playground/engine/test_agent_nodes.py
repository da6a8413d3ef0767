"""Agent nodes: asking, writing, calling tools, and failing."""

from typing import Any

import pytest

from shared.playground.engine import events
from shared.playground.engine.engine import TurnResult
from shared.playground.engine.ports import AgentAnswer, AgentFailed, AgentRequest, AgentToolCall
from shared.playground.engine.turn import TurnFailed
from tests.support.fakes import FakeAnswers
from tests.support.node_graphs import (
    agent,
    conversation,
    data_of,
    edge,
    failure_path,
    graph,
    handoff,
    says,
    signals_of,
    variable,
)
from tests.support.walks import Conversation

type FakeAgent = FakeAnswers[AgentRequest, AgentAnswer]


def fake_agent(*answers: AgentAnswer | AgentFailed) -> FakeAgent:
    return FakeAnswers(*answers, default=AgentAnswer(writes={"other": 1}))


@pytest.mark.parametrize("cap", [0, 1, 3])
def test_exceeded_reask_cap_takes_failure_path(cap: int) -> None:
    talk = conversation(
        [agent("ask", "n"), handoff("desk", "A colleague.")],
        [failure_path("ask", "desk")],
        [variable("n", "int", reask_cap=cap)],
    )
    talk.say("Hi")
    for _ in range(cap):
        assert talk.say("no number").state.node_id == "ask"

    result = talk.say("no number")

    assert signals_of(result) == ["reask_cap_exceeded", "handoff"]
    assert result.reply == "A colleague."
    assert result.state.completed == ("ask", "desk")


def test_unambiguous_values_in_first_message_are_not_asked_for() -> None:
    variables = [variable("email"), variable("order_number")]
    talk = conversation([agent("ask", "email", "order_number")], [], variables)

    result = talk.say("I am ada@example.org and it is about HP-20417")

    assert result.state.variables == {"email": "ada@example.org", "order_number": "HP-20417"}
    assert result.state.signal == "completed"


def test_scripted_agent_calls_tool_with_known_inputs() -> None:
    tool = {"kind": "api", "id": "t", "slug": "weigh", "output_bindings": {"weight": "grams"}}
    talk = conversation(
        [agent("ask", "parcel", "weight", tools=[tool]), says("tell", "{{weight}} g")],
        [edge("ask", "tell")],
        [variable("parcel"), variable("weight", "int")],
        mock_world={"weigh": {"output": {"grams": 500}}},
    )
    talk.say("Hi")

    result = talk.say("P1")

    assert result.reply == "500 g"
    assert data_of(result, events.TOOL_CALLED) == [
        {"tool_call_id": "call_2_1", "tool": "weigh", "arguments": {"parcel": "P1"}}
    ]


def run_with(fake: FakeAgent, **fields: Any) -> TurnResult:
    variables = [variable("n", "int"), variable("own", source="system")]
    return Conversation.on(graph([agent("ask", "n", **fields)], [], variables), agent=fake).say(
        "Hi"
    )


def test_invalid_writes_are_rejected_and_reported_to_agent() -> None:
    fake = fake_agent(
        AgentAnswer(writes={"other": "x", "n": "no number", "own": "me"}),
        AgentAnswer(text="What is n?"),
    )

    result = run_with(fake, writes=["own"])

    assert result.state.variables == {}
    assert set(fake.requests[1].rejected) == {"other", "n", "own"}
    assert result.reply == "What is n?"


def test_call_of_unknown_tool_returns_error_to_agent() -> None:
    fake = fake_agent(AgentAnswer(tool_calls=(AgentToolCall("rm", {}),)), AgentAnswer(text="n?"))

    result = run_with(fake)

    assert fake.requests[1].results[0].error == "this node has no such tool"
    assert data_of(result, events.TOOL_CALLED) == []


@pytest.mark.parametrize(
    ("fake", "reason", "retryable"),
    [
        (fake_agent(AgentFailed("busy", retryable=True)), "agent_failed", True),
        (fake_agent(AgentFailed("denied", retryable=False)), "agent_failed", False),
        (fake_agent(), "agent_loop", False),
    ],
)
def test_failing_agent_fails_the_turn(fake: FakeAgent, reason: str, retryable: bool) -> None:
    with pytest.raises(TurnFailed) as failed:
        run_with(fake)

    assert failed.value.code == f"node_execution_failed: {reason}"
    assert failed.value.retryable is retryable


def test_request_has_all_written_values_and_last_rejections() -> None:
    fake = fake_agent(
        AgentAnswer(writes={"own": "me"}),
        AgentAnswer(tool_calls=(AgentToolCall("rm", {}),)),
        AgentAnswer(writes={"n": 7, "other": 1}),
        AgentAnswer(text="Well?"),
    )

    run_with(fake, writes=["own"], done_when="n > 9")

    assert [(dict(one.written), set(one.rejected)) for one in fake.requests] == [
        ({}, set()),
        ({}, {"own"}),
        ({}, set()),
        ({"n": 7}, {"other"}),
    ]


def test_written_values_accumulate_over_answers() -> None:
    fake = fake_agent(
        AgentAnswer(writes={"n": 1}), AgentAnswer(writes={"m": "x"}), AgentAnswer(text="Well?")
    )
    variables = [variable("n", "int"), variable("m")]

    tested = graph([agent("ask", "n", "m", done_when="n > 9")], [], variables)
    Conversation.on(tested, agent=fake).say("Hi")

    assert dict(fake.requests[2].written) == {"n": 1, "m": "x"}


def test_agent_node_without_variables_says_its_text() -> None:
    fake = fake_agent(AgentAnswer(text="Lovely weather."))

    tested = graph([says("a", "A"), agent("chat")], [edge("a", "chat")])
    result = Conversation.on(tested, agent=fake).say("Hi")

    assert result.reply == "A\nLovely weather."
    assert result.state.completed == ("a", "chat")
