"""POST /v1/scenarios/draft-from-session, as a tutorial writes it, with the plainest of drafts."""

from aws_lambda_powertools.metrics import MetricUnit
from boto3.dynamodb.conditions import Key
from common import lambda_handler, logger, metrics, organization, table, tracer
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel

app = FastAPI()


class DraftRequest(BaseModel):
    session_id: str


class Draft(BaseModel):
    name: str
    intent: str
    journey: str = ""
    mock_world: dict = {}
    source: str = "drafted"
    tags: list[str] = []
    agent_ids: list[str] = []


@app.post("/v1/scenarios/draft-from-session", response_model=Draft)
@tracer.capture_method
def draft_from_session(body: DraftRequest, request: Request):
    found = table.query(
        KeyConditionExpression=Key("pk").eq(f"{organization(request)}#{body.session_id}")
    )["Items"]
    said = [
        item["data"]["message"]["content"][0]["text"]
        for item in found
        if item.get("type") == "input.message"
    ]
    if not said:
        raise HTTPException(400, "no session with a user turn")
    logger.info("drafted", extra={"session_id": body.session_id})
    metrics.add_metric(name="Drafted", unit=MetricUnit.Count, value=1)
    return Draft(name=said[0][:255], intent=said[0][:500], journey="\n".join(said))


handler = lambda_handler(app)
