"""Routing rules: finished and failed nodes have an edge to follow, and edges can be taken."""

from collections.abc import Iterator

from shared.playground.expressions.nodes import Node as Condition
from shared.playground.graph import AgentNode, ApprovalNode, HandoffNode, Node
from shared.playground.validation.facts import Facts
from shared.playground.validation.findings import Violation
from shared.playground.validation.parts import Transition, can_fail
from shared.playground.validation.satisfiability import OTHER, Case


def way_out_not_sure(facts: Facts) -> Iterator[Violation]:
    """Check that a finished node with edges can always follow one.

    A conversation then ends only at a handoff or at a node without edges for success.
    """
    for node in facts.graph.nodes:
        case = _find_gap(facts, node, failing=False)
        if case is not None:
            yield Violation(
                f"{node.id!r}: must always have an edge to follow when it is done;"
                f" possibly no condition holds{_example(case)}.",
                "Add an edge without a condition, with the highest priority number.",
                node.id,
                related_edge_ids=_ids(facts.edges(node.id, failing=False)),
            )


def failure_path_not_sure(facts: Facts) -> Iterator[Violation]:
    """Check that a failed node with failure paths can always follow one."""
    for node in facts.graph.nodes:
        if can_fail(node) and (case := _find_gap(facts, node, failing=True)) is not None:
            yield Violation(
                f"{node.id!r}: must always have a failure path to follow, or the turn fails;"
                f" possibly no condition holds{_example(case)}.",
                "Add a failure path without a condition, with the highest priority number.",
                node.id,
                related_edge_ids=_ids(facts.edges(node.id, failing=True)),
            )


def _find_gap(facts: Facts, node: Node, *, failing: bool) -> Case | None:
    """Return a case in which no edge of a node can be followed; None if there is none."""
    edges = facts.edges(node.id, failing=failing)
    if not edges or isinstance(node, HandoffNode | ApprovalNode):
        return None
    conditions: list[Condition] = []
    for edge in edges:
        if edge.condition is None:
            return None
        conditions.append(edge.condition.root)
    given, known = None, facts.set_before(node.id)
    if isinstance(node, AgentNode) and not failing:
        known = known | set(node.required_writes)
        done_when = facts.done_when(node)
        given = done_when.root if done_when else None
    return facts.solver.find_gap(conditions, given, known)


def _example(case: Case) -> str:
    parts = [f"{name} {_describe(value)}" for name, value in case.items()][:3]
    return f", for example when {' and '.join(parts)}" if parts else ""


def _describe(value: object) -> str:
    if value is None:
        return "has no value"
    if isinstance(value, bool):
        return f"is {str(value).lower()}"
    if value == OTHER or (isinstance(value, str) and value.endswith("\x00")):
        return "is another string"
    return f"is {value!r}"


def _ids(edges: list[Transition]) -> tuple[str, ...]:
    return tuple(edge.id for edge in edges if edge.id is not None)


def edge_never_taken(facts: Facts) -> Iterator[Violation]:
    """Check that each edge can be taken."""
    for node in facts.graph.nodes:
        for failing in (False, True):
            edges = facts.edges(node.id, failing=failing)
            reason = _unusable(node, failing=failing)
            if reason is None:
                yield from _shadowed(edges)
                continue
            for edge in edges:
                yield _never_taken(edge, reason)


def _unusable(node: Node, *, failing: bool) -> str | None:
    if isinstance(node, HandoffNode):
        return "the conversation ends at a handoff"
    if isinstance(node, ApprovalNode):
        return "an approval leads to on_approve and on_deny only"
    if failing and not can_fail(node):
        return "a node that requires no variable and calls no tool cannot fail"
    return None


def _shadowed(edges: list[Transition]) -> Iterator[Violation]:
    seen: dict[str | None, Transition] = {}
    for edge in edges:
        text = edge.edge.condition if edge.edge else None
        before = seen.get(None) or seen.get(text)
        if before is not None:
            always = "is always taken" if before is seen.get(None) else "has the same condition"
            yield _never_taken(edge, f"{before.id} precedes it and {always}", before)
        seen.setdefault(text, edge)


def _never_taken(edge: Transition, reason: str, related: Transition | None = None) -> Violation:
    return Violation(
        f"{edge.id}: this edge is never taken: {reason}.",
        "Remove it, or change priorities or conditions.",
        edge_id=edge.id,
        related_edge_ids=_ids([related] if related else []),
    )


def no_failure_path(facts: Facts) -> Iterator[Violation]:
    """Check that each node that can fail has a failure path."""
    for node in facts.graph.nodes:
        if can_fail(node) and not facts.edges(node.id, failing=True):
            cause = "the user does not answer" if isinstance(node, AgentNode) else "a tool fails"
            yield Violation(
                f"{node.id!r}: must have a failure path; the turn fails when {cause}.",
                "Add an edge with is_failure_path to a node where a person can help.",
                node.id,
            )
