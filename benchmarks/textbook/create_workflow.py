"""POST /v1/workflows, as a tutorial writes it."""

from datetime import UTC, datetime
from uuid import uuid4

from aws_lambda_powertools.metrics import MetricUnit
from common import lambda_handler, logger, metrics, organization, table, tracer
from fastapi import FastAPI, Request
from pydantic import BaseModel

app = FastAPI()


class CreateWorkflow(BaseModel):
    name: str
    description: str | None = None
    metadata: dict | None = None


class Workflow(CreateWorkflow):
    id: str
    organization_id: str
    active_revision_id: str | None = None
    created_at: datetime
    updated_at: datetime


@app.post("/v1/workflows", status_code=201, response_model=Workflow)
@tracer.capture_method
def create_workflow(body: CreateWorkflow, request: Request):
    now = datetime.now(UTC)
    workflow = Workflow(
        id=str(uuid4()),
        organization_id=organization(request),
        created_at=now,
        updated_at=now,
        **body.model_dump(),
    )
    item = workflow.model_dump(mode="json")
    table.put_item(Item={"pk": f"{organization(request)}#{workflow.id}", "sk": "item", **item})
    logger.info("workflow created", extra={"workflow_id": workflow.id})
    metrics.add_metric(name="WorkflowCreated", unit=MetricUnit.Count, value=1)
    return workflow


handler = lambda_handler(app)
