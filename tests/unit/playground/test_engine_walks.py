"""The catalog's graphs, walked along every edge, engine and scripted agent alone."""

import pytest

from shared.playground.catalog import slugs
from shared.playground.engine_state import State, fold
from shared.playground.graph import ApprovalNode, edge_id
from tests.support.walks import (
    Conversation,
    Walk,
    all_walks,
    given,
    graph_of,
    walked,
    walks_of,
)

NAMED = [pytest.param(slug, walk, id=f"{slug}: {walk['name']}") for slug, walk in all_walks()]


@pytest.mark.parametrize(("slug", "walk"), NAMED)
def test_given_a_recorded_walk_when_it_is_walked_again_then_it_goes_the_same_way(
    slug: str, walk: Walk
) -> None:
    assert walked(slug, walk) == walk


@pytest.mark.parametrize("slug", slugs())
def test_given_a_catalog_graph_then_its_walks_take_every_edge(slug: str) -> None:
    graph = graph_of(slug, {})
    ways = {edge_id(index, edge) for index, edge in enumerate(graph.edges)}
    for node in graph.nodes:
        if isinstance(node, ApprovalNode):
            ways |= {f"{node.id}->{node.on_approve}", f"{node.id}->{node.on_deny}"}

    taken = {way for walk in walks_of(slug) for way in walk["edges"]}

    assert taken == ways


@pytest.mark.parametrize(("slug", "walk"), NAMED)
def test_given_a_walk_then_its_events_alone_give_its_state_at_any_point(
    slug: str, walk: Walk
) -> None:
    conversation = Conversation.on(graph_of(slug, walk))
    replayed = State(node_id=conversation.graph.entry_node_id)
    for turn in walk["turns"]:
        ran = conversation.give(given(turn))
        replayed = fold(replayed, ran.events)
        assert replayed == conversation.state
