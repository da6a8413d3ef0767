"""GET /v1/identity/whoami, as a tutorial writes it."""

from aws_lambda_powertools.metrics import MetricUnit
from common import lambda_handler, metrics, organization, tracer
from fastapi import FastAPI, Request
from pydantic import BaseModel

app = FastAPI()


class WhoAmI(BaseModel):
    organization_id: str
    key_id: str
    key_name: str
    scopes: list[str]


@app.get("/v1/identity/whoami", response_model=WhoAmI)
@tracer.capture_method
def whoami(request: Request):
    context = request.scope["aws.event"]["requestContext"]["authorizer"]
    metrics.add_metric(name="WhoAmI", unit=MetricUnit.Count, value=1)
    return WhoAmI(
        organization_id=organization(request),
        key_id=context["key_id"],
        key_name=context["key_name"],
        scopes=context["scopes"].split(),
    )


handler = lambda_handler(app)
