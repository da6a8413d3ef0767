"""POST /v1/scenarios/draft-from-session, with the plainest of drafts."""

from typing import Any

from common import Event, NotFound, lambda_handler, organization, query
from pydantic import BaseModel


class DraftRequest(BaseModel):
    session_id: str


class Draft(BaseModel):
    name: str
    intent: str
    journey: str = ""
    mock_world: dict[str, Any] = {}
    source: str = "drafted"
    tags: list[str] = []
    agent_ids: list[str] = []


def draft_from_session(event: Event) -> Draft:
    body = DraftRequest.model_validate_json(event["body"])
    said = [
        item["data"]["message"]["content"][0]["text"]
        for item in query(f"{organization(event)}#{body.session_id}")
        if item.get("type") == "input.message"
    ]
    if not said:
        raise NotFound
    return Draft(name=said[0][:255], intent=said[0][:500], journey="\n".join(said))


handler = lambda_handler(draft_from_session, 200)
