"""From what a client sent to a graph: limits, then the models, each failure a finding."""

import copy
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shared.core.json import dumps
from shared.playground.findings import Finding, Severity
from shared.playground.graph import (
    MAX_EDGES,
    MAX_GRAPH_BYTES,
    MAX_NODES,
    MAX_VARIABLES,
    AgentNode,
    ApprovalNode,
    Edge,
    Graph,
    HandoffNode,
    Step,
    ToolRef,
    Variable,
)

type Path = list[str | int]

_COUNTED = {"nodes": MAX_NODES, "edges": MAX_EDGES, "context_variables": MAX_VARIABLES}
_FIELDS = sorted(
    {
        field.alias or name
        for part in (Graph, Variable, AgentNode, HandoffNode, ApprovalNode, Edge, Step, ToolRef)
        for name, field in part.model_fields.items()
    }
    | {"steps", "failure_message", "description", "delay_ms", "output", "error"}
)
#: Unknown fields that are compared with the known ones; a comparison takes about a
#: millisecond, and a graph has room for thousands of unknown fields.
_HELPED = 50
_FIXES = {
    "missing": "Add the field.",
    "union_tag_not_found": "Give the node a type: agent, action, handoff or approval.",
    "union_tag_invalid": "Use one of the node types agent, action, handoff and approval.",
    "mock_answer": 'Give the tool either "output" or "error".',
}


def over_limits(raw: dict[str, Any]) -> list[Finding]:
    """Return a finding for each limit that the graph is over.

    Asked before anything else looks at the graph, so that a huge one costs little.
    """
    findings = [
        _limit(f"The graph has {len(part)} {name}; the limit is {most}.")
        for name, most in _COUNTED.items()
        if isinstance(part := raw.get(name), list) and len(part) > most
    ]
    if (size := len(dumps(raw).encode())) > MAX_GRAPH_BYTES:
        findings.append(_limit(f"The graph has {size} bytes; the limit is {MAX_GRAPH_BYTES}."))
    return findings


def parse(raw: dict[str, Any]) -> tuple[Graph | None, list[Finding]]:
    """Read a graph; without one, the findings tell why.

    A field that no part of a graph has is left out with a warning, so that what editors
    keep beside the graph (positions, colours) does no harm, and a slip of the pen shows.
    """
    try:
        return Graph.model_validate(raw), []
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
    unknown = [error for error in errors if error["type"] == "extra_forbidden"]
    warnings = [
        _unknown_field(raw, error, helpful=position < _HELPED)
        for position, error in enumerate(unknown)
    ]
    if len(unknown) < len(errors):
        wrong = (error for error in errors if error["type"] != "extra_forbidden")
        return None, [_schema_error(raw, error) for error in wrong] + warnings
    return Graph.model_validate(_without(raw, unknown)), warnings


def _limit(message: str) -> Finding:
    return Finding(
        rule_id="limit_exceeded",
        category="limits",
        message=message,
        suggested_fix="Divide the workflow into several smaller ones.",
    )


def _schema_error(raw: dict[str, Any], error: ErrorDetails) -> Finding:
    path = _path(raw, error["loc"])
    return Finding(
        rule_id="schema",
        category="schema",
        message=f"{_written(path)}: {error['msg'].removeprefix('Value error, ')}",
        node_id=_node_id(raw, path),
        edge_id=_edge_id(raw, path),
        suggested_fix=_FIXES.get(error["type"], "Correct the value."),
    )


def _unknown_field(raw: dict[str, Any], error: ErrorDetails, *, helpful: bool) -> Finding:
    path = _path(raw, error["loc"])
    similar = get_close_matches(str(path[-1])[:64], _FIELDS, n=1) if helpful else []
    return Finding(
        rule_id="unknown_field",
        category="schema",
        severity=Severity.WARNING,
        message=f"{_written(path)}: no such field; it is left out",
        node_id=_node_id(raw, path),
        edge_id=_edge_id(raw, path),
        suggested_fix=f"Did you mean {similar[0]}?" if similar else "Remove the field.",
    )


def _path(raw: Any, location: tuple[str | int, ...]) -> Path:
    """Return where in the client's own graph an error is.

    Pydantic's location also names the variants of a union that it tried: steps that the
    graph does not have are passed over, except the last, which may be a missing field.
    """
    path: Path = []
    here = raw
    for position, step in enumerate(location, 1):
        if _leads_on(here, step):
            here = here[step]
        elif position < len(location) or not isinstance(here, dict):
            continue
        path.append(step)
    return path


def _leads_on(part: Any, step: str | int) -> bool:
    if isinstance(part, dict):
        return step in part
    return isinstance(part, list) and isinstance(step, int) and step < len(part)


def _written(path: Path) -> str:
    """Write a path as in ``nodes[2].instructions``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".") or "graph"


def _node_id(raw: dict[str, Any], path: Path) -> str | None:
    match path:
        case ["nodes", int(index), *_]:
            node = raw["nodes"][index]
            found = node.get("id") if isinstance(node, dict) else None
            return found if isinstance(found, str) else None
    return None


def _edge_id(raw: dict[str, Any], path: Path) -> str | None:
    match path:
        case ["edges", int(index), *_]:
            edge = raw["edges"][index]
            if isinstance(edge, dict):
                return f"{index}:{edge.get('from')}->{edge.get('to')}"
    return None


def _without(raw: dict[str, Any], unknown: list[ErrorDetails]) -> dict[str, Any]:
    kept = copy.deepcopy(raw)
    for error in unknown:
        *way, last = _path(raw, error["loc"])
        part: Any = kept
        for step in way:
            part = part[step]
        del part[last]
    return kept
