"""Small valid graph for tests, and changes of it."""

import copy
from typing import Any

from tests.support.node_graphs import (
    Part,
    action,
    agent,
    approval,
    edge,
    failure_path,
    handoff,
    variable,
)

FIND: Part = {
    "id": "find",
    "kind": "tool_call",
    "tool": "find_parcel",
    "input": {"number": "parcel"},
    "output_bindings": {"place": "scan.place"},
}
SMALL: Part = {
    "name": "Parcel question",
    "entry_node_id": "ask",
    "persona": "You are brief.",
    "context_variables": [
        variable("session_id", source="system"),
        variable("opened_at", source="system"),
        variable("parcel", description="The parcel's number"),
        variable("place"),
    ],
    "nodes": [
        agent("ask", "parcel", instructions="Ask for the parcel's number."),
        approval("approve", suspend_message="One moment.", on_approve="look_up", on_deny="person"),
        action("look_up", FIND, failure_message="That did not work."),
        handoff("person", "I call a colleague."),
    ],
    "edges": [
        edge("ask", "approve"),
        failure_path("ask", "person"),
        failure_path("look_up", "person"),
    ],
    "mock_world": {"find_parcel": {"output": {"scan": {"place": "Oslo"}}, "delay_ms": 10}},
}


def small(**changes: Any) -> Part:
    """Return a copy of the small graph with some fields replaced."""
    return copy.deepcopy(SMALL) | changes


def changed(path: str, value: Any) -> Part:
    """Return the small graph with one value replaced, as in ``nodes.0.type``."""
    graph = small()
    part, last = _resolve(graph, path)
    part[last] = value
    return graph


def without(path: str) -> Part:
    """Return the small graph without one value."""
    graph = small()
    part, last = _resolve(graph, path)
    del part[last]
    return graph


def _resolve(graph: Part, path: str) -> tuple[Any, Any]:
    *parents, last = (int(step) if step.isdigit() else step for step in path.split("."))
    part: Any = graph
    for step in parents:
        part = part[step]
    return part, last
