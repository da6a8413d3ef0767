"""What the engine does with a turn, one rule of the contract at a time."""

import pytest

from shared.playground import events
from shared.playground.engine import MAX_STEPS
from shared.playground.engine_state import State
from shared.playground.engine_turn import TurnFailed
from tests.unit.playground.node_graphs import (
    Part,
    agent,
    approval,
    calls,
    edge,
    edges_of,
    kinds_of,
    on,
    says,
    variable,
)


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
