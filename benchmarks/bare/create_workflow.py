"""POST /v1/workflows."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from common import Event, lambda_handler, organization, put
from pydantic import BaseModel


class CreateWorkflow(BaseModel):
    name: str
    description: str | None = None
    metadata: dict[str, Any] | None = None


class Workflow(CreateWorkflow):
    id: str
    organization_id: str
    active_revision_id: str | None = None
    created_at: datetime
    updated_at: datetime


def create_workflow(event: Event) -> Workflow:
    body = CreateWorkflow.model_validate_json(event["body"])
    now = datetime.now(UTC)
    workflow = Workflow(
        id=str(uuid4()),
        organization_id=organization(event),
        created_at=now,
        updated_at=now,
        **body.model_dump(),
    )
    put(f"{organization(event)}#{workflow.id}", workflow)
    return workflow


handler = lambda_handler(create_workflow, 201)
