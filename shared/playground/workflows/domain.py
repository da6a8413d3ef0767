"""Workflow: a name for a line of revisions."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.core.ids import OrganizationId, RevisionId, WorkflowId


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A workflow; one of its revisions may be active."""

    id: WorkflowId
    organization_id: OrganizationId
    name: str
    description: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    active_revision_id: RevisionId | None = None
    created_at: datetime
    updated_at: datetime
    version: int = 1
