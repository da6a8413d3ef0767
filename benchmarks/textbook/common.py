"""Setup that tutorials put at the top of each handler."""

import os

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from fastapi import FastAPI, HTTPException, Request
from mangum import Mangum

logger = Logger()
tracer = Tracer()
metrics = Metrics()
table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def organization(request: Request) -> str:
    return request.scope["aws.event"]["requestContext"]["authorizer"]["organization_id"]


def read(pk: str) -> dict:
    item = table.get_item(Key={"pk": pk, "sk": "item"}).get("Item")
    if item is None:
        raise HTTPException(404, "not found")
    return item


def lambda_handler(app: FastAPI):
    handler = Mangum(app, lifespan="off")
    handler = logger.inject_lambda_context(handler, clear_state=True)
    handler = tracer.capture_lambda_handler(handler)
    return metrics.log_metrics(handler, capture_cold_start_metric=True)
