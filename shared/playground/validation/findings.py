"""Validation findings, and the result of a validation."""

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum

from shared.playground.graph import Graph

#: Characters of a text in a finding, at most.
MAX_TEXT = 1_000


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

    def cut(self) -> "Finding":
        """Return the finding with texts of at most ``MAX_TEXT`` characters."""
        return replace(
            self,
            message=_cut(self.message),
            suggested_fix=_cut(self.suggested_fix),
            node_id=self.node_id and _cut(self.node_id),
            edge_id=self.edge_id and _cut(self.edge_id),
        )

    @property
    def characters(self) -> int:
        """Number of characters of its texts and ids."""
        texts = (self.message, self.suggested_fix, self.node_id or "", self.edge_id or "")
        return sum(map(len, (*texts, *self.related_node_ids, *self.related_edge_ids)))


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


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"
