"""Parts of a graph, as rules look at them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from shared.playground.expressions import Expression, ExpressionError, parse
from shared.playground.graph import (
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

_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")


class Place(NamedTuple):
    """A node or an edge."""

    node_id: str | None
    edge_id: str | None


class Use(NamedTuple):
    """An expression where it stands; ``expression`` is None if ``error`` says why.

    ``decides`` is true for conditions, and false for the inputs of tools.
    """

    where: str
    text: str
    place: Place
    decides: bool
    expression: Expression | None
    error: ExpressionError | None


class Way(NamedTuple):
    """A way from a node to the next: an edge, or a decision of an approval (no ``edge``)."""

    id: str | None
    source: str
    target: str
    edge: Edge | None = None
    condition: Expression | None = None

    @property
    def fails(self) -> bool:
        return self.edge is not None and self.edge.is_failure_path


class ToolUse(NamedTuple):
    """A tool where a node calls it, and all that is bound of its output."""

    node_id: str
    slug: str
    bindings: tuple[tuple[str, str], ...]


def can_fail(node: Node) -> bool:
    """Whether a node can take a failure path: agents may ask in vain, tools may err."""
    match node:
        case ActionNode():
            return any(step.kind != "speak" for step in node.steps)
        case AgentNode():
            return bool(node.required_writes) or node.done_when is not None
    return False


def tool_uses(node: Node) -> Iterator[ToolUse]:
    """Yield the calls of tools that a node can make."""
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
    """Return the variables that the texts of a node name."""
    texts = " ".join(_texts(node))
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(texts))) if "{{" in texts else ()


def _texts(node: Node) -> list[str]:
    match node:
        case ActionNode():
            return [node.failure_message, *(step.text or "" for step in node.steps)]
        case HandoffNode():
            return [node.static_text]
        case ApprovalNode():
            return [node.suspend_message]
    return []


def uses(graph: Graph) -> Iterator[Use]:
    """Yield all expressions of a graph, in the order in which they stand."""
    for node in graph.nodes:
        match node:
            case AgentNode(done_when=str(text)):
                yield _use(f"done_when of {node.id!r}", text, node_id=node.id)
            case ApprovalNode(condition=str(text)):
                yield _use(f"condition of {node.id!r}", text, node_id=node.id)
            case ActionNode():
                for step in node.steps:
                    for name, text in step.input.items():
                        where = f"{step.id}.input.{name} of {node.id!r}"
                        yield _use(where, text, node_id=node.id, decides=False)
    for index, edge in enumerate(graph.edges):
        if edge.condition is not None:
            place = edge_id(index, edge)
            yield _use(f"edges[{index}].condition", edge.condition, edge_id=place)


def _use(
    where: str,
    text: str,
    *,
    node_id: str | None = None,
    edge_id: str | None = None,
    decides: bool = True,
) -> Use:
    place = Place(node_id, edge_id)
    try:
        return Use(where, text, place, decides, parse(text), None)
    except ExpressionError as error:
        return Use(where, text, place, decides, None, error)
