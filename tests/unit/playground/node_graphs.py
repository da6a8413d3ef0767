"""Graphs put together node by node, and what a turn on one has done."""

from typing import Any

from shared.playground import events
from shared.playground.engine import Ran
from shared.playground.engine_turn import TurnFailed
from shared.playground.graph import Graph
from tests.support.walks import Conversation

type Part = dict[str, Any]


def agent(node_id: str, *writes: str, **fields: Any) -> Part:
    return {
        "id": node_id, "type": "agent", "instructions": "Ask.", "required_writes": writes, **fields
    }  # fmt: skip


def says(node_id: str, text: str) -> Part:
    step = {"id": "say", "kind": "speak", "text": text}
    return {"id": node_id, "type": "action", "failure_message": "Sorry.", "steps": [step]}


def calls(node_id: str, tool: str, **fields: Any) -> Part:
    step = {"id": "call", "kind": "tool_call", "tool": tool, **fields}
    return {"id": node_id, "type": "action", "failure_message": "Sorry.", "steps": [step]}


def approval(node_id: str, **fields: Any) -> Part:
    return {
        "id": node_id, "type": "approval", "approver_role": "lead", "suspend_message": "Wait.",
        "on_approve": "yes", "on_deny": "no", **fields,
    }  # fmt: skip


def edge(source: str, target: str, **fields: Any) -> Part:
    return {"from": source, "to": target, **fields}


def variable(name: str, kind: str = "string", **fields: Any) -> Part:
    return {"name": name, "type": kind, "description": f"the {name}", **fields}


def graph(
    nodes: list[Part], edges: list[Part], variables: list[Part] | None = None, **fields: Any
) -> Graph:
    return Graph.model_validate(
        {
            "name": "Test",
            "entry_node_id": nodes[0]["id"],
            "nodes": nodes,
            "edges": edges,
            "context_variables": variables or [],
            **fields,
        }
    )


def on(*arguments: Any, **fields: Any) -> Conversation:
    return Conversation.on(graph(*arguments, **fields))


def kinds(ran: Ran) -> list[str]:
    return [event.type for event in ran.events]


def edges_of(ran: Ran) -> list[Part]:
    return [event.data for event in ran.events if event.type == events.EDGE_TAKEN]


def kinds_of(failure: TurnFailed) -> list[str]:
    return [event.type for event in failure.events]
