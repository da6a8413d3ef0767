"""Runnable graph: a graph indexed for the engine, and the choice of the next edge."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.playground.expressions import parse
from shared.playground.graph import Edge, Graph, Node, Variable, edge_id, get_variable

#: Characters of a string value that an edge's event shows.
_MAX_SHOWN = 200


@dataclass(frozen=True, slots=True)
class RunnableGraph:
    """Index of a graph: nodes and variables by name, edges by source and kind.

    ``edges`` maps (source, is failure path) to pairs of id and edge, in the order in which
    they are tried.
    """

    graph: Graph
    nodes: Mapping[str, Node]
    variables: Mapping[str, Variable]
    edges: Mapping[tuple[str, bool], list[tuple[str, Edge]]]

    @classmethod
    def of(cls, graph: Graph) -> "RunnableGraph":
        edges: dict[tuple[str, bool], list[tuple[str, Edge]]] = {}
        # The sort is stable: equal priorities keep the order of the list.
        for index, edge in sorted(enumerate(graph.edges), key=lambda pair: pair[1].priority):
            found = edges.setdefault((edge.source, edge.is_failure_path), [])
            found.append((edge_id(index, edge), edge))
        return cls(
            graph=graph,
            nodes={node.id: node for node in graph.nodes},
            variables={variable.name: variable for variable in graph.context_variables},
            edges=edges,
        )

    def variable(self, name: str) -> Variable:
        """Return a variable; an undeclared one is a string."""
        return get_variable(self.variables, name)

    def choose_edge(
        self, node_id: str, values: Mapping[str, Any], *, failed: bool
    ) -> dict[str, Any] | None:
        """Return the data of the ``edge.taken`` event for a finished node, or None.

        The chosen edge is the first by priority whose condition holds; for a failed node,
        among its failure paths only. Raises ``ExpressionError``.
        """
        passed_over: list[dict[str, Any]] = []
        for identifier, edge in self.edges.get((node_id, failed), ()):
            condition = edge.condition
            seen = condition_values(condition, values)
            if condition is None or parse(condition).holds(values):
                because = "it has no condition" if condition is None else "its condition holds"
                return {
                    "edge_id": identifier,
                    "from": node_id,
                    "to": edge.target,
                    "because": f"the node failed and {because}" if failed else because,
                    "condition": condition,
                    "seen": seen,
                    "passed_over": passed_over,
                }
            passed_over.append({"edge_id": identifier, "condition": condition, "seen": seen})
        return None


def condition_values(condition: str | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that a condition reads: null for unset variables.

    Long strings are shortened: people read the log.
    """
    if condition is None:
        return {}
    return {name: _shorten(values.get(name)) for name in sorted(parse(condition).names)}


def _shorten(value: Any) -> Any:
    is_long = isinstance(value, str) and len(value) > _MAX_SHOWN
    return f"{value[:_MAX_SHOWN]}…" if is_long else value
