"""POST /v1/agents, as a tutorial writes it."""

from datetime import UTC, datetime
from uuid import uuid4

from aws_lambda_powertools.metrics import MetricUnit
from common import lambda_handler, logger, metrics, organization, table, tracer
from fastapi import FastAPI, Request
from pydantic import BaseModel, Field

app = FastAPI()


class Capability(BaseModel):
    ref: str
    config: dict | None = None


class CreateAgent(BaseModel):
    name: str = Field(max_length=2048)
    system_prompt: str
    description: str | None = None
    default_model_id: str | None = None
    tags: list[str] = []
    capabilities: list[Capability] = []


class Agent(CreateAgent):
    id: str
    status: str
    created_at: datetime
    updated_at: datetime


@app.post("/v1/agents", status_code=201, response_model=Agent)
@tracer.capture_method
def create_agent(body: CreateAgent, request: Request):
    now = datetime.now(UTC)
    agent = Agent(
        id=f"agent_{uuid4().hex}",
        status="active",
        created_at=now,
        updated_at=now,
        **body.model_dump(),
    )
    item = agent.model_dump(mode="json")
    table.put_item(Item={"pk": f"{organization(request)}#{agent.id}", "sk": "item", **item})
    logger.info("agent created", extra={"agent_id": agent.id})
    metrics.add_metric(name="AgentCreated", unit=MetricUnit.Count, value=1)
    return agent


handler = lambda_handler(app)
