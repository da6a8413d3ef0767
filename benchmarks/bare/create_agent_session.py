"""POST /v1/sessions of agents."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from common import Event, lambda_handler, organization, put, read
from pydantic import BaseModel, Field


class Capability(BaseModel):
    ref: str
    config: dict[str, Any] | None = None


class CreateSession(BaseModel):
    agent_id: str = Field(pattern="^agent_[0-9a-f]{32}$")
    title: str | None = None
    tags: list[str] = []
    model_id: str | None = None
    capabilities: list[Capability] = []


class Session(CreateSession):
    id: str
    organization_id: str
    status: str
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    preview: str | None = None
    output_preview: str | None = None


def create_session(event: Event) -> Session:
    body = CreateSession.model_validate_json(event["body"])
    read(f"{organization(event)}#{body.agent_id}")
    now = datetime.now(UTC)
    session = Session(
        id=f"session_{uuid4().hex}",
        organization_id=organization(event),
        status="started",
        created_at=now,
        updated_at=now,
        **body.model_dump(),
    )
    put(f"{organization(event)}#{session.id}", session)
    return session


handler = lambda_handler(create_session, 201)
