"""Is this a graph that can be run? Each rule is one small function.

A rule gets a graph that fits the models and yields a finding for each place that breaks
it. To add a rule: write the function, put it into ``RULES``, and test it with a graph that
breaks only this rule.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from itertools import chain, islice
from typing import Any

from shared.playground.findings import Finding, Severity, Verdict
from shared.playground.graph import ActionNode, ApprovalNode, Graph, edge_id
from shared.playground.schema_check import over_limits, parse
from shared.playground.system_variables import SYSTEM_VARIABLES

type Rule = Callable[[Graph], Iterator[Finding]]

#: Findings of one check, at most: the first are what a person can act on.
MAX_FINDINGS = 1_000
#: Nodes times edges up to which a wrong id is compared with the right ones: it takes time
#: in the order of that product, and validation must stay quick for the largest graphs.
_COMPARABLE = 4_000


def validate(raw: dict[str, Any]) -> Verdict:
    """Check a graph as a client sent it: limits, then its form, then the rules."""
    if found := over_limits(raw):
        return Verdict(tuple(found), None)
    graph, findings = parse(raw)
    if graph is not None:
        findings += chain.from_iterable(rule(graph) for rule in RULES)
    shown = tuple(islice(_errors_first(findings), MAX_FINDINGS))
    refused = any(finding.severity is Severity.ERROR for finding in shown)
    return Verdict(shown, None if refused else graph)


def unknown_entry_node(graph: Graph) -> Iterator[Finding]:
    """The conversation has to begin at a node that exists."""
    if graph.entry_node_id not in graph.node_ids():
        yield Finding(
            rule_id="unknown_entry_node",
            category="structure",
            message=f"entry_node_id names no node: {graph.entry_node_id!r}.",
            suggested_fix=_nearest(graph, graph.entry_node_id),
        )


def duplicate_node_id(graph: Graph) -> Iterator[Finding]:
    """A node is found by its id, so no two may share one."""
    for identifier in _repeated(node.id for node in graph.nodes):
        yield Finding(
            rule_id="duplicate_id",
            category="structure",
            message=f"More than one node has the id {identifier!r}.",
            node_id=identifier,
            suggested_fix="Give each node an id of its own.",
        )


def duplicate_step_id(graph: Graph) -> Iterator[Finding]:
    """A step is found by its id within its node."""
    for node in graph.nodes:
        if isinstance(node, ActionNode):
            for identifier in _repeated(step.id for step in node.steps):
                yield Finding(
                    rule_id="duplicate_id",
                    category="structure",
                    message=f"More than one step of {node.id!r} has the id {identifier!r}.",
                    node_id=node.id,
                    suggested_fix="Give each step of a node an id of its own.",
                )


def duplicate_variable(graph: Graph) -> Iterator[Finding]:
    """A variable has one name and one type."""
    for name in _repeated(variable.name for variable in graph.context_variables):
        yield Finding(
            rule_id="duplicate_id",
            category="variables",
            message=f"More than one variable is called {name!r}.",
            suggested_fix="Declare each variable once.",
        )


def edge_to_nowhere(graph: Graph) -> Iterator[Finding]:
    """An edge leads from a node that exists to a node that exists."""
    ids = graph.node_ids()
    for index, edge in enumerate(graph.edges):
        for word, end in (("from", edge.source), ("to", edge.target)):
            if end not in ids:
                yield Finding(
                    rule_id="edge_to_nowhere",
                    category="structure",
                    message=f"edges[{index}].{word} names no node: {end!r}.",
                    edge_id=edge_id(index, edge),
                    suggested_fix=_nearest(graph, end),
                )


def approval_target_missing(graph: Graph) -> Iterator[Finding]:
    """Both decisions over an approval lead to a node that exists."""
    ids = graph.node_ids()
    for node in graph.nodes:
        if isinstance(node, ApprovalNode):
            for word, target in (("on_approve", node.on_approve), ("on_deny", node.on_deny)):
                if target not in ids:
                    yield Finding(
                        rule_id="approval_target_missing",
                        category="structure",
                        message=f"{word} of {node.id!r} names no node: {target!r}.",
                        node_id=node.id,
                        suggested_fix=_nearest(graph, target),
                    )


def unknown_system_variable(graph: Graph) -> Iterator[Finding]:
    """Only the service sets a system variable, so one it does not know stays unset."""
    for variable in graph.context_variables:
        if variable.source == "system" and variable.name not in SYSTEM_VARIABLES:
            yield Finding(
                rule_id="unknown_system_variable",
                category="variables",
                severity=Severity.WARNING,
                message=f"No system variable is called {variable.name!r}; it will have no value.",
                suggested_fix=f"There are {', '.join(SYSTEM_VARIABLES)}; or make it derived.",
            )


RULES: tuple[Rule, ...] = (
    unknown_entry_node,
    duplicate_node_id,
    duplicate_step_id,
    duplicate_variable,
    edge_to_nowhere,
    approval_target_missing,
    unknown_system_variable,
)


def _errors_first(findings: list[Finding]) -> list[Finding]:
    order = list(Severity)
    return sorted(findings, key=lambda finding: order.index(finding.severity))


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _nearest(graph: Graph, name: str) -> str:
    if len(graph.nodes) * len(graph.edges) > _COMPARABLE:
        return "Name a node of this graph."
    similar = get_close_matches(name, sorted(graph.node_ids()), n=1)
    return f"Did you mean {similar[0]!r}?" if similar else "Name a node of this graph."
