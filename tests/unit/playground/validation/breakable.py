"""Valid graph, and its parts to break one at a time."""

from typing import Any

from tests.support.node_graphs import (
    Part,
    action,
    agent,
    approval,
    edge,
    failure_path,
    handoff,
    says,
    variable,
)

ASK = agent("ask", "kind", "amount")
TOOL: Part = {
    "id": "find",
    "kind": "tool_call",
    "tool": "find",
    "input": {"kind": "kind"},
    "output_bindings": {"place": "scan.place", "open": "open"},
}
DO = action("do", TOOL)
SAY = says("say", "{{place}}")
CHECK = approval("check", on_approve="say", on_deny="person")
PERSON = handoff("person", "I call a colleague.")
VARIABLES = [
    variable("kind", "enum", enum_values=["late", "lost", "broken"]),
    variable("amount", "float"),
    variable("place"),
    variable("open", "bool"),
    variable("session_id", source="system"),
]
EDGES = [
    edge("ask", "do"),
    failure_path("ask", "person"),
    edge("do", "check", condition="open and amount > 10"),
    edge("do", "say", priority=1),
    failure_path("do", "person"),
]
MOCKS: Part = {"find": {"output": {"scan": {"place": "Oslo"}, "open": True}}}


def graph(
    *,
    nodes: dict[str, Part] | None = None,
    variables: dict[str, Part] | None = None,
    edges: dict[int, Part | None] | None = None,
    **changes: Any,
) -> Part:
    """Return the valid graph with fields of some nodes, variables and edges replaced.

    A new name or index adds one; None removes an edge.
    """
    all_nodes = {node["id"]: node for node in (ASK, DO, CHECK, SAY, PERSON)}
    for name, fields in (nodes or {}).items():
        all_nodes[name] = all_nodes.get(name, {}) | fields | {"id": name}
    declared = {str(variable["name"]): variable for variable in VARIABLES}
    for name, fields in (variables or {}).items():
        declared[name] = declared.get(name, {}) | {"name": name} | fields
    all_edges: dict[int, Part | None] = {**dict(enumerate(EDGES))}
    for index, change in (edges or {}).items():
        all_edges[index] = None if change is None else (all_edges.get(index) or {}) | change
    return {
        "name": "Broken once",
        "entry_node_id": "ask",
        "context_variables": list(declared.values()),
        "nodes": list(all_nodes.values()),
        "edges": [edge for edge in all_edges.values() if edge is not None],
        "mock_world": MOCKS,
    } | changes


def tool_step(**changes: Any) -> Part:
    return {"steps": [TOOL | changes]}


def binds(**bindings: str) -> Part:
    return tool_step(output_bindings=TOOL["output_bindings"] | bindings)
