"""Checking a graph: limits, form, rules; and the verdict."""

from itertools import chain, islice
from typing import Any

from shared.playground.findings import Finding, Severity, Verdict
from shared.playground.graph import Graph
from shared.playground.schema_check import over_limits, parse
from shared.playground.validation.facts import Facts
from shared.playground.validation.rules import FLOW_RULES, ROOT_CAUSES, RULES

#: Findings of one check, at most: the first are what a person can act on.
MAX_FINDINGS = 1_000


def validate(raw: dict[str, Any]) -> Verdict:
    """Check a graph as a client sent it: limits, then its form, then the rules."""
    if found := over_limits(raw):
        return Verdict(tuple(found), None)
    graph, findings = parse(raw)
    if graph is not None:
        findings += check(graph)
    shown = tuple(islice(_errors_first(findings), MAX_FINDINGS))
    refused = any(finding.severity is Severity.ERROR for finding in shown)
    return Verdict(shown, None if refused else graph)


def check(graph: Graph) -> list[Finding]:
    """Return what the rules find in a graph that fits the models."""
    facts = Facts(graph)
    findings = list(chain.from_iterable(rule(facts) for rule in RULES))
    if not any(finding.rule_id in ROOT_CAUSES for finding in findings):
        findings += chain.from_iterable(rule(facts) for rule in FLOW_RULES)
    return findings


def _errors_first(findings: list[Finding]) -> list[Finding]:
    order = list(Severity)
    return sorted(findings, key=lambda finding: order.index(finding.severity))
