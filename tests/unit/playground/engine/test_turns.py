"""Turns of the engine, one rule of the contract at a time."""

import pytest

from shared.playground.engine import events
from shared.playground.engine.engine import MAX_STEPS
from shared.playground.engine.turn import TurnFailed
from tests.support.node_graphs import (
    Part,
    action,
    agent,
    approval,
    calls,
    conversation,
    data_of,
    edge,
    failure_path,
    says,
    variable,
)
from tests.support.walks import Conversation


def test_answered_agent_node_continues_with_next_node() -> None:
    talk = conversation(
        [agent("ask", "name"), says("greet", "Hello {{name}}{{ gone }}!")],
        [edge("ask", "greet")],
        [variable("name")],
    )

    first = talk.say("Hi")
    assert (first.reply, first.state.node_id) == ("Please tell me: the name.", "ask")
    second = talk.say("Ada")

    assert second.reply == "Hello Ada!"
    assert second.state.variables == {"name": "Ada"}
    assert second.state.completed == ("ask", "greet")
    assert (second.state.node_id, second.state.signal) == (None, "completed")
    assert second.state.step_count == 3  # the first node ran twice


def test_first_edge_by_priority_whose_condition_holds_is_taken() -> None:
    talk = conversation(
        [agent("ask", "n"), says("a", "A"), says("b", "B"), says("c", "C")],
        [
            edge("ask", "c", priority=2),
            edge("ask", "a", condition="n > 10"),
            edge("ask", "b", condition="n > 5", priority=1),
            failure_path("ask", "c"),
        ],
        [variable("n", "int")],
    )
    talk.say("Hi")

    assert data_of(talk.say("seven is 7"), events.EDGE_TAKEN) == [
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


def test_node_without_open_edge_completes_the_workflow() -> None:
    talk = conversation([says("a", "A"), says("b", "B")], [edge("a", "b", condition="n == 1")])

    result = talk.say("Hi")

    assert (result.reply, result.state.node_id, result.state.signal) == ("A", None, "completed")


@pytest.mark.parametrize(
    ("world", "error"),
    [
        ({"charge": {"error": "no money"}}, "no money"),
        ({}, "The mock world has no tool 'charge'."),
    ],
)
def test_tool_error_takes_failure_path(world: Part, error: str) -> None:
    talk = conversation(
        [calls("act", "charge"), says("fine", "Fine."), says("sad", "Too bad.")],
        [edge("act", "fine"), failure_path("act", "sad")],
        mock_world=world,
    )

    result = talk.say("Go")

    assert result.reply == "Sorry.\nToo bad."
    assert data_of(result, events.TOOL_ANSWERED) == [
        {"tool_call_id": "call_1_1", "tool": "charge", "error": error}
    ]


def test_output_bindings_set_valid_values_and_report_skipped_ones() -> None:
    bindings = {"n": "list.1.n", "b": "b", "kind": "kind", "gone": "no.such.0", "day": "b"}
    arguments = {"text": '"x"', "number": "n"}
    talk = conversation(
        [calls("act", "find", input=arguments, output_bindings=bindings)],
        [],
        [
            variable("n", "int"),
            variable("b", "bool"),
            variable("gone"),
            variable("day"),
            variable("kind", "enum", enum_values=["small", "big"]),
        ],
        mock_world={"find": {"output": {"list": [{}, {"n": "12"}], "b": True, "kind": "huge"}}},
    )

    result = talk.say("Go")

    assert result.state.variables == {"n": 12, "b": True}
    [context] = data_of(result, events.CONTEXT_SET)
    assert set(context["skipped"]) == {"kind", "gone", "day"}
    [call] = data_of(result, events.TOOL_CALLED)
    assert call["arguments"] == {"text": "x", "number": None}


def fail(talk: Conversation) -> TurnFailed:
    """Return the failure of a turn, which must keep the state before it."""
    before = talk.state
    with pytest.raises(TurnFailed) as failed:
        talk.say("Go")
    assert talk.state == before
    return failed.value


def test_failure_without_failure_path_fails_the_turn() -> None:
    world = {"charge": {"error": "no money"}}

    failure = fail(conversation([calls("act", "charge")], [], mock_world=world))

    assert failure.code == "node_execution_failed: tool_failed"
    assert failure.events[-1].type == events.ASSISTANT_MESSAGE


def test_turn_over_step_limit_fails() -> None:
    failure = fail(conversation([says("a", "A"), says("b", "B")], [edge("a", "b"), edge("b", "a")]))

    assert failure.code == "max_steps_exceeded"
    assert [event.type for event in failure.events].count(events.NODE_ENTERED) == MAX_STEPS


@pytest.mark.parametrize(
    ("nodes", "edges", "code"),
    [
        ([says("a", "A")], [edge("a", "gone")], "routing_error: a"),
        ([approval("a", condition="n > 1")], [], "routing_error: a"),
        (
            [says("a", "A"), says("b", "B")],
            [edge("a", "b", condition="import os")],
            "node_execution_failed: bad_expression",
        ),
    ],
)
def test_invalid_graph_fails_the_turn(nodes: list[Part], edges: list[Part], code: str) -> None:
    assert fail(conversation(nodes, edges)).code == code


def test_turn_over_size_limit_fails() -> None:
    steps = [{"id": str(n), "kind": "tool_call", "tool": "big"} for n in range(100)]
    world = {"big": {"output": "x" * 200_000}}

    assert fail(conversation([action("a", *steps)], [], mock_world=world)).code == "turn_too_large"


def test_filled_text_is_cut_at_its_limit() -> None:
    nodes = [agent("ask", "word"), says("a", "{{word}}" * 10_000)]
    talk = conversation(nodes, [edge("ask", "a")], [variable("word")])
    talk.say("Hi")

    assert len(talk.say("x" * 5_000).reply) == 50_000
