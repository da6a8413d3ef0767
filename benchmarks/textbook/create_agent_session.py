"""POST /v1/sessions of agents, as a tutorial writes it."""

from datetime import UTC, datetime
from uuid import uuid4

from aws_lambda_powertools.metrics import MetricUnit
from common import lambda_handler, logger, metrics, organization, read, table, tracer
from fastapi import FastAPI, Request
from pydantic import BaseModel, Field

app = FastAPI()


class Capability(BaseModel):
    ref: str
    config: dict | None = None


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


@app.post("/v1/sessions", status_code=201, response_model=Session)
@tracer.capture_method
def create_session(body: CreateSession, request: Request):
    read(f"{organization(request)}#{body.agent_id}")
    now = datetime.now(UTC)
    session = Session(
        id=f"session_{uuid4().hex}",
        organization_id=organization(request),
        status="started",
        created_at=now,
        updated_at=now,
        **body.model_dump(),
    )
    item = session.model_dump(mode="json")
    table.put_item(Item={"pk": f"{organization(request)}#{session.id}", "sk": "item", **item})
    logger.info("session created", extra={"session_id": session.id})
    metrics.add_metric(name="SessionCreated", unit=MetricUnit.Count, value=1)
    return session


handler = lambda_handler(app)
