"""What is true of every conversation on every valid graph."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.playground.engine_state import COMPLETED, HANDOFF
from shared.playground.graph import Graph
from shared.playground.validation import validate
from tests.support.conversations import Conversed, ErraticAgent, converse, ways_of
from tests.support.graphs import graphs, node_ids, random_graph

#: ``python -m benchmarks.graphs`` holds 10,000 graphs to them.
EXAMPLES = 60


def assert_it_keeps_to(graph: Graph, talk: Conversed) -> None:
    """Assert that a conversation went the graph's ways, and rests where the graph lets it."""
    assert talk.ways_taken() <= ways_of(graph)
    assert talk.nodes_run() <= node_ids(graph)
    assert talk.state.node_id in node_ids(graph) | {None}
    assert (talk.state.node_id is None) == (talk.state.signal in {COMPLETED, HANDOFF})


@settings(max_examples=EXAMPLES)
@given(graphs())
def test_given_a_random_graph_then_it_is_valid_and_so_is_what_is_stored_of_it(
    graph: Graph,
) -> None:
    verdict = validate(graph.normalized())

    assert verdict.valid, verdict.findings
    assert verdict.graph == graph
    assert validate(graph.document()).graph == graph


@settings(max_examples=EXAMPLES)
@given(graphs(), st.randoms(use_true_random=False))
def test_given_a_valid_graph_when_anyone_talks_to_it_then_it_stops_and_keeps_to_its_ways(
    graph: Graph, random: Random
) -> None:
    assert_it_keeps_to(graph, converse(graph, random))


@settings(max_examples=EXAMPLES)
@given(graphs(), st.randoms(use_true_random=False))
def test_given_a_valid_graph_when_its_agents_do_anything_then_it_stops_and_keeps_to_its_ways(
    graph: Graph, random: Random
) -> None:
    assert_it_keeps_to(graph, converse(graph, random, ErraticAgent(random)))


def test_given_random_graphs_then_all_that_can_happen_does() -> None:
    """Or the properties would be true of nothing much."""
    random = Random(5)
    seen = converse(random_graph(random), random).seen
    for number in range(600):
        graph = random_graph(random)
        seen.update(converse(graph, random, ErraticAgent(random) if number % 2 else None).seen)

    assert {
        "user.message", "node.entered", "assistant.message", "variable.asked", "tool.called",
        "tool.answered", "context.set", "signal", "node.completed", "edge.taken",
        "approval.requested", "approval.decided", "ended", "repeated", "max_steps_exceeded",
        "node_execution_failed",
    } <= {name for name, times in seen.items() if times}  # fmt: skip
