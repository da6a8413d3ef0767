"""Graph parts as the rules use them: expressions, transitions, tool calls, placeholders."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from shared.playground.expressions import Expression, ExpressionError, parse
from shared.playground.graph import (
    PLACEHOLDER,
    ActionNode,
    AgentNode,
    ApprovalNode,
    Edge,
    Graph,
    HandoffNode,
    Node,
    ToolRef,
    edge_id,
)

type ExpressionKind = Literal["condition", "done_when", "input"]


class ExpressionUse(NamedTuple):
    """Expression of a node or edge; it is either parsed or has an ``error``."""

    kind: ExpressionKind
    field: str
    text: str
    expression: Expression | None
    error: ExpressionError | None
    node_id: str | None = None
    edge_id: str | None = None


class Transition(NamedTuple):
    """Transition to a next node: an edge, or the outcome of an approval (no ``edge``)."""

    id: str | None
    source: str
    target: str
    edge: Edge | None = None
    condition: Expression | None = None

    @property
    def fails(self) -> bool:
        return self.edge is not None and self.edge.is_failure_path


class ToolUse(NamedTuple):
    """Tool call of a node, and the variables (with paths) bound to its output."""

    node_id: str
    slug: str
    bindings: tuple[tuple[str, str], ...]


def can_fail(node: Node) -> bool:
    """Return True if a node can take a failure path: reask caps and tool errors."""
    match node:
        case ActionNode():
            return any(step.kind != "speak" for step in node.steps)
        case AgentNode():
            return bool(node.required_writes) or node.done_when is not None
    return False


def tool_uses(node: Node) -> Iterator[ToolUse]:
    """Yield the tool calls of a node."""
    if isinstance(node, AgentNode):
        for tool in node.tools:
            yield ToolUse(node.id, tool.slug, tuple(tool.output_bindings.items()))
    if isinstance(node, ActionNode):
        for step in node.steps:
            if step.tool_slug is not None and step.kind != "speak":
                own = step.tool.output_bindings if isinstance(step.tool, ToolRef) else {}
                bindings = (*own.items(), *step.output_bindings.items())
                yield ToolUse(node.id, step.tool_slug, bindings)


def placeholders(node: Node) -> tuple[str, ...]:
    """Return the variables in the placeholders of a node's texts."""
    texts: list[str] = []
    match node:
        case ActionNode():
            texts = [node.failure_message, *(step.text or "" for step in node.steps)]
        case HandoffNode():
            texts = [node.static_text]
        case ApprovalNode():
            texts = [node.suspend_message]
    text = " ".join(texts)
    return tuple(dict.fromkeys(PLACEHOLDER.findall(text))) if "{{" in text else ()


def expression_uses(graph: Graph) -> Iterator[ExpressionUse]:
    """Yield all expressions of a graph, in order."""
    for node in graph.nodes:
        match node:
            case AgentNode(done_when=str(text)):
                yield _use("done_when", f"done_when of {node.id!r}", text, node_id=node.id)
            case ApprovalNode(condition=str(text)):
                yield _use("condition", f"condition of {node.id!r}", text, node_id=node.id)
            case ActionNode():
                for step in node.steps:
                    for name, text in step.input.items():
                        field = f"{step.id}.input.{name} of {node.id!r}"
                        yield _use("input", field, text, node_id=node.id)
    for index, edge in enumerate(graph.edges):
        if (condition := edge.condition) is not None:
            field, identifier = f"edges[{index}].condition", edge_id(index, edge)
            yield _use("condition", field, condition, edge_id=identifier)


def _use(kind: ExpressionKind, field: str, text: str, **place: str) -> ExpressionUse:
    try:
        return ExpressionUse(kind, field, text, parse(text), None, **place)
    except ExpressionError as error:
        return ExpressionUse(kind, field, text, None, error, **place)
