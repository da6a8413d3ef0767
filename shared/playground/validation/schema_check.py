"""Schema check: limits and models, with a finding for each failure."""

import copy
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shared.core.json import dumps
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
from shared.playground.validation.findings import Finding, Severity

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
#: Unknown fields with a suggested name: a comparison takes about a millisecond, and a graph
#: can have thousands of unknown fields.
_MAX_SUGGESTIONS = 50
#: Characters of a key or an id in a finding; a valid one has at most 128.
_MAX_KEY = 200
_FIXES = {
    "missing": "Add the field.",
    "union_tag_not_found": "Give the node a type: agent, action, handoff or approval.",
    "union_tag_invalid": "Use one of the node types agent, action, handoff and approval.",
    "mock_answer": 'Give the tool either "output" or "error".',
}


def check_limits(raw: dict[str, Any]) -> list[Finding]:
    """Return a finding for each exceeded limit.

    Runs before all other checks, so that a huge graph costs little.
    """
    findings = [
        _limit(f"{name}: must have at most {most} entries, not {len(part)}.")
        for name, most in _COUNTED.items()
        if isinstance(part := raw.get(name), list) and len(part) > most
    ]
    if (size := len(dumps(raw).encode())) > MAX_GRAPH_BYTES:
        findings.append(_limit(f"graph: must have at most {MAX_GRAPH_BYTES} bytes, not {size}."))
    return findings


def parse_graph(raw: dict[str, Any]) -> tuple[Graph | None, list[Finding]]:
    """Parse a graph; None with findings if it does not fit the models.

    An unknown field is ignored with a warning: editors may add fields (positions, colors),
    and typing errors still show.
    """
    try:
        return Graph.model_validate(raw), []
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
    unknown = [error for error in errors if error["type"] == "extra_forbidden"]
    warnings = [
        _unknown_field(raw, error, suggest=index < _MAX_SUGGESTIONS)
        for index, error in enumerate(unknown)
    ]
    if len(unknown) < len(errors):
        wrong = (error for error in errors if error["type"] != "extra_forbidden")
        return None, [_schema_error(raw, error) for error in wrong] + warnings
    return Graph.model_validate(_without(raw, unknown)), warnings


def _limit(message: str) -> Finding:
    return Finding(
        rule_id="limit_exceeded",
        category="limits",
        severity=Severity.ERROR,
        message=message,
        suggested_fix="Divide the workflow into several smaller ones.",
    )


def _schema_error(raw: dict[str, Any], error: ErrorDetails) -> Finding:
    message = error["msg"].removeprefix("Value error, ")
    fix = _FIXES.get(error["type"], "Correct the value.")
    return _finding("schema", Severity.ERROR, raw, _path(raw, error["loc"]), message, fix)


def _unknown_field(raw: dict[str, Any], error: ErrorDetails, *, suggest: bool) -> Finding:
    path = _path(raw, error["loc"])
    similar = get_close_matches(str(path[-1])[:64], _FIELDS, n=1) if suggest else []
    fix = f"Did you mean {similar[0]}?" if similar else "Remove the field."
    message = "must be a field of graphs; it is ignored"
    return _finding("unknown_field", Severity.WARNING, raw, path, message, fix)


def _finding(
    rule_id: str, severity: Severity, raw: dict[str, Any], path: Path, message: str, fix: str
) -> Finding:
    return Finding(
        f"{_format_path(path)}: {message}",
        fix,
        *_place(raw, path),
        rule_id=rule_id,
        category="schema",
        severity=severity,
    )


def _path(raw: Any, location: tuple[str | int, ...]) -> Path:
    """Return the path of an error in the client's graph.

    Pydantic's location includes the union variants that it tried: steps that are not in the
    graph are skipped, except the last, which may be a missing field.
    """
    path: Path = []
    here = raw
    for position, step in enumerate(location, 1):
        if _has_step(here, step):
            here = here[step]
        elif position < len(location) or not isinstance(here, dict):
            continue
        path.append(step)
    return path


def _has_step(part: Any, step: str | int) -> bool:
    if isinstance(part, dict):
        return step in part
    return isinstance(part, list) and isinstance(step, int) and step < len(part)


def _format_path(path: Path) -> str:
    """Format a path as in ``nodes[2].instructions``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{_shorten(step)}" for step in path)
    return text.removeprefix(".") or "graph"


def _place(raw: dict[str, Any], path: Path) -> tuple[str | None, str | None]:
    """Return the node id or the edge id of a path, if it leads into one."""
    match path:
        case ["nodes" | "edges" as parts, int(index), *_]:
            part = raw[parts][index]
            if parts == "edges" and isinstance(part, dict):
                return None, f"{index}:{_shorten(part.get('from'))}->{_shorten(part.get('to'))}"
            if isinstance(part, dict) and isinstance(part.get("id"), str):
                return _shorten(part["id"]), None
    return None, None


def _shorten(value: Any) -> str:
    """Return the beginning of a key or an id, which may fill the graph's 256 KB."""
    return "…" if isinstance(value, dict | list) else str(value)[:_MAX_KEY]


def _without(raw: dict[str, Any], unknown: list[ErrorDetails]) -> dict[str, Any]:
    graph = copy.deepcopy(raw)
    for error in unknown:
        *path, last = _path(raw, error["loc"])
        part: Any = graph
        for step in path:
            part = part[step]
        del part[last]
    return graph
