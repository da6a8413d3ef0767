"""Builders for graphs, node by node, and views of a turn's events."""

from typing import Any

from shared.playground.engine import events
from shared.playground.engine.engine import TurnResult
from shared.playground.graph import Graph
from tests.support.walks import Conversation

type Part = dict[str, Any]


def agent(node_id: str, *writes: str, **fields: Any) -> Part:
    head = {"id": node_id, "type": "agent", "instructions": "Ask."}
    return head | {"required_writes": list(writes), **fields}


def action(node_id: str, *steps: Part, **fields: Any) -> Part:
    head = {"id": node_id, "type": "action", "failure_message": "Sorry."}
    return head | {"steps": list(steps), **fields}


def says(node_id: str, text: str) -> Part:
    return action(node_id, {"id": "say", "kind": "speak", "text": text})


def calls(node_id: str, tool: str, **fields: Any) -> Part:
    return action(node_id, {"id": "call", "kind": "tool_call", "tool": tool, **fields})


def handoff(node_id: str, text: str) -> Part:
    return {"id": node_id, "type": "handoff", "static_text": text}


def approval(node_id: str, **fields: Any) -> Part:
    return {
        "id": node_id, "type": "approval", "approver_role": "lead", "suspend_message": "Wait.",
        "on_approve": "yes", "on_deny": "no", **fields,
    }  # fmt: skip


def edge(source: str, target: str, **fields: Any) -> Part:
    return {"from": source, "to": target, **fields}


def failure_path(source: str, target: str, **fields: Any) -> Part:
    return edge(source, target, is_failure_path=True, **fields)


def variable(name: str, kind: str = "string", **fields: Any) -> Part:
    return {"name": name, "type": kind, "description": f"the {name}"} | fields


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


def conversation(*arguments: Any, **fields: Any) -> Conversation:
    return Conversation.on(graph(*arguments, **fields))


def data_of(result: TurnResult, kind: str) -> list[Part]:
    """Return the data of a turn's events of one type."""
    return [event.data for event in result.events if event.type == kind]


def signals_of(result: TurnResult) -> list[str]:
    return [data["signal"] for data in data_of(result, events.SIGNAL)]
