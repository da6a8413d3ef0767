"""Graph requests and answers, in the form of the Feather API."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from shared.playground.graph import Graph
from shared.playground.revisions.api import WorkflowRevisionResponse
from shared.playground.revisions.domain import Revision
from shared.playground.validation.findings import Finding, Severity, ValidationResult


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


class WorkflowGraphRequest(BaseModel):
    """A graph to validate or to store in a revision; see ``graph.py`` for its form."""

    compiled_graph: dict[str, Any]


class SourceSpan(BaseModel):
    """The part of the instructions that a finding refers to. Lines from 1, columns from 0."""

    start_line: int
    start_col: int
    end_line: int
    end_col: int
    raw_text_excerpt: str | None = None


class ValidationFinding(BaseModel):
    """One finding. Graphs are written by hand here, so no span refers to instructions."""

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
        return cls.model_validate(asdict(finding))


class WorkflowGraphValidationResponse(BaseModel):
    """The validation result of a graph; a valid one is returned with its defaults filled in."""

    valid: bool
    error_count: int
    warning_count: int
    suggestion_count: int
    findings: list[ValidationFinding] = Field(default_factory=list)
    normalized_graph: dict[str, Any] | None = None

    @classmethod
    def of(cls, result: ValidationResult) -> "WorkflowGraphValidationResponse":
        return cls(
            valid=result.valid,
            error_count=result.count(Severity.ERROR),
            warning_count=result.count(Severity.WARNING),
            suggestion_count=result.count(Severity.SUGGESTION),
            findings=[ValidationFinding.of(finding) for finding in result.findings],
            normalized_graph=result.graph.normalized() if result.graph else None,
        )


class WorkflowGraphUpdateResponse(BaseModel):
    """The result of putting a graph: an invalid one leaves the revision unchanged."""

    updated: bool
    validation: WorkflowGraphValidationResponse
    revision: WorkflowRevisionResponse | None = None

    @classmethod
    def of(
        cls, result: ValidationResult, revision: Revision | None
    ) -> "WorkflowGraphUpdateResponse":
        return cls(
            updated=revision is not None,
            validation=WorkflowGraphValidationResponse.of(result),
            revision=WorkflowRevisionResponse.of(revision, result.graph) if revision else None,
        )
