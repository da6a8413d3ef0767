"""Workflow requests and answers, in the form of the Feather API."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from shared.core.api_types import Line, Paragraph, at_most_bytes
from shared.core.ids import RevisionId
from shared.playground.graph import Graph
from shared.playground.revisions.api import WorkflowRevisionResponse, changed_fields
from shared.playground.revisions.domain import Revision
from shared.playground.workflows.domain import Workflow

#: Bytes of the metadata of a workflow as JSON: with the texts it fits into a stored item.
MAX_METADATA_BYTES = 300_000

Metadata = Annotated[dict[str, Any], at_most_bytes(MAX_METADATA_BYTES)]


class WorkflowCreate(BaseModel, extra="forbid"):
    """A workflow to create."""

    name: Line
    """Name for people; need not be unique."""

    description: Paragraph | None = None
    """Purpose of the workflow."""

    metadata: Metadata | None = None
    """Data of the client, returned unchanged; at most 300,000 bytes as JSON."""


class WorkflowUpdate(BaseModel, extra="forbid"):
    """Changes of a workflow; omitted fields stay unchanged."""

    name: Line | None = None
    """New name; null leaves it unchanged."""

    description: Paragraph | None = None
    """New description; null removes it."""

    metadata: Metadata | None = None
    """Replaces all metadata; null leaves it unchanged. At most 300,000 bytes as JSON."""

    def changes(self) -> dict[str, Any]:
        """Return the changes, as fields of ``Workflow``."""
        return changed_fields(self)


class SetActiveRevisionRequest(BaseModel, extra="forbid"):
    """The revision to make active."""

    revision_id: RevisionId
    """Revision of this workflow; it must have a graph."""


class WorkflowListResponse(BaseModel):
    """A workflow in a list."""

    id: UUID
    """Id of the workflow."""

    organization_id: UUID
    """Organization that owns the workflow."""

    name: str
    """Name for people."""

    description: str | None = None
    """Purpose of the workflow."""

    active_revision_id: UUID | None = None
    """Active revision; null until one is activated."""

    created_at: datetime
    """Time of creation."""

    updated_at: datetime
    """Time of the last change."""

    @classmethod
    def of(cls, workflow: Workflow) -> "WorkflowListResponse":
        return cls(**_identity(workflow))


class WorkflowResponse(BaseModel):
    """A workflow with its active revision, whose graph is null."""

    id: UUID
    """Id of the workflow."""

    organization_id: UUID
    """Organization that owns the workflow."""

    name: str
    """Name for people."""

    description: str | None = None
    """Purpose of the workflow."""

    active_revision_id: UUID | None = None
    """Active revision; null until one is activated."""

    active_revision: WorkflowRevisionResponse | None = None
    """Active revision in full; its graph is null except where one workflow is read."""

    metadata: dict[str, Any] = Field(default_factory=dict)
    """Data of the client, as it was sent."""

    created_at: datetime
    """Time of creation."""

    updated_at: datetime
    """Time of the last change."""

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
    """Agent that uses the workflow."""

    agent_name: str
    """Name of that agent."""

    agent_revision_id: UUID
    """Revision of that agent."""

    priority: int
    """Order among the workflows of the agent, lower first."""

    enabled: bool
    """True if the agent may start the workflow."""

    is_active_revision: bool
    """True if that revision is the agent's active one."""


class WorkflowDetailResponse(WorkflowResponse):
    """A workflow in full. This service does not attach workflows to agents."""

    attachments: list[WorkflowAttachmentResponse] = Field(default_factory=list)
    """Always empty in this service."""


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
