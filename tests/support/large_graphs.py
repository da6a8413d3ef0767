"""Valid graphs of the maximum size."""

from typing import Any

from shared.playground.graph import MAX_EDGES, MAX_NODES, MAX_VARIABLES
from tests.support.node_graphs import Part, agent, edge, handoff, variable


def largest() -> Part:
    """Return a valid graph of the maximum size, with three conditions per node."""
    graph = _skeleton()
    for i in range(MAX_NODES - 1):
        kind, name, other = i % 5, f"v{i}", f"v{i * 7 % MAX_VARIABLES}"
        for j in range(3):
            condition = (
                f'{name} == "x{j}" and not missing({other})',
                f"{name} > {j * 3 + i}",
                f"{name} <= {j}.5 or missing({other})",
                f"{name} and {name} != {'true' if j else 'false'}",
                f'{name} == "{"abcd"[j]}"',
            )[kind]
            graph["edges"].append(_edge(i, i + 1 + j, condition=condition, priority=j))
        graph["edges"].append(_edge(i, i + 1, priority=9))
        graph["edges"].append(_edge(i, MAX_NODES, is_failure_path=True))
    _fill_up(graph)
    return graph


def hardest() -> Part:
    """Return a valid graph of the maximum size without unconditional edges."""
    graph = _skeleton()
    for i in range(MAX_NODES - 1):
        name, other = f"v{i}", f"v{i * 7 % MAX_VARIABLES}"
        condition = (
            f'{name} == "x" and missing({other})',
            f"{name} > {i}",
            f"{name} <= 0.5 or missing({other})",
            f"{name} and missing({other})",
            f'{name} in ["a", "b"] and len({other}) > {i}',
        )[i % 5]
        graph["edges"].append(_edge(i, i + 1, condition=condition))
        graph["edges"].append(_edge(i, i + 2, condition=f"not ({condition})", priority=1))
        graph["edges"].append(_edge(i, MAX_NODES, condition=condition, is_failure_path=True))
        opposite = {"condition": f"not ({condition})", "is_failure_path": True}
        graph["edges"].append(_edge(i, i + 3, **opposite))
    _fill_up(graph)
    return graph


def _skeleton() -> Part:
    kinds = ["string", "int", "float", "bool", "enum"]
    variables = [variable(f"v{i}", kinds[i % 5]) for i in range(MAX_VARIABLES)]
    for enum in variables[4::5]:
        enum["enum_values"] = ["a", "b", "c", "d"]
    agents = [agent(f"n{i}", f"v{i}") for i in range(MAX_NODES - 1)]
    last = handoff(f"n{MAX_NODES - 1}", "A colleague goes on.")
    return {
        "name": "Largest",
        "entry_node_id": "n0",
        "context_variables": variables,
        "nodes": [*agents, last],
        "edges": [],
    }


def _edge(source: int, target: int, **fields: Any) -> Part:
    return edge(f"n{source}", f"n{min(target, MAX_NODES - 1)}", **fields)


def _fill_up(graph: Part) -> None:
    """Add conditional edges up to the limit."""
    for extra in range(MAX_EDGES - len(graph["edges"])):
        source = extra % (MAX_NODES - 1)
        condition = f"missing(v{(extra * 3) % MAX_VARIABLES})"
        graph["edges"].append(_edge(source, source + 1, condition=condition, priority=-1))
