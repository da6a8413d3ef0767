"""The catalog: five workflows that a person would believe, and none ever lost."""

import re
from pathlib import Path

import pytest

from shared.core.errors import NotFound
from shared.playground.catalog import entry, pinned_document, slugs
from shared.playground.graph import ActionNode, AgentNode, ApprovalNode, Graph
from shared.playground.graph import graph_hash as graph_hash_of
from shared.playground.validation import validate
from tests.support.gateway import Gateway
from tests.support.graphs import node_ids

SLUGS = [
    "address-change",
    "appointment-booking",
    "order-status",
    "refund-approval",
    "troubleshooting",
]
#: Every graph that a release has ever had in its catalog: slug and hash, a line each.
RELEASED = Path(__file__).with_name("released_graphs.txt")


def graph_of(slug: str) -> Graph:
    return Graph.model_validate(entry(slug).document)


def used_tools(graph: Graph) -> set[str]:
    agents = {tool.slug for n in graph.nodes if isinstance(n, AgentNode) for tool in n.tools}
    steps = {
        step.tool_slug
        for n in graph.nodes
        if isinstance(n, ActionNode)
        for step in n.steps
        if step.tool_slug
    }
    return agents | steps


def test_given_the_service_when_the_catalog_is_listed_then_it_tells_all_five(api: Gateway) -> None:
    answer = api("GET", "/v1/workflow/playground/catalog")

    assert answer.status == 200
    items = answer.json["items"]
    assert [item["slug"] for item in items] == SLUGS
    assert all(
        set(item) == {"slug", "name", "description", "persona", "entry_node_id"}
        and all(isinstance(value, str) and value for value in item.values())
        for item in items
    )


def test_slugs_are_those_of_the_files() -> None:
    assert slugs() == SLUGS


@pytest.mark.parametrize("slug", SLUGS)
def test_given_a_catalog_graph_when_it_is_validated_then_nothing_is_found(slug: str) -> None:
    verdict = validate(entry(slug).document)

    assert verdict.findings == ()
    assert verdict.valid


@pytest.mark.parametrize("slug", SLUGS)
def test_catalog_graph_is_written_without_defaults(slug: str) -> None:
    """Or its hash would not be that of the graph that the models read from it."""
    assert entry(slug).document == graph_of(slug).document()


@pytest.mark.parametrize("slug", SLUGS)
def test_catalog_graph_has_a_believable_size_and_a_mock_for_exactly_the_tools_it_uses(
    slug: str,
) -> None:
    graph = graph_of(slug)

    assert 6 <= len(graph.nodes) <= 15
    assert set(graph.mock_world) == used_tools(graph)
    assert graph.persona
    assert all(node.name for node in graph.nodes)
    assert all(variable.description for variable in graph.context_variables)
    assert all(
        variable.enum_values for variable in graph.context_variables if variable.type == "enum"
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_catalog_graph_reaches_every_node_and_has_a_failure_path_wherever_it_can_fail(
    slug: str,
) -> None:
    graph = graph_of(slug)
    ways = {(edge.source, edge.target) for edge in graph.edges} | {
        (node.id, target)
        for node in graph.nodes
        if isinstance(node, ApprovalNode)
        for target in (node.on_approve, node.on_deny)
    }
    reached: set[str] = set()
    waiting = {graph.entry_node_id}
    while waiting:
        reached |= waiting
        waiting = {target for source, target in ways if source in reached} - reached
    can_fail = {
        node.id
        for node in graph.nodes
        if isinstance(node, AgentNode)
        or (isinstance(node, ActionNode) and any(step.tool for step in node.steps))
    }

    assert reached == node_ids(graph)
    assert can_fail <= {edge.source for edge in graph.edges if edge.is_failure_path}


@pytest.mark.parametrize("slug", SLUGS)
def test_catalog_graph_names_only_variables_that_it_declares(slug: str) -> None:
    graph = graph_of(slug)
    declared = {variable.name for variable in graph.context_variables}
    words: set[str] = set()
    for edge in graph.edges:
        words |= names_in(edge.condition or "")
    for node in graph.nodes:
        if isinstance(node, AgentNode):
            words |= {*node.required_writes, *node.writes} | names_in(node.done_when or "")
        if isinstance(node, ActionNode):
            for step in node.steps:
                words |= set(step.output_bindings) | placeholders_in(step.text or "")
                words |= {name for text in step.input.values() for name in names_in(text)}
        if isinstance(node, ApprovalNode):
            words |= names_in(node.condition or "") | placeholders_in(node.suspend_message)

    assert words <= declared


def names_in(expression: str) -> set[str]:
    outside_texts = re.sub(r'"[^"]*"', "", expression)
    keywords = {"and", "or", "not", "in", "missing", "eq_normalized", "len"}
    return set(re.findall(r"[A-Za-z_]\w*", outside_texts)) - keywords


def placeholders_in(text: str) -> set[str]:
    return set(re.findall(r"{{(\w+)}}", text))


@pytest.mark.parametrize("slug", ["no-such", "", "../secrets", "order-status.json", "Order-Status"])
def test_given_a_slug_that_is_not_in_the_catalog_then_it_is_not_found(slug: str) -> None:
    with pytest.raises(NotFound):
        entry(slug)


def test_given_sessions_on_any_released_graph_then_each_graph_can_still_be_read() -> None:
    """A session keeps slug and hash only, so a graph that was released stays in the package.

    To change one, first put the graph as it was into ``catalog/earlier/<hash>.json``.
    """
    released = [line.split() for line in RELEASED.read_text().splitlines()]

    for slug, graph_hash in released:
        document = pinned_document(slug, graph_hash)
        assert graph_hash_of(Graph.model_validate(document).document()) == graph_hash


@pytest.mark.parametrize("slug", SLUGS)
def test_every_graph_of_this_release_is_noted_as_released(slug: str) -> None:
    line = f"{slug} {entry(slug).pinned.hash}"

    assert line in RELEASED.read_text().splitlines(), f"add to {RELEASED.name}: {line}"
