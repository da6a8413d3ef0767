"""What the rules ask about a graph, worked out once."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from shared.playground.expressions import Expression, ExpressionError, parse
from shared.playground.graph import AgentNode, ApprovalNode, Graph, HandoffNode, Node, edge_id
from shared.playground.system_variables import SYSTEM_VARIABLES
from shared.playground.validation.assigned import SurelySet
from shared.playground.validation.nearest import Nearest
from shared.playground.validation.parts import (
    Place,
    ToolUse,
    Use,
    Way,
    can_fail,
    placeholders,
    tool_uses,
    uses,
)
from shared.playground.validation.possibilities import Possibilities


class Facts:
    """A graph, looked up instead of searched. References that are broken are left out."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes: dict[str, Node] = {node.id: node for node in graph.nodes}
        self.variables = {variable.name: variable for variable in graph.context_variables}
        self.nearest = Nearest()
        self.possibilities = Possibilities(self.variables, self.can_have_value)

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """All expressions, in the order in which they stand."""
        return tuple(uses(self.graph))

    @cached_property
    def _edges(self) -> dict[tuple[str, bool], list[Way]]:
        found: dict[tuple[str, bool], list[Way]] = defaultdict(list)
        for index, edge in enumerate(self.graph.edges):
            if edge.source in self.nodes and edge.target in self.nodes:
                identifier = edge_id(index, edge)
                way = Way(identifier, edge.source, edge.target, edge, _read(edge.condition))
                found[edge.source, edge.is_failure_path].append(way)
        for ways in found.values():
            ways.sort(key=_priority)
        return found

    def edges(self, node_id: str, *, failing: bool) -> list[Way]:
        """Return the edges out of a node as they are tried, whether or not one can be taken."""
        return self._edges.get((node_id, failing), [])

    @cached_property
    def ways(self) -> dict[str, tuple[Way, ...]]:
        """Where a conversation can go from each node."""
        return {node.id: tuple(self._open_ways(node)) for node in self.graph.nodes}

    def _open_ways(self, node: Node) -> Iterator[Way]:
        if isinstance(node, HandoffNode):
            return
        if isinstance(node, ApprovalNode):
            for target in (node.on_approve, node.on_deny):
                if target in self.nodes:
                    yield Way(None, node.id, target)
            return
        for failing in (False, True) if can_fail(node) else (False,):
            for way in self.edges(node.id, failing=failing):
                yield way
                if way.edge is not None and way.edge.condition is None:
                    break

    @cached_property
    def _surely_set(self) -> SurelySet:
        return SurelySet(self.graph, self.ways)

    @property
    def reachable(self) -> frozenset[str]:
        """Nodes that a conversation can come to."""
        return self._surely_set.nodes

    def set_before(self, node_id: str) -> frozenset[str]:
        """Return the variables that surely have a value when a node is entered."""
        return self._surely_set.at(node_id)

    def ends(self, node: Node) -> bool:
        """Whether a conversation ends when this node succeeds."""
        if isinstance(node, ApprovalNode):
            return False
        return isinstance(node, HandoffNode) or not self.edges(node.id, failing=False)

    def done_when(self, node: AgentNode) -> Expression | None:
        """Return when an agent is done, if it says so and it can be read."""
        return _read(node.done_when)

    @cached_property
    def tool_uses(self) -> tuple[ToolUse, ...]:
        """All calls of tools that nodes can make."""
        return tuple(use for node in self.graph.nodes for use in tool_uses(node))

    @cached_property
    def writers(self) -> dict[str, set[str]]:
        """Variables that nodes can write, and which nodes."""
        found: dict[str, set[str]] = defaultdict(set)
        for node in self.graph.nodes:
            if isinstance(node, AgentNode):
                for name in (*node.required_writes, *node.writes):
                    found[name].add(node.id)
        for use in self.tool_uses:
            for name, _ in use.bindings:
                found[name].add(use.node_id)
        return dict(found)

    def can_have_value(self, name: str) -> bool:
        """Tell whether anything gives this variable a value."""
        variable = self.variables.get(name)
        if variable is not None and variable.source == "system":
            return name in SYSTEM_VARIABLES
        return name in self.writers

    @cached_property
    def placeholders(self) -> dict[str, tuple[str, ...]]:
        """Variables that the texts of a node name, by node."""
        return {node.id: placeholders(node) for node in self.graph.nodes}

    @cached_property
    def reads(self) -> tuple[tuple[str, Place], ...]:
        """Variables that are read, in order, each with where."""
        expressions = [
            (name, use.place)
            for use in self.uses
            if use.expression is not None
            for name in sorted(use.expression.names)
        ]
        texts = [
            (name, Place(node_id, None))
            for node_id, names in self.placeholders.items()
            for name in names
        ]
        return (*expressions, *texts)


def _read(text: str | None) -> Expression | None:
    try:
        return None if text is None else parse(text)
    except ExpressionError:
        return None


def _priority(way: Way) -> int:
    return way.edge.priority if way.edge is not None else 0
