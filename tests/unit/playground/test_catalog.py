"""Catalog: five valid workflows, and every released graph."""

from pathlib import Path

import pytest

from shared.core.errors import NotFound
from shared.playground.catalog import get_entry, get_pinned_document
from shared.playground.graph import ActionNode, AgentNode, Graph
from shared.playground.graph import graph_hash as graph_hash_of
from shared.playground.validation.check import validate
from tests.support.gateway import Gateway

SLUGS = [
    "address-change",
    "appointment-booking",
    "order-status",
    "refund-approval",
    "troubleshooting",
]
#: Every released catalog graph: slug and hash per line.
RELEASED = Path(__file__).with_name("released_graphs.txt")


def graph_of(slug: str) -> Graph:
    return Graph.model_validate(get_entry(slug).document)


def test_catalog_lists_five_workflows(api: Gateway) -> None:
    answer = api("GET", "/v1/workflow/playground/catalog")

    assert answer.status == 200
    items = answer.json["items"]
    assert [item["slug"] for item in items] == SLUGS
    assert all(
        set(item) == {"slug", "name", "description", "persona", "entry_node_id"}
        and all(isinstance(value, str) and value for value in item.values())
        for item in items
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_catalog_graph_is_valid_without_findings_or_defaults(slug: str) -> None:
    """Findings include unused tools, missing mocks, unreachable nodes, undeclared variables.

    With defaults in its file, a graph's hash would differ from that of the parsed graph.
    """
    result = validate(get_entry(slug).document)

    assert result.findings == ()
    assert result.valid
    assert get_entry(slug).document == graph_of(slug).document()


@pytest.mark.parametrize("slug", SLUGS)
def test_catalog_graph_has_realistic_size_descriptions_and_failure_paths(slug: str) -> None:
    """Stricter than the rule ``no_failure_path``: every agent needs one."""
    graph = graph_of(slug)
    may_fail = {
        node.id
        for node in graph.nodes
        if isinstance(node, AgentNode)
        or (isinstance(node, ActionNode) and any(step.tool for step in node.steps))
    }

    assert 6 <= len(graph.nodes) <= 15
    assert graph.persona
    assert all(node.name for node in graph.nodes)
    assert all(variable.description for variable in graph.context_variables)
    assert may_fail <= {edge.source for edge in graph.edges if edge.is_failure_path}


@pytest.mark.parametrize("slug", ["no-such", "", "../secrets", "order-status.json", "Order-Status"])
def test_unknown_slug_is_not_found(slug: str) -> None:
    with pytest.raises(NotFound):
        get_entry(slug)


def test_every_released_graph_can_be_read() -> None:
    """Sessions store slug and hash only, so released graphs stay in the package.

    Before changing one, copy it to ``catalog/earlier/<hash>.json``.
    """
    released = [line.split() for line in RELEASED.read_text().splitlines()]

    for slug, graph_hash in released:
        document = get_pinned_document(slug, graph_hash)
        assert graph_hash_of(Graph.model_validate(document).document()) == graph_hash


@pytest.mark.parametrize("slug", SLUGS)
def test_every_catalog_graph_is_listed_as_released(slug: str) -> None:
    line = f"{slug} {get_entry(slug).pinned.hash}"

    assert line in RELEASED.read_text().splitlines(), f"add to {RELEASED.name}: {line}"
