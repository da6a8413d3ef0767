"""POST /v1/workflow/playground/sessions."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from common import Event, NotFound, lambda_handler, organization, put
from pydantic import BaseModel

CATALOG: dict[str, dict[str, Any]] = {
    "order-status": {"name": "Order status", "entry_node_id": "greet", "persona": None}
}


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
    context_vars: dict[str, Any] = {}
    step_count: int = 0
    last_signal: str | None = None
    awaiting_approval: bool = False
    created_at: datetime


def open_session(event: Event) -> Session:
    body = OpenSession.model_validate_json(event["body"])
    graph = CATALOG.get(body.catalog_slug or "")
    if graph is None:
        raise NotFound
    session = Session(
        session_id=str(uuid4()),
        graph=Graph(**graph),
        current_step_id=graph["entry_node_id"],
        created_at=datetime.now(UTC),
        **body.model_dump(),
    )
    put(f"{organization(event)}#{session.session_id}", session)
    return session


handler = lambda_handler(open_session, 201)
