"""What is wrong with a graph: found, placed, and with a way to mend it."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.playground.findings import Severity
from shared.playground.graph import MAX_EDGES, MAX_GRAPH_BYTES, MAX_NODES, Graph
from shared.playground.validation import MAX_FINDINGS, validate
from tests.support.large_graphs import hardest, largest
from tests.support.work import calls
from tests.unit.playground.graphs import changed, small, without

#: graph, rule, node, edge, words of the message
BROKEN: list[tuple[dict[str, Any], str, str | None, str | None, str]] = [
    (without("name"), "schema", None, None, "name: Field required"),
    (without("nodes"), "schema", None, None, "nodes: Field required"),
    (changed("nodes", []), "schema", None, None, "nodes"),
    (changed("nodes.0.type", "robot"), "schema", "ask", None, "nodes[0]"),
    (without("nodes.0.type"), "schema", "ask", None, "nodes[0]"),
    (without("nodes.0.instructions"), "schema", "ask", None, "nodes[0].instructions"),
    (without("nodes.1.approver_role"), "schema", "approve", None, "nodes[1].approver_role"),
    (without("nodes.2.failure_message"), "schema", "look_up", None, "nodes[2].failure_message"),
    (without("nodes.3.static_text"), "schema", "person", None, "nodes[3].static_text"),
    (changed("nodes.0.id", 7), "schema", None, None, "nodes[0].id"),
    (changed("nodes.0", "ask"), "schema", None, None, "nodes[0]"),
    (changed("nodes.2.steps.0.kind", "sing"), "schema", "look_up", None, "steps[0].kind"),
    (without("nodes.2.steps.0.tool"), "schema", "look_up", None, "a tool_call step needs a tool"),
    (changed("nodes.2.steps.0.tool", {"slug": "x"}), "schema", "look_up", None, "tool.kind"),
    (changed("nodes.2.steps.0.tool", 7), "schema", "look_up", None, "steps[0].tool"),
    (
        changed("nodes.2.steps.0", {"id": "s", "kind": "speak"}),
        "schema",
        "look_up",
        None,
        "a speak step needs a text",
    ),
    (changed("nodes.1.timeout_seconds", 0), "schema", "approve", None, "timeout_seconds"),
    (changed("edges.0.priority", "1"), "schema", None, "0:ask->approve", "edges[0].priority"),
    (changed("edges.0.is_failure_path", 1), "schema", None, "0:ask->approve", "is_failure_path"),
    (without("edges.0.to"), "schema", None, "0:ask->None", "edges[0].to: Field required"),
    (changed("context_variables.2.name", "a b"), "schema", None, None, "context_variables[2].name"),
    (changed("context_variables.2.type", "date"), "schema", None, None, "context_variables[2]"),
    (changed("mock_world.find_parcel", {}), "schema", None, None, "exactly one of output and"),
    (
        changed("mock_world.find_parcel", {"output": 1, "error": "x"}),
        "schema",
        None,
        None,
        "exactly one of output and error",
    ),
    (
        changed("mock_world.find_parcel.delay_ms", 60_001),
        "schema",
        None,
        None,
        "mock_world.find_parcel.delay_ms",
    ),
    (changed("entry_node_id", "asks"), "unknown_entry_node", None, None, "'asks'"),
    (
        changed("nodes.3.id", "look_up"),
        "duplicate_id",
        "look_up",
        None,
        "More than one node has the id 'look_up'",
    ),
    (changed("context_variables.3.name", "parcel"), "duplicate_id", None, None, "'parcel'"),
    (changed("edges.0.to", "aprove"), "edge_to_nowhere", None, "0:ask->aprove", "edges[0].to"),
    (changed("edges.2.from", "x"), "edge_to_nowhere", None, "2:x->person", "edges[2].from"),
    (
        changed("nodes.1.on_approve", "lookup"),
        "approval_target_missing",
        "approve",
        None,
        "on_approve of 'approve'",
    ),
    (
        changed("nodes.1.on_deny", "nobody"),
        "approval_target_missing",
        "approve",
        None,
        "on_deny of 'approve'",
    ),
    (
        changed("nodes", [small()["nodes"][0] | {"id": f"n{i}"} for i in range(201)]),
        "limit_exceeded",
        None,
        None,
        "201 nodes; the limit is 200",
    ),
    (
        changed("edges", [{"from": "ask", "to": "person"}] * 1001),
        "limit_exceeded",
        None,
        None,
        "1001 edges; the limit is 1000",
    ),
    (
        changed("context_variables", [{"name": f"v{i}", "type": "int"} for i in range(201)]),
        "limit_exceeded",
        None,
        None,
        "201 context_variables; the limit is 200",
    ),
    (
        changed("persona", "x" * MAX_GRAPH_BYTES),
        "limit_exceeded",
        None,
        None,
        "the limit is 262144",
    ),
]


@pytest.mark.parametrize("graph,rule,node,edge,words", BROKEN)
def test_given_a_broken_graph_then_the_error_tells_rule_place_and_fix(
    graph: dict[str, Any], rule: str, node: str | None, edge: str | None, words: str
) -> None:
    verdict = validate(graph)

    assert not verdict.valid
    found = [f for f in verdict.findings if f.severity is Severity.ERROR and words in f.message]
    assert found, [finding.message for finding in verdict.findings]
    assert (found[0].rule_id, found[0].node_id, found[0].edge_id) == (rule, node, edge)
    assert found[0].suggested_fix


def test_given_a_valid_graph_then_nothing_is_found_and_the_defaults_are_written_out() -> None:
    verdict = validate(small())

    assert verdict.findings == ()
    assert verdict.graph is not None
    shown = verdict.graph.normalized()
    assert shown["context_variables"][2] == {
        "name": "parcel",
        "type": "string",
        "source": "derived",
        "enum_values": [],
        "reask_cap": 3,
        "description": "The parcel's number",
    }
    assert shown["edges"][0] == {
        "from": "ask",
        "to": "approve",
        "condition": None,
        "priority": 0,
        "is_failure_path": False,
    }


@pytest.mark.parametrize(
    "mock", [{"output": None}, {"output": {"error": "inside"}}, {"error": "down", "delay_ms": 5}]
)
def test_given_a_mock_with_one_of_output_and_error_then_it_survives_storing(
    mock: dict[str, Any],
) -> None:
    graph = Graph.model_validate(changed("mock_world.find_parcel", mock))

    again = Graph.model_validate(graph.document())

    assert again == graph
    assert again.document()["mock_world"]["find_parcel"] == mock


def test_given_a_graph_with_its_defaults_written_out_then_it_is_the_same_graph() -> None:
    graph = Graph.model_validate(small())

    assert Graph.model_validate(graph.normalized()).document() == graph.document()


@pytest.mark.parametrize("tool", ["find_parcel", {"kind": "api", "id": "1", "slug": "find_parcel"}])
def test_given_a_tool_by_slug_or_by_reference_then_it_is_known_by_its_slug(tool: Any) -> None:
    graph = Graph.model_validate(changed("nodes.2.steps.0.tool", tool))

    assert graph.nodes[2].steps[0].tool_slug == "find_parcel"  # type: ignore[union-attr]  # an action


def test_given_fields_that_no_graph_has_then_they_are_left_out_with_a_warning() -> None:
    graph = changed("nodes.0.position", {"x": 1, "y": 2})
    graph["edges"][0]["conditon"] = "missing(parcel)"

    verdict = validate(graph)

    assert verdict.graph == Graph.model_validate(small())
    assert [(f.severity, f.rule_id, f.node_id, f.edge_id) for f in verdict.findings] == [
        (Severity.WARNING, "unknown_field", "ask", None),
        (Severity.WARNING, "unknown_field", None, "0:ask->approve"),
    ]
    assert verdict.findings[1].suggested_fix == "Did you mean condition?"


def test_given_a_system_variable_that_nothing_fills_then_it_is_a_warning() -> None:
    verdict = validate(changed("context_variables.0.name", "weather"))

    assert verdict.valid
    assert [f.rule_id for f in verdict.findings] == ["unknown_system_variable"]
    assert "session_id" in (verdict.findings[0].suggested_fix or "")


def test_given_a_wrong_id_that_is_nearly_right_then_the_right_one_is_suggested() -> None:
    verdict = validate(changed("edges.0.to", "aprove"))

    assert verdict.findings[0].suggested_fix == "Did you mean 'approve'?"


def test_given_two_errors_of_different_rules_then_both_are_told_at_once() -> None:
    graph = changed("entry_node_id", "x")
    graph["edges"][0]["to"] = "y"

    assert {f.rule_id for f in validate(graph).findings} == {
        "unknown_entry_node",
        "edge_to_nowhere",
    }


def test_given_thousands_of_errors_then_the_first_are_told_and_quickly() -> None:
    graph = small(mock_world={f"tool{i}": {} for i in range(10_000)})

    assert len(validate(graph).findings) == MAX_FINDINGS


@pytest.mark.parametrize("make", [largest, hardest])
def test_given_a_graph_of_the_largest_size_then_it_is_checked_with_bounded_work(
    make: Callable[[], dict[str, Any]],
) -> None:
    """Fifty milliseconds are the goal, which ``python -m benchmarks.graphs`` measures."""
    graph = make()
    assert (len(graph["nodes"]), len(graph["edges"])) == (MAX_NODES, MAX_EDGES)
    assert validate(graph).valid

    assert calls(lambda: validate(graph)) < 500_000


def test_given_duplicate_steps_then_the_node_is_named() -> None:
    step = small()["nodes"][2]["steps"][0]

    verdict = validate(changed("nodes.2.steps", [step, step]))

    assert [(f.rule_id, f.node_id) for f in verdict.findings] == [("duplicate_id", "look_up")]
