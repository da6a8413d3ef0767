"""POST /sessions of evaluations, as a tutorial writes it."""

from datetime import UTC, datetime
from uuid import uuid4

from aws_lambda_powertools.metrics import MetricUnit
from common import lambda_handler, logger, metrics, organization, read, table, tracer
from fastapi import FastAPI, Request
from pydantic import BaseModel

app = FastAPI()


class CreateSession(BaseModel):
    versionId: str
    customId: str | None = None
    testCaseId: str | None = None
    isProduction: bool | None = None
    context: str | dict | None = None
    metadata: dict | None = None
    status: str = "PENDING"


class Session(CreateSession):
    id: str
    userId: str | None = None
    stoppingReason: str | None = None
    error: str | None = None
    createdAt: datetime
    deletedAt: datetime | None = None


@app.post("/sessions", status_code=201, response_model=Session)
@tracer.capture_method
def create_session(body: CreateSession, request: Request):
    read(f"{organization(request)}#{body.versionId}")
    session = Session(id=f"session_{uuid4().hex}", createdAt=datetime.now(UTC), **body.model_dump())
    item = session.model_dump(mode="json")
    table.put_item(Item={"pk": f"{organization(request)}#{session.id}", "sk": "item", **item})
    logger.info("session created", extra={"session_id": session.id})
    metrics.add_metric(name="SessionCreated", unit=MetricUnit.Count, value=1)
    return session


handler = lambda_handler(app)
