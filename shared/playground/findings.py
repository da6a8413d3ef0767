"""What a check of a graph finds, and the verdict over all of it."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from shared.playground.graph import Graph


class Severity(StrEnum):
    """How bad a finding is: only an error keeps a graph from being stored and run."""

    ERROR = "error"
    WARNING = "warning"
    SUGGESTION = "suggestion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to know about a graph.

    Attributes
    ----------
    rule_id
        The rule that found it, stable across releases.
    category
        What the rule looks at: schema, limits, structure, variables, …
    node_id, edge_id
        Where it is, if it is at one node or edge (see ``graph.edge_id``).
    suggested_fix
        What to do about it, in a sentence.
    """

    rule_id: str
    category: str
    message: str
    severity: Severity = Severity.ERROR
    node_id: str | None = None
    edge_id: str | None = None
    related_node_ids: tuple[str, ...] = ()
    related_edge_ids: tuple[str, ...] = ()
    suggested_fix: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings over a graph; ``graph`` is there unless one of them is an error."""

    findings: tuple[Finding, ...]
    graph: Graph | None

    @property
    def valid(self) -> bool:
        return self.graph is not None

    def count(self, severity: Severity) -> int:
        return Counter(finding.severity for finding in self.findings)[severity]
