"""The graph that breaks no rule, and its parts, to be broken one at a time."""

from typing import Any

from shared.playground.findings import Severity

E, W, S = Severity.ERROR, Severity.WARNING, Severity.SUGGESTION

#: What is wrong, the graph, severity, rule, node, edge, words of the message.
type Broken = tuple[str, dict[str, Any], Severity, str, str | None, str | None, str]

ASK: dict[str, Any] = {
    "id": "ask",
    "type": "agent",
    "instructions": "Ask.",
    "required_writes": ["kind", "amount"],
}
TOOL: dict[str, Any] = {
    "id": "find",
    "kind": "tool_call",
    "tool": "find",
    "input": {"kind": "kind"},
    "output_bindings": {"place": "scan.place", "open": "open"},
}
DO: dict[str, Any] = {"id": "do", "type": "action", "failure_message": "Sorry.", "steps": [TOOL]}
SAY: dict[str, Any] = {
    "id": "say",
    "type": "action",
    "failure_message": "Sorry.",
    "steps": [{"id": "s", "kind": "speak", "text": "{{place}}"}],
}
CHECK: dict[str, Any] = {
    "id": "check",
    "type": "approval",
    "approver_role": "lead",
    "suspend_message": "One moment.",
    "on_approve": "say",
    "on_deny": "person",
}
PERSON: dict[str, Any] = {"id": "person", "type": "handoff", "static_text": "I call a colleague."}
VARIABLES: list[dict[str, Any]] = [
    {"name": "kind", "type": "enum", "enum_values": ["late", "lost", "broken"]},
    {"name": "amount", "type": "float"},
    {"name": "place", "type": "string"},
    {"name": "open", "type": "bool"},
    {"name": "session_id", "type": "string", "source": "system"},
]
EDGES: list[dict[str, Any]] = [
    {"from": "ask", "to": "do"},
    {"from": "ask", "to": "person", "is_failure_path": True},
    {"from": "do", "to": "check", "condition": "open and amount > 10"},
    {"from": "do", "to": "say", "priority": 1},
    {"from": "do", "to": "person", "is_failure_path": True},
]
MOCKS: dict[str, Any] = {"find": {"output": {"scan": {"place": "Oslo"}, "open": True}}}


def graph(
    *,
    nodes: dict[str, dict[str, Any]] | None = None,
    variables: dict[str, dict[str, Any] | None] | None = None,
    edges: dict[int, dict[str, Any] | None] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """A valid graph with fields of some nodes, variables and edges replaced.

    A new name adds one; None takes one away.
    """
    found = {node["id"]: node for node in (ASK, DO, CHECK, SAY, PERSON)}
    for name, fields in (nodes or {}).items():
        found[name] = found.get(name, {}) | fields | {"id": name}
    declared = {str(variable["name"]): variable for variable in VARIABLES}
    for name, given in (variables or {}).items():
        if given is None:
            del declared[name]
        else:
            declared[name] = declared.get(name, {}) | {"name": name} | given
    ways = dict(enumerate(EDGES))
    for index, change in (edges or {}).items():
        if change is None:
            del ways[index]
        else:
            ways[index] = ways.get(index, {}) | change
    return {
        "name": "Broken once",
        "entry_node_id": "ask",
        "context_variables": list(declared.values()),
        "nodes": list(found.values()),
        "edges": list(ways.values()),
        "mock_world": MOCKS,
    } | changes


def tool_step(**changes: Any) -> dict[str, Any]:
    return {"steps": [TOOL | changes]}


def binds(**bindings: str) -> dict[str, Any]:
    return tool_step(output_bindings=TOOL["output_bindings"] | bindings)


def asks(*names: str, **fields: Any) -> dict[str, Any]:
    return {"type": "agent", "instructions": "Ask.", "required_writes": list(names), **fields}


def speaks(text: str = "Hm.") -> dict[str, Any]:
    steps = [{"id": "s", "kind": "speak", "text": text}]
    return {"type": "action", "failure_message": "Sorry.", "steps": steps}
