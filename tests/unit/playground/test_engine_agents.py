"""What the engine lets an agent node do: ask, write, call, and fail."""

from collections.abc import Mapping
from typing import Any

import pytest

from shared.playground import events
from shared.playground.engine import Message, Ran, run_turn
from shared.playground.engine_graph import RunnableGraph
from shared.playground.engine_ports import AgentAnswer, AgentFailed, AgentRequest, AgentToolCall
from shared.playground.engine_state import State
from shared.playground.engine_turn import Surroundings, TurnFailed
from shared.playground.mock_world import MockWorld
from tests.support.walks import NOW
from tests.unit.playground.node_graphs import agent, edge, graph, kinds, on, says, variable


@pytest.mark.parametrize("cap", [0, 1, 3])
def test_given_a_reask_cap_when_it_is_used_up_then_the_failure_path_is_taken(cap: int) -> None:
    talk = on(
        [agent("ask", "n"), {"id": "desk", "type": "handoff", "static_text": "A colleague."}],
        [edge("ask", "desk", is_failure_path=True)],
        [variable("n", "int", reask_cap=cap)],
    )
    talk.say("Hi")
    for _ in range(cap):
        assert talk.say("no number").state.node_id == "ask"

    ran = talk.say("no number")

    signals = [event.data["signal"] for event in ran.events if event.type == events.SIGNAL]
    assert signals == ["reask_cap_exceeded", "handoff"]
    assert ran.reply == "A colleague."
    assert ran.state.completed == ("ask", "desk")


def test_given_a_message_with_all_in_it_then_what_cannot_be_mistaken_is_not_asked_for() -> None:
    talk = on([agent("ask", "email", "order_number")], [],
              [variable("email"), variable("order_number")])  # fmt: skip

    ran = talk.say("I am ada@example.org and it is about HP-20417")

    assert ran.state.variables == {"email": "ada@example.org", "order_number": "HP-20417"}
    assert ran.state.signal == "completed"


def test_given_a_nodes_tool_when_its_inputs_are_known_then_the_scripted_agent_calls_it() -> None:
    tool = {"kind": "api", "id": "t", "slug": "weigh", "output_bindings": {"weight": "grams"}}
    talk = on(
        [agent("ask", "parcel", "weight", tools=[tool]), says("tell", "{{weight}} g")],
        [edge("ask", "tell")],
        [variable("parcel"), variable("weight", "int")],
        mock_world={"weigh": {"output": {"grams": 500}}},
    )
    talk.say("Hi")

    ran = talk.say("P1")

    assert ran.reply == "500 g"
    [called] = [event.data for event in ran.events if event.type == events.TOOL_CALLED]
    assert called == {"tool_call_id": "call_2_1", "tool": "weigh", "arguments": {"parcel": "P1"}}


class FakeAgent:
    """Answers what it is told to, and keeps what it was asked."""

    def __init__(self, *answers: AgentAnswer | AgentFailed) -> None:
        self.answers = list(answers)
        self.asked: list[AgentRequest] = []

    def answer(self, request: AgentRequest) -> AgentAnswer:
        self.asked.append(request)
        answer = self.answers.pop(0) if self.answers else AgentAnswer(writes={"other": 1})
        if isinstance(answer, AgentFailed):
            raise answer
        return answer


def run_with(fake: FakeAgent, values: Mapping[str, Any] | None = None, **fields: Any) -> Ran:
    asked = graph([agent("ask", "n", **fields)], [], [
        variable("n", "int"), variable("own", source="system")
    ])  # fmt: skip
    state = State(node_id="ask", variables=dict(values or {}))
    around = Surroundings(agent=fake, tools=MockWorld({}), now=NOW)
    return run_turn(RunnableGraph.of(asked), state, Message("Hi"), around)


def test_given_an_agent_that_writes_what_it_may_not_then_it_is_told_and_nothing_is_set() -> None:
    fake = FakeAgent(
        AgentAnswer(writes={"other": "x", "n": "no number", "own": "me"}),
        AgentAnswer(text="What is n?"),
    )

    ran = run_with(fake, writes=["own"])

    assert ran.state.variables == {}
    assert set(fake.asked[1].refused) == {"other", "n", "own"}
    assert ran.reply == "What is n?"


def test_given_an_agent_that_calls_what_its_node_has_not_then_it_gets_an_error() -> None:
    fake = FakeAgent(AgentAnswer(tool_calls=(AgentToolCall("rm", {}),)), AgentAnswer(text="n?"))

    ran = run_with(fake)

    assert fake.asked[1].results[0].error == "this node has no such tool"
    assert events.TOOL_CALLED not in kinds(ran)


@pytest.mark.parametrize(
    ("fake", "code", "retryable"),
    [
        (FakeAgent(AgentFailed("busy", retryable=True)),
         "node_execution_failed: agent_failed", True),
        (FakeAgent(AgentFailed("denied", retryable=False)),
         "node_execution_failed: agent_failed", False),
        (FakeAgent(), "node_execution_failed: agent_loop", False),
    ],
)  # fmt: skip
def test_given_an_agent_that_gives_no_answer_then_the_turn_fails(
    fake: FakeAgent, code: str, retryable: bool
) -> None:
    with pytest.raises(TurnFailed) as failed:
        run_with(fake)

    assert (failed.value.code, failed.value.retryable) == (code, retryable)


def test_given_several_answers_then_the_agent_is_told_all_it_wrote_and_the_last_refusal() -> None:
    fake = FakeAgent(
        AgentAnswer(writes={"own": "me"}),
        AgentAnswer(tool_calls=(AgentToolCall("rm", {}),)),
        AgentAnswer(writes={"n": 7, "other": 1}),
        AgentAnswer(text="Well?"),
    )

    run_with(fake, writes=["own"], done_when="n > 9")

    told = [(dict(request.written), set(request.refused)) for request in fake.asked]
    assert told == [({}, set()), ({}, {"own"}), ({}, set()), ({"n": 7}, {"other"})]


def test_given_values_in_several_answers_then_the_agent_is_told_of_all_of_them() -> None:
    fake = FakeAgent(
        AgentAnswer(writes={"n": 1}), AgentAnswer(writes={"m": "x"}), AgentAnswer(text="Well?")
    )
    asked = graph([agent("ask", "n", "m", done_when="n > 9")], [], [
        variable("n", "int"), variable("m")
    ])  # fmt: skip
    around = Surroundings(agent=fake, tools=MockWorld({}), now=NOW)

    run_turn(RunnableGraph.of(asked), State(node_id="ask"), Message("Hi"), around)

    assert dict(fake.asked[2].written) == {"n": 1, "m": "x"}


def test_given_an_agent_that_only_talks_when_its_node_is_come_to_then_it_is_heard() -> None:
    fake = FakeAgent(AgentAnswer(text="Lovely weather."))
    chatty = graph([says("a", "A"), agent("chat")], [edge("a", "chat")])
    around = Surroundings(agent=fake, tools=MockWorld({}), now=NOW)

    ran = run_turn(RunnableGraph.of(chatty), State(node_id="a"), Message("Hi"), around)

    assert ran.reply == "A\nLovely weather."
    assert ran.state.completed == ("a", "chat")
