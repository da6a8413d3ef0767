"""Graph validation: limits, schema, then rules.

Texts of a client's graph are repeated in findings, so that these are cut: a graph of 256 KB can
have thousands of findings, and each may name a node or a key of 200 KB.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from shared.playground.graph import Graph
from shared.playground.validation.facts import Facts
from shared.playground.validation.findings import Finding, Severity, ValidationResult
from shared.playground.validation.rules import FLOW_RULES, ROOT_CAUSES, RULES
from shared.playground.validation.schema_check import check_limits, parse_graph

#: Findings per validation: enough for a person to act on.
MAX_FINDINGS = 1_000
#: Characters of all findings together: far below the size of a response.
MAX_CHARACTERS = 500_000


def validate(raw: dict[str, Any]) -> ValidationResult:
    """Validate a graph as the client sent it."""
    if findings := check_limits(raw):
        return ValidationResult(tuple(findings), None)
    graph, findings = parse_graph(raw)
    if graph is not None:
        findings += check_rules(graph)
    order = list(Severity)
    findings.sort(key=lambda finding: order.index(finding.severity))
    invalid = any(finding.severity is Severity.ERROR for finding in findings)
    return ValidationResult(tuple(_reported(findings)), None if invalid else graph)


def check_rules(graph: Graph) -> list[Finding]:
    """Return the findings of the rules about a graph that fits the models."""
    facts = Facts(graph)
    findings = list(chain.from_iterable(rule.findings(facts) for rule in RULES))
    if not any(finding.rule_id in ROOT_CAUSES for finding in findings):
        findings += chain.from_iterable(rule.findings(facts) for rule in FLOW_RULES)
    return findings


def _reported(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the first findings, cut; at least one, if there is any."""
    characters = 0
    for number, finding in enumerate(map(Finding.cut, findings)):
        characters += finding.characters
        if number == MAX_FINDINGS or (number and characters > MAX_CHARACTERS):
            return
        yield finding
