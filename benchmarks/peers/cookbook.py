"""Create handler in the form of AWS's handler cookbook: Powertools' idempotency on DynamoDB.

As there: a resolver, one entry point that parses the input, a use case under an idempotency key, a
data access layer that puts one item. Feature flags and metrics, which need no table, are left out.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import boto3
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.serialization.pydantic import PydanticSerializer
from boto3.dynamodb.types import TypeSerializer
from moto import mock_aws
from pydantic import BaseModel, Field

from benchmarks.capacity import Meter
from local.gateway_event import gateway_event

ORDERS, IDEMPOTENCY = "orders", "idempotency"
PATH = "/api/orders"


class CreateOrder(BaseModel):
    """Request."""

    customer_name: str = Field(min_length=1, max_length=20)
    item_count: int = Field(gt=0)
    key: str


class Order(BaseModel):
    """Response, and the stored item."""

    id: str
    customer_name: str
    item_count: int


@dataclass
class Context:
    """Context of an invocation, as far as the idempotency reads it."""

    function_name: str = "create"

    def get_remaining_time_in_millis(self) -> int:
        return 10_000


#: Environment of the function, which its handler and its clients read.
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_LAMBDA_FUNCTION_NAME": "create",
}


def measure(size: int) -> tuple[int, float, float]:
    """Return requests, read and write units of a create after ``size`` others."""
    meter = Meter(keys=("id",))
    with patch.dict(os.environ, ENVIRONMENT), mock_aws():
        handle, clients = new_handler()
        for number in range(size):
            assert handle(event(number), Context())["statusCode"] == 201
        for client in clients:
            meter.attach(client)
        assert handle(event(size), Context())["statusCode"] == 201
        return meter.requests.total(), meter.reads, meter.writes


def new_handler() -> tuple[Callable[[Any, Any], Any], tuple[Any, ...]]:
    """Create the tables; return the handler, and its clients."""
    client: Any = boto3.client("dynamodb")
    for name in (ORDERS, IDEMPOTENCY):
        client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        )
    layer = DynamoDBPersistenceLayer(table_name=IDEMPOTENCY)
    config = IdempotencyConfig(event_key_jmespath="key", expires_after_seconds=300)

    @idempotent_function(  # type: ignore[untyped-decorator]  # Powertools' own has no types
        data_keyword_argument="request",
        persistence_store=layer,
        config=config,
        output_serializer=PydanticSerializer(model=Order),
    )
    def create_order(*, request: CreateOrder) -> Order:
        order = Order(id=str(uuid4()), **request.model_dump(exclude={"key"}))
        client.put_item(TableName=ORDERS, Item=TypeSerializer().serialize(order.model_dump())["M"])
        return order

    app = APIGatewayRestResolver()

    @app.post(PATH)
    def handle_create() -> tuple[dict[str, Any], int]:
        request = CreateOrder.model_validate(app.current_event.json_body)
        return create_order(request=request).model_dump(), 201

    def handle(request: dict[str, Any], context: Any) -> Any:
        config.register_lambda_context(context)
        return app.resolve(request, context)

    return handle, (client, layer.client)


def event(number: int) -> dict[str, Any]:
    """Return the request of an order; each has an idempotency key of its own."""
    order = {"customer_name": "Ada", "item_count": 2, "key": f"order-{number}"}
    return gateway_event(
        "POST", PATH, PATH, parameters={}, query=[], headers={"content-type": "application/json"},
        body=json.dumps(order), context={"requestId": str(number), "stage": "prod"},
    )  # fmt: skip
