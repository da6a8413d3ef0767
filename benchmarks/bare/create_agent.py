"""POST /v1/agents."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from common import Event, lambda_handler, organization, put
from pydantic import BaseModel, Field


class Capability(BaseModel):
    ref: str
    config: dict[str, Any] | None = None


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


def create_agent(event: Event) -> Agent:
    body = CreateAgent.model_validate_json(event["body"])
    now = datetime.now(UTC)
    agent = Agent(
        id=f"agent_{uuid4().hex}",
        status="active",
        created_at=now,
        updated_at=now,
        **body.model_dump(),
    )
    put(f"{organization(event)}#{agent.id}", agent)
    return agent


handler = lambda_handler(create_agent, 201)
