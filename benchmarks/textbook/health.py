"""GET /health, as a tutorial writes it."""

from aws_lambda_powertools.metrics import MetricUnit
from common import lambda_handler, metrics, tracer
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
@tracer.capture_method
def health():
    metrics.add_metric(name="Health", unit=MetricUnit.Count, value=1)
    return {"status": "ok"}


handler = lambda_handler(app)
