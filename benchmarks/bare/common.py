"""The client, and what every handler needs of an event and a response."""

import json
import os
from collections.abc import Callable
from typing import Any

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from pydantic import BaseModel, ValidationError

type Event = dict[str, Any]

TABLE = os.environ["TABLE_NAME"]
client = boto3.client("dynamodb")
_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


class NotFound(Exception):
    """The entity does not exist."""


def organization(event: Event) -> str:
    return event["requestContext"]["authorizer"]["organization_id"]


def read(pk: str) -> dict[str, Any]:
    item = client.get_item(TableName=TABLE, Key={"pk": {"S": pk}, "sk": {"S": "item"}}).get("Item")
    if item is None:
        raise NotFound
    return {name: _deserialize(value) for name, value in item.items()}


def query(pk: str) -> list[dict[str, Any]]:
    found = client.query(
        TableName=TABLE,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": pk}},
    )["Items"]
    return [{name: _deserialize(value) for name, value in item.items()} for item in found]


def put(pk: str, content: BaseModel) -> None:
    item = {"pk": pk, "sk": "item", **content.model_dump(mode="json")}
    client.put_item(TableName=TABLE, Item={name: _serialize(value) for name, value in item.items()})


def lambda_handler(answer: Callable[[Event], BaseModel], status: int) -> Callable[..., Any]:
    """Return a handler that answers with the model's JSON, or with 404 or 422."""

    def handler(event: Event, _context: Any) -> dict[str, Any]:
        try:
            return _response(status, answer(event).model_dump_json())
        except NotFound:
            return _response(404, json.dumps({"message": "not found"}))
        except ValidationError as error:
            return _response(422, error.json())

    return handler


def _response(status: int, body: str) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": body,
    }
