"""What the engine does with a turn, one rule of the contract at a time."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from shared.core.errors import Conflict
from shared.playground import events
from shared.playground.engine import MAX_STEPS, Decision, Message, Ran, run_turn
from shared.playground.engine_graph import RunnableGraph
from shared.playground.engine_ports import AgentAnswer, AgentFailed, AgentRequest, AgentToolCall
from shared.playground.engine_state import State
from shared.playground.engine_turn import Surroundings, TurnFailed
from shared.playground.graph import Graph
from shared.playground.mock_world import MockWorld
from tests.support.walks import NOW, Conversation

type Part = dict[str, Any]


def agent(node_id: str, *writes: str, **fields: Any) -> Part:
    return {
        "id": node_id, "type": "agent", "instructions": "Ask.", "required_writes": writes, **fields
    }  # fmt: skip


def says(node_id: str, text: str) -> Part:
    step = {"id": "say", "kind": "speak", "text": text}
    return {"id": node_id, "type": "action", "failure_message": "Sorry.", "steps": [step]}


def calls(node_id: str, tool: str, **fields: Any) -> Part:
    step = {"id": "call", "kind": "tool_call", "tool": tool, **fields}
    return {"id": node_id, "type": "action", "failure_message": "Sorry.", "steps": [step]}


def approval(node_id: str, **fields: Any) -> Part:
    return {
        "id": node_id, "type": "approval", "approver_role": "lead", "suspend_message": "Wait.",
        "on_approve": "yes", "on_deny": "no", **fields,
    }  # fmt: skip


def edge(source: str, target: str, **fields: Any) -> Part:
    return {"from": source, "to": target, **fields}


def variable(name: str, kind: str = "string", **fields: Any) -> Part:
    return {"name": name, "type": kind, "description": f"the {name}", **fields}


def graph(
    nodes: list[Part], edges: list[Part], variables: list[Part] | None = None, **fields: Any
) -> Graph:
    return Graph.model_validate(
        {
            "name": "Test",
            "entry_node_id": nodes[0]["id"],
            "nodes": nodes,
            "edges": edges,
            "context_variables": variables or [],
            **fields,
        }
    )


def on(*arguments: Any, **fields: Any) -> Conversation:
    return Conversation.on(graph(*arguments, **fields))


def kinds(ran: Ran) -> list[str]:
    return [event.type for event in ran.events]


def edges_of(ran: Ran) -> list[Part]:
    return [event.data for event in ran.events if event.type == events.EDGE_TAKEN]


def test_given_an_agent_node_when_its_variable_is_told_then_the_next_node_goes_on_at_once() -> None:
    talk = on([agent("ask", "name"), says("greet", "Hello {{name}}{{ gone }}!")],
              [edge("ask", "greet")], [variable("name")])  # fmt: skip

    first = talk.say("Hi")
    assert (first.reply, first.state.node_id) == ("Please tell me: the name.", "ask")
    second = talk.say("Ada")

    assert second.reply == "Hello Ada!"
    assert second.state.variables == {"name": "Ada"}
    assert second.state.completed == ("ask", "greet")
    assert (second.state.node_id, second.state.signal) == (None, "completed")
    assert second.state.step_count == 3  # the first node ran twice


def test_given_edges_then_the_first_by_priority_whose_condition_holds_is_taken_and_told() -> None:
    talk = on(
        [agent("ask", "n"), says("a", "A"), says("b", "B"), says("c", "C")],
        [
            edge("ask", "c", priority=2),
            edge("ask", "a", condition="n > 10"),
            edge("ask", "b", condition="n > 5", priority=1),
            edge("ask", "c", is_failure_path=True),
        ],
        [variable("n", "int")],
    )
    talk.say("Hi")

    taken = edges_of(talk.say("seven is 7"))

    assert taken == [
        {
            "edge_id": "2:ask->b",
            "from": "ask",
            "to": "b",
            "because": "its condition holds",
            "condition": "n > 5",
            "seen": {"n": 7},
            "passed_over": [{"edge_id": "1:ask->a", "condition": "n > 10", "seen": {"n": 7}}],
        }
    ]


def test_given_no_edge_whose_condition_holds_then_the_workflow_is_completed() -> None:
    talk = on([says("a", "A"), says("b", "B")], [edge("a", "b", condition="n == 1")])

    ran = talk.say("Hi")

    assert (ran.reply, ran.state.node_id, ran.state.signal) == ("A", None, "completed")


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


def test_given_a_tool_error_then_the_failure_message_is_said_and_the_failure_path_taken() -> None:
    talk = on(
        [calls("act", "charge"), says("fine", "Fine."), says("sad", "Too bad.")],
        [edge("act", "fine"), edge("act", "sad", is_failure_path=True)],
        mock_world={"charge": {"error": "no money"}},
    )

    ran = talk.say("Go")

    assert ran.reply == "Sorry.\nToo bad."
    answered = [event.data for event in ran.events if event.type == events.TOOL_ANSWERED]
    assert answered == [{"tool_call_id": "call_1_1", "tool": "charge", "error": "no money"}]


def test_given_a_mock_world_that_lacks_a_tool_then_it_is_as_a_tool_error() -> None:
    talk = on([calls("act", "charge"), says("sad", "Too bad.")],
              [edge("act", "sad", is_failure_path=True)])  # fmt: skip

    assert talk.say("Go").reply == "Sorry.\nToo bad."


def test_given_a_failure_without_a_failure_path_then_the_turn_fails_and_the_state_stays() -> None:
    talk = on([calls("act", "charge")], [], mock_world={"charge": {"error": "no money"}})
    before = talk.state

    with pytest.raises(TurnFailed) as failed:
        talk.say("Go")

    assert failed.value.code == "node_execution_failed: tool_failed"
    assert talk.state == before
    assert kinds_of(failed.value)[-1] == events.ASSISTANT_MESSAGE


def kinds_of(failure: TurnFailed) -> list[str]:
    return [event.type for event in failure.events]


def test_given_outputs_then_bindings_take_what_fits_and_tell_what_does_not() -> None:
    talk = on(
        [
            calls(
                "act", "find", input={"text": '"x"', "number": "n"},
                output_bindings={
                    "n": "list.1.n", "b": "b", "kind": "kind", "gone": "no.such.0", "day": "b"
                },
            )
        ],
        [],
        [
            variable("n", "int"), variable("b", "bool"), variable("gone"), variable("day"),
            variable("kind", "enum", enum_values=["small", "big"]),
        ],
        mock_world={"find": {"output": {"list": [{}, {"n": "12"}], "b": True, "kind": "huge"}}},
    )  # fmt: skip

    ran = talk.say("Go")

    assert ran.state.variables == {"n": 12, "b": True}
    [told] = [event.data for event in ran.events if event.type == events.CONTEXT_SET]
    assert set(told["skipped"]) == {"kind", "gone", "day"}
    [called] = [event.data for event in ran.events if event.type == events.TOOL_CALLED]
    assert called["arguments"] == {"text": "x", "number": None}


def test_given_more_nodes_than_a_turn_may_run_then_it_fails() -> None:
    talk = on([says("a", "A"), says("b", "B")], [edge("a", "b"), edge("b", "a")])

    with pytest.raises(TurnFailed) as failed:
        talk.say("Go")

    assert failed.value.code == "max_steps_exceeded"
    assert kinds_of(failed.value).count(events.NODE_ENTERED) == MAX_STEPS
    assert talk.state == State(node_id="a")


@pytest.mark.parametrize(
    ("nodes", "edges"),
    [
        ([says("a", "A")], [edge("a", "gone")]),
        ([approval("a", condition="n > 1")], []),
    ],
)
def test_given_a_way_to_nowhere_then_the_turn_fails_as_a_routing_error(
    nodes: list[Part], edges: list[Part]
) -> None:
    with pytest.raises(TurnFailed) as failed:
        on(nodes, edges).say("Go")

    assert failed.value.code == "routing_error: a"


def test_given_an_expression_that_cannot_be_read_then_the_turn_fails() -> None:
    talk = on([says("a", "A"), says("b", "B")], [edge("a", "b", condition="import os")])

    with pytest.raises(TurnFailed) as failed:
        talk.say("Go")

    assert failed.value.code == "node_execution_failed: bad_expression"


def approving(**fields: Any) -> Conversation:
    return on([approval("ok", **fields), says("yes", "Done."), says("no", "Refused.")], [])


def test_given_an_approval_when_it_is_reached_then_the_session_waits_for_a_decision() -> None:
    talk = approving(timeout_seconds=60)

    ran = talk.say("Go")

    assert ran.reply == "Wait."
    assert ran.state.awaiting_approval
    assert (ran.state.node_id, ran.state.signal) == ("ok", "approval_required")
    assert ran.state.deadline == NOW + timedelta(seconds=60)
    assert ran.state.completed == ()
    with pytest.raises(Conflict) as refused:
        talk.say("Hello?")
    assert refused.value.code == "awaiting_approval"


@pytest.mark.parametrize(("approve", "reply"), [(True, "Done."), (False, "Refused.")])
def test_given_a_decision_then_its_way_is_taken(approve: bool, reply: str) -> None:
    talk = approving()
    talk.say("Go")

    ran = talk.give(Decision(approve=approve, note="because"))

    assert (ran.reply, ran.state.signal) == (reply, "completed")
    assert ran.state.completed == ("ok", "yes" if approve else "no")
    assert not ran.state.awaiting_approval
    assert ran.events[0].data == {
        "node_id": "ok",
        "decision": "approve" if approve else "deny", "note": "because", "by": "person"
    }  # fmt: skip


def test_given_a_deadline_that_decides_then_the_way_is_that_of_deny() -> None:
    talk = approving(timeout_seconds=60)
    talk.say("Go")

    ran = talk.give(Decision(approve=False, by="deadline"))

    assert ran.reply == "Refused."
    assert [e.data["signal"] for e in ran.events if e.type == events.SIGNAL] == [
        "approval_timed_out", "completed"
    ]  # fmt: skip


def test_given_an_approval_whose_condition_is_false_then_nobody_is_asked() -> None:
    ran = approving(condition="amount > 100").say("Go")

    assert ran.reply == "Done."
    assert edges_of(ran)[0]["seen"] == {"amount": None}


def test_given_a_session_that_waits_for_nobody_then_a_decision_is_refused() -> None:
    with pytest.raises(Conflict) as refused:
        approving().give(Decision(approve=True))

    assert refused.value.code == "not_awaiting_approval"


def test_given_a_session_that_ended_then_a_message_is_refused() -> None:
    talk = on([says("a", "A")], [])
    talk.say("Go")

    with pytest.raises(Conflict) as refused:
        talk.say("More?")

    assert refused.value.code == "session_ended"


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


def test_given_a_tool_whose_outputs_add_up_then_the_turn_is_held_to_its_size() -> None:
    steps = [{"id": str(n), "kind": "tool_call", "tool": "big"} for n in range(100)]
    talk = on(
        [{"id": "a", "type": "action", "failure_message": "Sorry.", "steps": steps}],
        [],
        mock_world={"big": {"output": "x" * 200_000}},
    )

    with pytest.raises(TurnFailed) as failed:
        talk.say("Go")

    assert failed.value.code == "turn_too_large"


def test_given_a_text_that_fills_to_a_huge_one_then_it_is_cut() -> None:
    talk = on([agent("ask", "word"), says("a", "{{word}}" * 10_000)], [edge("ask", "a")],
              [variable("word")])  # fmt: skip
    talk.say("Hi")

    assert len(talk.say("x" * 5_000).reply) == 50_000
