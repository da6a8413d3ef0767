"""Graph requests and answers, in the form of the Feather API."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from shared.playground.catalog import CatalogEntry
from shared.playground.graph import Graph
from shared.playground.graphs.document.api import ConversationGraph
from shared.playground.revisions.api import WorkflowRevisionResponse
from shared.playground.revisions.domain import Revision
from shared.playground.sessions.api import CatalogWorkflow
from shared.playground.validation.findings import Finding, Severity, ValidationResult


class WorkflowGraphResponse(BaseModel):
    """A revision's graph alone, for editors."""

    revision_id: UUID
    """Revision that the graph belongs to."""

    workflow_id: UUID
    """Workflow of the revision."""

    compiled_graph: dict[str, Any] | None = None
    """Graph with its defaults filled in; null if none was put."""

    compilation_status: str
    """`pending` without a graph, `compiled` with one."""

    compilation_errors: list[str] | None = None
    """Always null: an invalid graph is not stored."""

    updated_at: datetime
    """Time of the revision's last change."""

    @classmethod
    def of(cls, revision: Revision, graph: Graph | None) -> "WorkflowGraphResponse":
        return cls(
            revision_id=revision.id,
            workflow_id=revision.workflow_id,
            compiled_graph=graph.normalized() if graph else None,
            compilation_status=revision.compilation_status,
            updated_at=revision.updated_at,
        )


class WorkflowGraphRequest(BaseModel, extra="forbid"):
    """A graph to validate or to store in a revision; see ``graph.py`` for its form."""

    compiled_graph: dict[str, Any]
    """Graph: `name`, `entry_node_id`, `nodes`, and optionally `persona`, `context_variables`,
    `edges` and `mock_world`.

    At most 200 nodes, 1,000 edges, 200 variables and 256 KB as JSON. A field of the graph that
    is unknown is not stored; a finding `unknown_field` names it, and the nearest known one.
    """


class SourceSpan(BaseModel):
    """The part of the instructions that a finding refers to. Lines from 1, columns from 0."""

    start_line: int
    """First line."""

    start_col: int
    """Column in the first line."""

    end_line: int
    """Last line."""

    end_col: int
    """Column in the last line."""

    raw_text_excerpt: str | None = None
    """Beginning of the text."""


class ValidationFinding(BaseModel):
    """One finding. Graphs are written by hand here, so no span refers to instructions."""

    severity: Literal["error", "warning", "suggestion"]
    """Only an error prevents a graph from being stored."""

    rule_id: str
    """Rule that the graph breaks; the same in all releases."""

    category: str
    """Subject of the rule, such as `structure` or `routing`."""

    message: str
    """Field and rule, for people; cut at 1,000 characters."""

    node_id: str | None = None
    """Node that breaks the rule, if it is one."""

    edge_id: str | None = None
    """Edge that breaks the rule, if it is one: `<index>:<from>-><to>`."""

    related_node_ids: list[str] = Field(default_factory=list)
    """Further nodes of the finding, such as those of a cycle."""

    related_edge_ids: list[str] = Field(default_factory=list)
    """Further edges of the finding."""

    source_span: SourceSpan | None = None
    """Always null in this service."""

    suggested_fix: str | None = None
    """Suggested change."""

    related_spans: list[SourceSpan] = Field(default_factory=list)
    """Always empty in this service."""

    @classmethod
    def of(cls, finding: Finding) -> "ValidationFinding":
        return cls.model_validate(asdict(finding))


class WorkflowGraphValidationResponse(BaseModel):
    """The validation result of a graph; a valid one is returned with its defaults filled in."""

    valid: bool
    """True if the graph can be stored and run."""

    error_count: int
    """Findings with the severity `error`."""

    warning_count: int
    """Findings with the severity `warning`."""

    suggestion_count: int
    """Findings with the severity `suggestion`."""

    findings: list[ValidationFinding] = Field(default_factory=list)
    """Findings, errors first; at most 1,000, and fewer if they are long."""

    normalized_graph: dict[str, Any] | None = None
    """Graph as it is stored, with its defaults filled in; null if it is invalid."""

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
    """True if the graph was stored."""

    validation: WorkflowGraphValidationResponse
    """Result of the validation."""

    revision: WorkflowRevisionResponse | None = None
    """Revision with its new graph; null if the graph is invalid."""

    @classmethod
    def of(
        cls, result: ValidationResult, revision: Revision | None
    ) -> "WorkflowGraphUpdateResponse":
        return cls(
            updated=revision is not None,
            validation=WorkflowGraphValidationResponse.of(result),
            revision=WorkflowRevisionResponse.of(revision, result.graph) if revision else None,
        )


class SessionGraphResponse(BaseModel):
    """The graph that a session runs, as it was when the session was opened."""

    compiled_graph: ConversationGraph
    """Graph with its defaults filled in."""

    findings: list[ValidationFinding]
    """Findings of its validation, errors first. A graph that was stored under earlier rules may
    have errors."""

    @classmethod
    def of(cls, graph: Graph, result: ValidationResult) -> "SessionGraphResponse":
        return cls(
            compiled_graph=ConversationGraph.of(graph),
            findings=[ValidationFinding.of(finding) for finding in result.findings],
        )


class CatalogWorkflowDetailResponse(CatalogWorkflow):
    """A workflow of the catalog with its graph, to read or to base a revision on."""

    compiled_graph: ConversationGraph
    """Graph with its defaults filled in."""

    @classmethod
    def of(cls, entry: CatalogEntry) -> "CatalogWorkflowDetailResponse":
        graph = Graph.model_validate(entry.document)
        return cls(**dict(CatalogWorkflow.of(entry)), compiled_graph=ConversationGraph.of(graph))
