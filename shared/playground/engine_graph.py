"""A graph made ready to run: nodes and ways by name, and which way to take."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.playground.expressions import parse
from shared.playground.graph import Edge, Graph, Node, Variable, declared, edge_id

#: Characters that a log shows of a text that a condition saw.
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Way:
    """An edge, and what it is called."""

    id: str
    edge: Edge


@dataclass(frozen=True, slots=True)
class RunnableGraph:
    """A graph, looked up instead of searched."""

    graph: Graph
    nodes: Mapping[str, Node]
    variables: Mapping[str, Variable]
    ways: Mapping[tuple[str, bool], tuple[Way, ...]]

    @classmethod
    def of(cls, graph: Graph) -> "RunnableGraph":
        ways: dict[tuple[str, bool], list[Way]] = {}
        for index, edge in enumerate(graph.edges):
            way = Way(edge_id(index, edge), edge)
            ways.setdefault((edge.source, edge.is_failure_path), []).append(way)
        return cls(
            graph=graph,
            nodes={node.id: node for node in graph.nodes},
            variables={variable.name: variable for variable in graph.context_variables},
            # Sorting keeps the order of the list among equal priorities.
            ways={
                end: tuple(sorted(found, key=lambda way: way.edge.priority))
                for end, found in ways.items()
            },
        )

    def variable(self, name: str) -> Variable:
        """Return a variable; one that is not declared is a text."""
        return declared(self.variables, name)

    def choose(
        self, node_id: str, values: Mapping[str, Any], *, failed: bool
    ) -> dict[str, Any] | None:
        """Return the way out of a finished node as the data of its event, or None.

        The first way by priority whose condition holds; of a failed node, among its
        failure paths only. Raises ``ExpressionError``.
        """
        passed_over: list[dict[str, Any]] = []
        for way in self.ways.get((node_id, failed), ()):
            condition = way.edge.condition
            seen = asked(condition, values)
            if condition is None or parse(condition).holds(values):
                return {
                    "edge_id": way.id,
                    "from": node_id,
                    "to": way.edge.target,
                    "because": _because(condition, failed=failed),
                    "condition": condition,
                    "seen": seen,
                    "passed_over": passed_over,
                }
            passed_over.append({"edge_id": way.id, "condition": condition, "seen": seen})
        return None


def asked(condition: str | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a condition sees of the variables: null for those without a value.

    Of a long text, its beginning: a log is read by people.
    """
    if condition is None:
        return {}
    return {name: _cut(values.get(name)) for name in sorted(parse(condition).names)}


def _cut(value: Any) -> Any:
    return f"{value[:_SHOWN]}…" if isinstance(value, str) and len(value) > _SHOWN else value


def _because(condition: str | None, *, failed: bool) -> str:
    reasons = ["the node failed"] if failed else []
    reasons.append("its condition holds" if condition is not None else "it has no condition")
    return " and ".join(reasons)
