"""Graph validation: limits, schema, unknown fields, and the normalized graph."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.playground.graph import MAX_EDGES, MAX_GRAPH_BYTES, MAX_NODES, Graph
from shared.playground.validation.check import MAX_FINDINGS, validate
from shared.playground.validation.findings import Severity
from tests.support.large_graphs import hardest, largest
from tests.support.work import calls
from tests.unit.playground.graphs import changed, small, without

EDGE = "0:ask->approve"
#: Graph, node, edge, and words of the message.
SCHEMA_ERRORS: list[tuple[dict[str, Any], str | None, str | None, str]] = [
    (without("name"), None, None, "name: Field required"),
    (without("nodes"), None, None, "nodes: Field required"),
    (changed("nodes", []), None, None, "nodes"),
    (changed("nodes.0.type", "robot"), "ask", None, "nodes[0]"),
    (without("nodes.0.type"), "ask", None, "nodes[0]"),
    (without("nodes.0.instructions"), "ask", None, "nodes[0].instructions"),
    (without("nodes.1.approver_role"), "approve", None, "nodes[1].approver_role"),
    (without("nodes.2.failure_message"), "look_up", None, "nodes[2].failure_message"),
    (without("nodes.3.static_text"), "person", None, "nodes[3].static_text"),
    (changed("nodes.0.id", 7), None, None, "nodes[0].id"),
    (changed("nodes.0", "ask"), None, None, "nodes[0]"),
    (changed("nodes.2.steps.0.kind", "sing"), "look_up", None, "steps[0].kind"),
    (without("nodes.2.steps.0.tool"), "look_up", None, "a tool_call step must have a tool"),
    (changed("nodes.2.steps.0.tool", {"slug": "x"}), "look_up", None, "tool.kind"),
    (changed("nodes.2.steps.0.tool", 7), "look_up", None, "steps[0].tool"),
    (changed("nodes.2.steps.0.kind", "speak"), "look_up", None, "a speak step must have a text"),
    (changed("nodes.1.timeout_seconds", 0), "approve", None, "timeout_seconds"),
    (changed("edges.0.priority", "1"), None, EDGE, "edges[0].priority"),
    (changed("edges.0.is_failure_path", 1), None, EDGE, "is_failure_path"),
    (without("edges.0.to"), None, "0:ask->None", "edges[0].to: Field required"),
    (changed("context_variables.2.name", "a b"), None, None, "context_variables[2].name"),
    (changed("context_variables.2.type", "date"), None, None, "context_variables[2]"),
    (changed("mock_world.find_parcel", {}), None, None, "exactly one of output and error"),
    (
        changed("mock_world.find_parcel", {"output": 1, "error": "x"}),
        None,
        None,
        "exactly one of output and error",
    ),
    (changed("mock_world.find_parcel.delay_ms", 60_001), None, None, "find_parcel.delay_ms"),
]


@pytest.mark.parametrize(("graph", "node", "edge", "words"), SCHEMA_ERRORS)
def test_schema_error_has_place_and_fix(
    graph: dict[str, Any], node: str | None, edge: str | None, words: str
) -> None:
    result = validate(graph)

    assert not result.valid
    found = [f for f in result.findings if f.severity is Severity.ERROR and words in f.message]
    assert found, [finding.message for finding in result.findings]
    assert (found[0].rule_id, found[0].node_id, found[0].edge_id) == ("schema", node, edge)
    assert found[0].suggested_fix


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        (changed("nodes", [{}] * 201), "nodes: must have at most 200 entries, not 201."),
        (changed("edges", [{}] * 1001), "edges: must have at most 1000 entries, not 1001."),
        (
            changed("context_variables", [{}] * 201),
            "context_variables: must have at most 200 entries, not 201.",
        ),
        (changed("persona", "x" * MAX_GRAPH_BYTES), "graph: must have at most 262144 bytes"),
    ],
)
def test_exceeded_limit_is_the_only_finding(graph: dict[str, Any], message: str) -> None:
    result = validate(graph)

    assert not result.valid
    [finding] = result.findings
    assert (finding.rule_id, finding.node_id, finding.edge_id) == ("limit_exceeded", None, None)
    assert finding.severity is Severity.ERROR
    assert finding.message.startswith(message)
    assert finding.suggested_fix


def test_valid_graph_has_no_findings_and_is_normalized_with_defaults() -> None:
    result = validate(small())

    assert result.findings == ()
    assert result.graph is not None
    normalized = result.graph.normalized()
    assert normalized["context_variables"][2] == {
        "name": "parcel",
        "type": "string",
        "source": "derived",
        "enum_values": [],
        "reask_cap": 3,
        "description": "The parcel's number",
    }
    assert normalized["edges"][0] == {
        "from": "ask",
        "to": "approve",
        "condition": None,
        "priority": 0,
        "is_failure_path": False,
    }


@pytest.mark.parametrize(
    "mock", [{"output": None}, {"output": {"error": "inside"}}, {"error": "down", "delay_ms": 5}]
)
def test_mock_answer_survives_storing(mock: dict[str, Any]) -> None:
    graph = Graph.model_validate(changed("mock_world.find_parcel", mock))

    again = Graph.model_validate(graph.document())

    assert again == graph
    assert again.document()["mock_world"]["find_parcel"] == mock


@pytest.mark.parametrize("tool", ["find_parcel", {"kind": "api", "id": "1", "slug": "find_parcel"}])
def test_tool_by_slug_or_reference_has_a_slug(tool: Any) -> None:
    graph = Graph.model_validate(changed("nodes.2.steps.0.tool", tool))

    assert graph.nodes[2].steps[0].tool_slug == "find_parcel"  # type: ignore[union-attr]  # an action


def test_unknown_fields_are_ignored_with_a_warning() -> None:
    graph = changed("nodes.0.position", {"x": 1, "y": 2})
    graph["edges"][0]["conditon"] = "missing(parcel)"

    result = validate(graph)

    assert result.graph == Graph.model_validate(small())
    assert [(f.severity, f.rule_id, f.node_id, f.edge_id) for f in result.findings] == [
        (Severity.WARNING, "unknown_field", "ask", None),
        (Severity.WARNING, "unknown_field", None, EDGE),
    ]
    assert result.findings[1].suggested_fix == "Did you mean condition?"


def test_unknown_system_variable_finding_lists_the_known_ones() -> None:
    result = validate(changed("context_variables.0.name", "weather"))

    assert result.valid
    assert [f.rule_id for f in result.findings] == ["unknown_system_variable"]
    assert "session_id" in result.findings[0].suggested_fix


def test_number_of_findings_is_limited() -> None:
    graph = small(mock_world={f"tool{i}": {} for i in range(10_000)})

    assert len(validate(graph).findings) == MAX_FINDINGS


@pytest.mark.parametrize("make", [largest, hardest])
def test_validation_of_largest_graph_takes_limited_work(make: Callable[[], dict[str, Any]]) -> None:
    """The goal is fifty milliseconds, measured by ``python -m benchmarks.graphs``."""
    graph = make()
    assert (len(graph["nodes"]), len(graph["edges"])) == (MAX_NODES, MAX_EDGES)
    assert validate(graph).valid

    assert calls(lambda: validate(graph)) < 500_000
