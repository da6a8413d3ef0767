"""Recorded walks along every edge of the catalog's graphs, with engine and scripted agent."""

import pytest

from shared.playground.catalog import list_slugs
from shared.playground.engine.state import State, fold
from shared.playground.graph import ApprovalNode, edge_id
from tests.support.walks import (
    Conversation,
    Walk,
    all_walks,
    graph_of,
    parse_input,
    replay,
    walks_of,
)

WALKS = [pytest.param(slug, walk, id=f"{slug}: {walk['name']}") for slug, walk in all_walks()]


@pytest.mark.parametrize(("slug", "walk"), WALKS)
def test_replayed_walk_equals_recording(slug: str, walk: Walk) -> None:
    assert replay(slug, walk) == walk


@pytest.mark.parametrize("slug", list_slugs())
def test_walks_of_catalog_graph_take_every_edge(slug: str) -> None:
    graph = graph_of(slug, {})
    edges = {edge_id(index, edge) for index, edge in enumerate(graph.edges)}
    approvals = [node for node in graph.nodes if isinstance(node, ApprovalNode)]
    edges |= {f"{one.id}->{to}" for one in approvals for to in (one.on_approve, one.on_deny)}

    assert {edge for walk in walks_of(slug) for edge in walk["edges"]} == edges


@pytest.mark.parametrize(("slug", "walk"), WALKS)
def test_events_restore_state_after_each_turn(slug: str, walk: Walk) -> None:
    conversation = Conversation.on(graph_of(slug, walk))
    restored = State(node_id=conversation.graph.entry_node_id)
    for turn in walk["turns"]:
        result = conversation.give(parse_input(turn))
        restored = fold(restored, result.events)
        assert restored == conversation.state
