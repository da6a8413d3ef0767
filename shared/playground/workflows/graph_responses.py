"""What the API says of graphs and of their validation, as the Feather API has it."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from shared.playground.findings import Finding, Severity, Verdict
from shared.playground.graph import Graph
from shared.playground.workflows.domain import Revision
from shared.playground.workflows.responses import WorkflowRevisionResponse


class WorkflowGraphResponse(BaseModel):
    """A revision's graph alone, for editors."""

    revision_id: UUID
    workflow_id: UUID
    compiled_graph: dict[str, Any] | None = None
    compilation_status: str
    compilation_errors: list[str] | None = None
    updated_at: datetime

    @classmethod
    def of(cls, revision: Revision, graph: Graph | None) -> "WorkflowGraphResponse":
        return cls(
            revision_id=revision.id,
            workflow_id=revision.workflow_id,
            compiled_graph=graph.normalized() if graph else None,
            compilation_status=revision.compilation_status,
            updated_at=revision.updated_at,
        )


class SourceSpan(BaseModel):
    """A stretch of the instructions that a finding is about. Lines from 1, columns from 0."""

    start_line: int
    start_col: int
    end_line: int
    end_col: int
    raw_text_excerpt: str | None = None


class ValidationFinding(BaseModel):
    """One finding. Graphs are written by hand here, so no span points into instructions."""

    severity: Literal["error", "warning", "suggestion"]
    rule_id: str
    category: str
    message: str
    node_id: str | None = None
    edge_id: str | None = None
    related_node_ids: list[str] = Field(default_factory=list)
    related_edge_ids: list[str] = Field(default_factory=list)
    source_span: SourceSpan | None = None
    suggested_fix: str | None = None
    related_spans: list[SourceSpan] = Field(default_factory=list)

    @classmethod
    def of(cls, finding: Finding) -> "ValidationFinding":
        return cls(
            severity=finding.severity.value,
            rule_id=finding.rule_id,
            category=finding.category,
            message=finding.message,
            node_id=finding.node_id,
            edge_id=finding.edge_id,
            related_node_ids=list(finding.related_node_ids),
            related_edge_ids=list(finding.related_edge_ids),
            suggested_fix=finding.suggested_fix,
        )


class WorkflowGraphValidationResponse(BaseModel):
    """The verdict over a graph; a valid one comes back with its defaults written out."""

    valid: bool
    error_count: int
    warning_count: int
    suggestion_count: int
    findings: list[ValidationFinding] = Field(default_factory=list)
    normalized_graph: dict[str, Any] | None = None

    @classmethod
    def of(cls, verdict: Verdict) -> "WorkflowGraphValidationResponse":
        return cls(
            valid=verdict.valid,
            error_count=verdict.count(Severity.ERROR),
            warning_count=verdict.count(Severity.WARNING),
            suggestion_count=verdict.count(Severity.SUGGESTION),
            findings=[ValidationFinding.of(finding) for finding in verdict.findings],
            normalized_graph=verdict.graph.normalized() if verdict.graph else None,
        )


class WorkflowGraphUpdateResponse(BaseModel):
    """What became of a graph that was put: an invalid one leaves the revision unchanged."""

    updated: bool
    validation: WorkflowGraphValidationResponse
    revision: WorkflowRevisionResponse | None = None

    @classmethod
    def of(cls, verdict: Verdict, revision: Revision | None) -> "WorkflowGraphUpdateResponse":
        return cls(
            updated=revision is not None,
            validation=WorkflowGraphValidationResponse.of(verdict),
            revision=WorkflowRevisionResponse.of(revision, verdict.graph) if revision else None,
        )
