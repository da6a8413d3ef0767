"""Facts about a graph that the rules use, each computed once."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from shared.playground.engine.system_variables import SYSTEM_VARIABLES
from shared.playground.expressions import Expression, ExpressionError, parse
from shared.playground.graph import AgentNode, ApprovalNode, Graph, HandoffNode, Node, edge_id
from shared.playground.validation.definite_assignment import DefiniteAssignment
from shared.playground.validation.parts import (
    ExpressionUse,
    ToolUse,
    Transition,
    can_fail,
    expression_uses,
    placeholders,
    tool_uses,
)
from shared.playground.validation.satisfiability import ConditionSolver
from shared.playground.validation.suggestions import NameSuggester


class Facts:
    """Index of a graph; broken references are left out."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes: dict[str, Node] = {node.id: node for node in graph.nodes}
        self.variables = {variable.name: variable for variable in graph.context_variables}
        self.names = NameSuggester()
        self.solver = ConditionSolver(self.variables, self.can_have_value)

    def suggest_variable(self, name: str) -> str:
        """Return a fix for an undeclared variable."""
        return self.names.suggest(name, self.variables, "Declare it in context_variables.")

    @cached_property
    def uses(self) -> tuple[ExpressionUse, ...]:
        """All expressions, in order."""
        return tuple(expression_uses(self.graph))

    @cached_property
    def _edges(self) -> dict[tuple[str, bool], list[Transition]]:
        found: dict[tuple[str, bool], list[Transition]] = defaultdict(list)
        # The sort is stable: equal priorities keep the order of the list.
        for index, edge in sorted(enumerate(self.graph.edges), key=lambda pair: pair[1].priority):
            if edge.source in self.nodes and edge.target in self.nodes:
                identifier, condition = edge_id(index, edge), _try_parse(edge.condition)
                transition = Transition(identifier, edge.source, edge.target, edge, condition)
                found[edge.source, edge.is_failure_path].append(transition)
        return found

    def edges(self, node_id: str, *, failing: bool) -> list[Transition]:
        """Return the edges of a node in the order they are tried, including unreachable ones."""
        return self._edges.get((node_id, failing), [])

    @cached_property
    def transitions(self) -> dict[str, tuple[Transition, ...]]:
        """Possible transitions from each node."""
        return {node.id: tuple(self._possible_transitions(node)) for node in self.graph.nodes}

    def _possible_transitions(self, node: Node) -> Iterator[Transition]:
        if isinstance(node, HandoffNode):
            return
        if isinstance(node, ApprovalNode):
            for target in (node.on_approve, node.on_deny):
                if target in self.nodes:
                    yield Transition(None, node.id, target)
            return
        for failing in (False, True) if can_fail(node) else (False,):
            for transition in self.edges(node.id, failing=failing):
                yield transition
                if transition.edge is not None and transition.edge.condition is None:
                    break

    @cached_property
    def _assignment(self) -> DefiniteAssignment:
        return DefiniteAssignment(self.graph, self.transitions)

    @property
    def reachable(self) -> frozenset[str]:
        """Nodes that a conversation can reach."""
        return self._assignment.nodes

    def set_before(self, node_id: str) -> frozenset[str]:
        """Return the variables that always have a value when a node is entered."""
        return self._assignment.at(node_id)

    def ends(self, node: Node) -> bool:
        """Return True if the conversation ends when this node succeeds."""
        if isinstance(node, ApprovalNode):
            return False
        return isinstance(node, HandoffNode) or not self.edges(node.id, failing=False)

    def done_when(self, node: AgentNode) -> Expression | None:
        """Return an agent's ``done_when``; None if absent or invalid."""
        return _try_parse(node.done_when)

    @cached_property
    def tool_uses(self) -> tuple[ToolUse, ...]:
        """All tool calls of nodes."""
        return tuple(use for node in self.graph.nodes for use in tool_uses(node))

    @cached_property
    def writers(self) -> dict[str, set[str]]:
        """Nodes that can write a variable, by variable."""
        found: dict[str, set[str]] = defaultdict(set)
        for node in self.graph.nodes:
            for name in node.writable if isinstance(node, AgentNode) else ():
                found[name].add(node.id)
        for use in self.tool_uses:
            for name, _ in use.bindings:
                found[name].add(use.node_id)
        return dict(found)

    def can_have_value(self, name: str) -> bool:
        """Return True if the service or a node sets this variable."""
        variable = self.variables.get(name)
        if variable is not None and variable.source == "system":
            return name in SYSTEM_VARIABLES
        return name in self.writers

    @cached_property
    def placeholders(self) -> dict[str, tuple[str, ...]]:
        """Variables in the placeholders of a node's texts, by node."""
        return {node.id: placeholders(node) for node in self.graph.nodes}

    @cached_property
    def reads(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Reads of variables, in order: name, node id and edge id."""
        expressions = [
            (name, use.node_id, use.edge_id)
            for use in self.uses
            if use.expression is not None
            for name in sorted(use.expression.names)
        ]
        texts = [
            (name, node_id, None) for node_id, names in self.placeholders.items() for name in names
        ]
        return (*expressions, *texts)


def _try_parse(text: str | None) -> Expression | None:
    try:
        return None if text is None else parse(text)
    except ExpressionError:
        return None
