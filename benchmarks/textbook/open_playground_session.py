"""POST /v1/workflow/playground/sessions, as a tutorial writes it."""

from datetime import UTC, datetime
from uuid import uuid4

from aws_lambda_powertools.metrics import MetricUnit
from common import lambda_handler, logger, metrics, organization, table, tracer
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel

app = FastAPI()
CATALOG = {"order-status": {"name": "Order status", "entry_node_id": "greet", "persona": None}}


class OpenSession(BaseModel):
    catalog_slug: str | None = None
    revision_id: str | None = None


class Graph(BaseModel):
    name: str
    entry_node_id: str
    persona: str | None = None


class Session(OpenSession):
    session_id: str
    graph: Graph
    current_step_id: str | None
    completed_steps: list[str] = []
    context_vars: dict = {}
    step_count: int = 0
    last_signal: str | None = None
    awaiting_approval: bool = False
    created_at: datetime


@app.post("/v1/workflow/playground/sessions", status_code=201, response_model=Session)
@tracer.capture_method
def open_session(body: OpenSession, request: Request):
    graph = CATALOG.get(body.catalog_slug)
    if graph is None:
        raise HTTPException(404, "unknown workflow")
    session = Session(
        session_id=str(uuid4()),
        graph=Graph(**graph),
        current_step_id=graph["entry_node_id"],
        created_at=datetime.now(UTC),
        **body.model_dump(),
    )
    item = session.model_dump(mode="json")
    table.put_item(
        Item={"pk": f"{organization(request)}#{session.session_id}", "sk": "item", **item}
    )
    logger.info("session opened", extra={"session_id": session.session_id})
    metrics.add_metric(name="SessionOpened", unit=MetricUnit.Count, value=1)
    return session


handler = lambda_handler(app)
