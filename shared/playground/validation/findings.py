"""Validation findings, and the result of a validation."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from shared.playground.graph import Graph


class Severity(StrEnum):
    """Severity of a finding; only an error prevents a graph from being stored and run."""

    ERROR = "error"
    WARNING = "warning"
    SUGGESTION = "suggestion"


@dataclass(frozen=True, slots=True)
class Violation:
    """Violation of a rule, with its place (see ``graph.edge_id``) if it is a single one."""

    message: str
    suggested_fix: str
    node_id: str | None = None
    edge_id: str | None = None
    related_node_ids: tuple[str, ...] = ()
    related_edge_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Violation):
    """Violation as it is reported; ``rule_id`` is stable across releases."""

    rule_id: str
    category: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """Findings about a graph; ``graph`` is None if one of them is an error."""

    findings: tuple[Finding, ...]
    graph: Graph | None

    @property
    def valid(self) -> bool:
        return self.graph is not None

    def count(self, severity: Severity) -> int:
        return Counter(finding.severity for finding in self.findings)[severity]
