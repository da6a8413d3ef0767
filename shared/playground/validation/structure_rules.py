"""Structure rules: ids are unique, references resolve, and nodes have a purpose."""

from collections import Counter
from collections.abc import Iterable, Iterator

from shared.playground.graph import ActionNode, AgentNode, ApprovalNode, edge_id
from shared.playground.validation.facts import Facts
from shared.playground.validation.findings import Violation

_USE_A_NODE = "Use the id of a node of this graph."


def unknown_entry_node(facts: Facts) -> Iterator[Violation]:
    """Check that the entry node exists."""
    entry = facts.graph.entry_node_id
    if entry not in facts.nodes:
        fix = facts.names.suggest(entry, facts.nodes, _USE_A_NODE)
        yield Violation(f"entry_node_id: must name a node, not {entry!r}.", fix)


def duplicate_node_id(facts: Facts) -> Iterator[Violation]:
    """Check that node ids are unique."""
    for node_id in find_repeated(node.id for node in facts.graph.nodes):
        message = f"nodes: ids must be unique, but {node_id!r} is repeated."
        yield Violation(message, "Give each node its own id.", node_id)


def duplicate_step_id(facts: Facts) -> Iterator[Violation]:
    """Check that step ids are unique within their node."""
    for node in facts.graph.nodes:
        for step_id in find_repeated(
            step.id for step in (node.steps if isinstance(node, ActionNode) else ())
        ):
            message = f"steps of {node.id!r}: ids must be unique, but {step_id!r} is repeated."
            yield Violation(message, "Give each step of the node its own id.", node.id)


def edge_to_nowhere(facts: Facts) -> Iterator[Violation]:
    """Check that both ends of each edge exist."""
    for index, edge in enumerate(facts.graph.edges):
        for field, end in (("from", edge.source), ("to", edge.target)):
            if end not in facts.nodes:
                yield Violation(
                    f"edges[{index}].{field}: must name a node, not {end!r}.",
                    facts.names.suggest(end, facts.nodes, _USE_A_NODE),
                    edge_id=edge_id(index, edge),
                )


def approval_target_missing(facts: Facts) -> Iterator[Violation]:
    """Check that both targets of each approval exist."""
    for node in facts.graph.nodes:
        if isinstance(node, ApprovalNode):
            for field, target in (("on_approve", node.on_approve), ("on_deny", node.on_deny)):
                if target not in facts.nodes:
                    yield Violation(
                        f"{field} of {node.id!r}: must name a node, not {target!r}.",
                        facts.names.suggest(target, facts.nodes, _USE_A_NODE),
                        node.id,
                    )


def approval_without_choice(facts: Facts) -> Iterator[Violation]:
    """Check that the targets of each approval differ."""
    for node in facts.graph.nodes:
        if isinstance(node, ApprovalNode) and node.on_approve == node.on_deny:
            yield Violation(
                f"on_deny of {node.id!r}: must differ from on_approve; both are {node.on_deny!r}.",
                "Let on_deny lead to another node.",
                node.id,
                related_node_ids=(node.on_deny,),
            )


def unreachable_node(facts: Facts) -> Iterator[Violation]:
    """Check that each node can be reached; drafts may have loose ends."""
    for node in facts.graph.nodes:
        if node.id not in facts.reachable:
            message = f"{node.id!r}: no conversation can reach this node."
            yield Violation(message, "Add an edge to it, or remove it.", node.id)


def dead_end(facts: Facts) -> Iterator[Violation]:
    """Check that no conversation ends at an agent, which says no closing words."""
    for node in facts.graph.nodes:
        if isinstance(node, AgentNode) and facts.ends(node):
            yield Violation(
                f"{node.id!r}: an agent must not be the end;"
                " the conversation would stop without closing words.",
                "Add an edge to an action that says goodbye, or to a handoff.",
                node.id,
            )


def empty_action(facts: Facts) -> Iterator[Violation]:
    """Check that each action has steps."""
    for node in facts.graph.nodes:
        if isinstance(node, ActionNode) and not node.steps:
            message = f"steps of {node.id!r}: must not be empty; the action has no effect."
            yield Violation(message, "Add a step, or remove the node.", node.id)


def find_repeated(names: Iterable[str]) -> list[str]:
    """Return the names that occur more than once."""
    return [name for name, times in Counter(names).items() if times > 1]
