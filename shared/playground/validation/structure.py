"""Rules about nodes and edges: names that are there once, and lead somewhere."""

from collections import Counter
from collections.abc import Iterable, Iterator

from shared.playground.findings import Finding, Severity
from shared.playground.graph import ActionNode, AgentNode, ApprovalNode, edge_id
from shared.playground.validation.facts import Facts


def unknown_entry_node(facts: Facts) -> Iterator[Finding]:
    """The conversation has to begin at a node that exists."""
    entry = facts.graph.entry_node_id
    if entry not in facts.nodes:
        yield Finding(
            rule_id="unknown_entry_node",
            category="structure",
            message=f"entry_node_id names no node: {entry!r}.",
            suggested_fix=facts.nearest.fix(entry, facts.nodes, "Name a node of this graph."),
        )


def duplicate_node_id(facts: Facts) -> Iterator[Finding]:
    """A node is found by its id, so no two may share one."""
    for identifier in repeated(node.id for node in facts.graph.nodes):
        yield Finding(
            rule_id="duplicate_id",
            category="structure",
            message=f"More than one node has the id {identifier!r}.",
            node_id=identifier,
            suggested_fix="Give each node an id of its own.",
        )


def duplicate_step_id(facts: Facts) -> Iterator[Finding]:
    """A step is found by its id within its node."""
    for node in facts.graph.nodes:
        if isinstance(node, ActionNode):
            for identifier in repeated(step.id for step in node.steps):
                yield Finding(
                    rule_id="duplicate_id",
                    category="structure",
                    message=f"More than one step of {node.id!r} has the id {identifier!r}.",
                    node_id=node.id,
                    suggested_fix="Give each step of a node an id of its own.",
                )


def edge_to_nowhere(facts: Facts) -> Iterator[Finding]:
    """An edge leads from a node that exists to a node that exists."""
    for index, edge in enumerate(facts.graph.edges):
        for word, end in (("from", edge.source), ("to", edge.target)):
            if end not in facts.nodes:
                yield Finding(
                    rule_id="edge_to_nowhere",
                    category="structure",
                    message=f"edges[{index}].{word} names no node: {end!r}.",
                    edge_id=edge_id(index, edge),
                    suggested_fix=facts.nearest.fix(end, facts.nodes, "Name a node of this graph."),
                )


def approval_target_missing(facts: Facts) -> Iterator[Finding]:
    """Both decisions over an approval lead to a node that exists."""
    for node in facts.graph.nodes:
        if isinstance(node, ApprovalNode):
            for word, target in (("on_approve", node.on_approve), ("on_deny", node.on_deny)):
                if target not in facts.nodes:
                    yield Finding(
                        rule_id="approval_target_missing",
                        category="structure",
                        message=f"{word} of {node.id!r} names no node: {target!r}.",
                        node_id=node.id,
                        suggested_fix=facts.nearest.fix(
                            target, facts.nodes, "Name a node of this graph."
                        ),
                    )


def approval_without_choice(facts: Facts) -> Iterator[Finding]:
    """An approval decides something."""
    for node in facts.graph.nodes:
        if isinstance(node, ApprovalNode) and node.on_approve == node.on_deny:
            yield Finding(
                rule_id="approval_without_choice",
                category="structure",
                severity=Severity.WARNING,
                message=f"Both decisions over {node.id!r} lead to {node.on_deny!r}.",
                node_id=node.id,
                related_node_ids=(node.on_deny,),
                suggested_fix="Let on_deny lead elsewhere.",
            )


def unreachable_node(facts: Facts) -> Iterator[Finding]:
    """Every node can be come to. A draft may have loose ends, so it is only a warning."""
    for node in facts.graph.nodes:
        if node.id not in facts.reachable:
            yield Finding(
                rule_id="unreachable_node",
                category="structure",
                severity=Severity.WARNING,
                message=f"No conversation can come to {node.id!r}.",
                node_id=node.id,
                suggested_fix="Lead an edge to it, or remove it.",
            )


def dead_end(facts: Facts) -> Iterator[Finding]:
    """A conversation ends at a hand-off or with an action, and not when an agent is done.

    An agent that has found out what it wanted says no closing word.
    """
    for node in facts.graph.nodes:
        if isinstance(node, AgentNode) and facts.ends(node):
            yield Finding(
                rule_id="dead_end",
                category="structure",
                severity=Severity.WARNING,
                message=f"No edge leads on when {node.id!r} is done, and it is no end:"
                " the conversation stops without a closing word.",
                node_id=node.id,
                suggested_fix="Lead an edge to an action that says goodbye, or to a hand-off.",
            )


def empty_action(facts: Facts) -> Iterator[Finding]:
    """An action does something."""
    for node in facts.graph.nodes:
        if isinstance(node, ActionNode) and not node.steps:
            yield Finding(
                rule_id="empty_action",
                category="structure",
                severity=Severity.SUGGESTION,
                message=f"The action {node.id!r} has no steps: it says and does nothing.",
                node_id=node.id,
                suggested_fix="Give it a step, or lead its edges past it.",
            )


def repeated(names: Iterable[str]) -> list[str]:
    """Return the names that are there more than once."""
    return [name for name, times in Counter(names).items() if times > 1]
