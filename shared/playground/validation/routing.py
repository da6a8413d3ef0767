"""Rules about the ways out of a node: one is always open, and each can be taken."""

from collections.abc import Iterator

from shared.playground.expressions.nodes import Node as Condition
from shared.playground.findings import Finding, Severity
from shared.playground.graph import AgentNode, ApprovalNode, HandoffNode, Node
from shared.playground.validation.facts import Facts
from shared.playground.validation.parts import Way, can_fail
from shared.playground.validation.possibilities import OTHER, Case


def way_out_not_sure(facts: Facts) -> Iterator[Finding]:
    """When a node that leads on is done, one of its edges can be taken.

    So a conversation never stops in its middle: it ends at a hand-off, or at a node
    without edges for success.
    """
    for node in facts.graph.nodes:
        case = _gap(facts, node, failing=False)
        if case is not None:
            yield Finding(
                rule_id="way_out_not_sure",
                category="routing",
                message=f"When {node.id!r} is done, it may be that no condition of its edges"
                f" holds{_example(case)}: then there is no way on.",
                node_id=node.id,
                related_edge_ids=_ids(facts.edges(node.id, failing=False)),
                suggested_fix="Add an edge without a condition, with the highest priority number.",
            )


def failure_path_not_sure(facts: Facts) -> Iterator[Finding]:
    """When a node with failure paths fails, one of them can be taken."""
    for node in facts.graph.nodes:
        if can_fail(node) and (case := _gap(facts, node, failing=True)) is not None:
            yield Finding(
                rule_id="failure_path_not_sure",
                category="routing",
                severity=Severity.WARNING,
                message=f"When {node.id!r} fails, it may be that no condition of its failure"
                f" paths holds{_example(case)}: then the turn fails.",
                node_id=node.id,
                related_edge_ids=_ids(facts.edges(node.id, failing=True)),
                suggested_fix="Add a failure path without a condition, with the highest priority"
                " number.",
            )


def _gap(facts: Facts, node: Node, *, failing: bool) -> Case | None:
    """Return a case in which a node's edges leave no way; None if it surely has one."""
    ways = facts.edges(node.id, failing=failing)
    if not ways or isinstance(node, HandoffNode | ApprovalNode):
        return None
    conditions: list[Condition] = []
    for way in ways:
        if way.condition is None:
            return None
        conditions.append(way.condition.root)
    given, known = None, facts.set_before(node.id)
    if isinstance(node, AgentNode) and not failing:
        known = known | set(node.required_writes)
        done_when = facts.done_when(node)
        given = done_when.root if done_when else None
    return facts.possibilities.gap(conditions, given, known)


def _example(case: Case) -> str:
    parts = [f"{name} {_is(value)}" for name, value in case.items()][:3]
    return f", for example when {' and '.join(parts)}" if parts else ""


def _is(value: object) -> str:
    if value is None:
        return "has no value"
    if isinstance(value, bool):
        return f"is {str(value).lower()}"
    if value == OTHER or (isinstance(value, str) and value.endswith("\x00")):
        return "is another text"
    return f"is {value!r}"


def _ids(ways: list[Way]) -> tuple[str, ...]:
    return tuple(way.id for way in ways if way.id is not None)


def edge_never_taken(facts: Facts) -> Iterator[Finding]:
    """Each edge can be taken: none stands behind one that always is."""
    for node in facts.graph.nodes:
        for failing in (False, True):
            ways = facts.edges(node.id, failing=failing)
            reason = _unused(node, failing=failing)
            for way in ways if reason else ():
                yield _never_taken(way, reason or "", None)
            if reason is None:
                yield from _shadowed(ways)


def _unused(node: Node, *, failing: bool) -> str | None:
    if isinstance(node, HandoffNode):
        return "the conversation ends at a hand-off"
    if isinstance(node, ApprovalNode):
        return "an approval leads to on_approve and on_deny only"
    if failing and not can_fail(node):
        return "a node that asks for nothing and calls no tool cannot fail"
    return None


def _shadowed(ways: list[Way]) -> Iterator[Finding]:
    seen: dict[str | None, Way] = {}
    for way in ways:
        text = way.edge.condition if way.edge else None
        before = seen.get(None) or seen.get(text)
        if before is not None:
            always = "is always taken" if before is seen.get(None) else "has the same condition"
            yield _never_taken(way, f"{before.id} stands before it and {always}", before.id)
        seen.setdefault(text, way)


def _never_taken(way: Way, reason: str, related: str | None) -> Finding:
    return Finding(
        rule_id="edge_never_taken",
        category="routing",
        severity=Severity.WARNING,
        message=f"This edge is never taken: {reason}.",
        edge_id=way.id,
        related_edge_ids=(related,) if related else (),
        suggested_fix="Remove it, or change priorities or conditions.",
    )


def no_failure_path(facts: Facts) -> Iterator[Finding]:
    """What can fail leads somewhere when it does; without, the whole turn fails."""
    for node in facts.graph.nodes:
        if not can_fail(node) or facts.edges(node.id, failing=True):
            continue
        what = "its user gives no answer" if isinstance(node, AgentNode) else "a tool fails"
        yield Finding(
            rule_id="no_failure_path",
            category="routing",
            severity=Severity.WARNING,
            message=f"{node.id!r} has no failure path: where {what}, the turn fails.",
            node_id=node.id,
            suggested_fix="Lead an edge with is_failure_path to where a person can help.",
        )
