"""Workflow requests and answers, in the form of the Feather API."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from shared.core.ids import RevisionId
from shared.playground.graph import Graph
from shared.playground.revisions.api import WorkflowRevisionResponse, changed_fields
from shared.playground.revisions.domain import Revision
from shared.playground.workflows.domain import Workflow


class WorkflowCreate(BaseModel):
    """A workflow to create."""

    name: str
    description: str | None = None
    metadata: dict[str, Any] | None = None


class WorkflowUpdate(BaseModel):
    """Changes of a workflow; omitted fields stay unchanged."""

    name: str | None = None
    description: str | None = None
    metadata: dict[str, Any] | None = None

    def changes(self) -> dict[str, Any]:
        """Return the changes, as fields of ``Workflow``."""
        return changed_fields(self)


class SetActiveRevisionRequest(BaseModel):
    """The revision to make active."""

    revision_id: RevisionId


class WorkflowListResponse(BaseModel):
    """A workflow in a list."""

    id: UUID
    organization_id: UUID
    name: str
    description: str | None = None
    active_revision_id: UUID | None = None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, workflow: Workflow) -> "WorkflowListResponse":
        return cls(**_identity(workflow))


class WorkflowResponse(BaseModel):
    """A workflow with its active revision, whose graph is null."""

    id: UUID
    organization_id: UUID
    name: str
    description: str | None = None
    active_revision_id: UUID | None = None
    active_revision: WorkflowRevisionResponse | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(
        cls, workflow: Workflow, active: Revision | None = None, graph: Graph | None = None
    ) -> Self:
        return cls(
            **_identity(workflow),
            active_revision=WorkflowRevisionResponse.of(active, graph) if active else None,
            metadata=workflow.metadata,
        )


class WorkflowAttachmentResponse(BaseModel):
    """An agent's revision that a workflow is attached to."""

    agent_id: UUID
    agent_name: str
    agent_revision_id: UUID
    priority: int
    enabled: bool
    is_active_revision: bool


class WorkflowDetailResponse(WorkflowResponse):
    """A workflow in full. This service does not attach workflows to agents."""

    attachments: list[WorkflowAttachmentResponse] = Field(default_factory=list)


def _identity(workflow: Workflow) -> dict[str, Any]:
    return {
        "id": workflow.id,
        "organization_id": workflow.organization_id.uuid,
        "name": workflow.name,
        "description": workflow.description,
        "active_revision_id": workflow.active_revision_id,
        "created_at": workflow.created_at,
        "updated_at": workflow.updated_at,
    }
