"""Properties of every conversation on every valid graph."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.playground.graph import Graph
from shared.playground.validation.check import validate
from tests.support.conversations import ErraticAgent, converse
from tests.support.graphs import graphs, random_graph

#: ``python -m benchmarks.graphs`` checks 10,000 graphs.
EXAMPLES = 60


@settings(max_examples=EXAMPLES)
@given(graphs())
def test_random_graph_is_valid_in_each_form(graph: Graph) -> None:
    result = validate(graph.normalized())

    assert result.valid, result.findings
    assert result.graph == graph
    assert validate(graph.document()).graph == graph


@pytest.mark.parametrize("erratic", [False, True])
@settings(max_examples=EXAMPLES)
@given(graphs(), st.randoms(use_true_random=False))
def test_conversation_on_valid_graph_stops_and_follows_its_edges(
    erratic: bool, graph: Graph, random: Random
) -> None:
    """The assertions are in ``converse``, which the benchmark shares."""
    converse(graph, random, ErraticAgent(random) if erratic else None)


def test_random_graphs_cover_all_events() -> None:
    """Without this coverage, the properties above would prove little."""
    random = Random(5)
    counts = converse(random_graph(random), random)
    for number in range(600):
        graph = random_graph(random)
        agent = ErraticAgent(random) if number % 2 else None
        counts.update(converse(graph, random, agent))

    assert {
        "user.message", "node.entered", "assistant.message", "variable.asked", "tool.called",
        "tool.answered", "context.set", "signal", "node.completed", "edge.taken",
        "approval.requested", "approval.decided", "ended", "repeated", "max_steps_exceeded",
        "node_execution_failed",
    } <= {name for name, times in counts.items() if times}  # fmt: skip
