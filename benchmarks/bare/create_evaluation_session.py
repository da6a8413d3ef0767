"""POST /sessions of evaluations."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from common import Event, lambda_handler, organization, put, read
from pydantic import BaseModel


class CreateSession(BaseModel):
    versionId: str
    customId: str | None = None
    testCaseId: str | None = None
    isProduction: bool | None = None
    context: str | dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    status: str = "PENDING"


class Session(CreateSession):
    id: str
    userId: str | None = None
    stoppingReason: str | None = None
    error: str | None = None
    createdAt: datetime
    deletedAt: datetime | None = None


def create_session(event: Event) -> Session:
    body = CreateSession.model_validate_json(event["body"])
    read(f"{organization(event)}#{body.versionId}")
    session = Session(id=f"session_{uuid4().hex}", createdAt=datetime.now(UTC), **body.model_dump())
    put(f"{organization(event)}#{session.id}", session)
    return session


handler = lambda_handler(create_session, 201)
