"""Graphs for tests: a small valid one, and changes of it."""

import copy
from typing import Any

SMALL: dict[str, Any] = {
    "name": "Parcel question",
    "entry_node_id": "ask",
    "persona": "You are brief.",
    "context_variables": [
        {"name": "session_id", "type": "string", "source": "system"},
        {"name": "opened_at", "type": "string", "source": "system"},
        {"name": "parcel", "type": "string", "description": "The parcel's number"},
        {"name": "place", "type": "string"},
    ],
    "nodes": [
        {
            "id": "ask",
            "type": "agent",
            "instructions": "Ask for the parcel's number.",
            "required_writes": ["parcel"],
        },
        {
            "id": "approve",
            "type": "approval",
            "approver_role": "lead",
            "suspend_message": "One moment.",
            "on_approve": "look_up",
            "on_deny": "person",
        },
        {
            "id": "look_up",
            "type": "action",
            "description": "Looks the parcel up.",
            "failure_message": "That did not work.",
            "steps": [
                {
                    "id": "find",
                    "kind": "tool_call",
                    "tool": "find_parcel",
                    "input": {"number": "parcel"},
                    "output_bindings": {"place": "scan.place"},
                }
            ],
        },
        {"id": "person", "type": "handoff", "static_text": "I call a colleague."},
    ],
    "edges": [
        {"from": "ask", "to": "approve"},
        {"from": "ask", "to": "person", "is_failure_path": True},
        {"from": "look_up", "to": "person", "is_failure_path": True},
    ],
    "mock_world": {"find_parcel": {"output": {"scan": {"place": "Oslo"}}, "delay_ms": 10}},
}


def small(**changes: Any) -> dict[str, Any]:
    """Return the small graph, with some of its fields replaced."""
    return copy.deepcopy(SMALL) | changes


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return the small graph with one value replaced, as in ``nodes.0.type``."""
    graph = small()
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    part: Any = graph
    for step in way:
        part = part[step]
    part[last] = value
    return graph


def without(path: str) -> dict[str, Any]:
    """Return the small graph without one value."""
    graph = small()
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    part: Any = graph
    for step in way:
        part = part[step]
    del part[last]
    return graph
