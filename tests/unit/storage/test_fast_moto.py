"""Replacements in moto: the same answers as what they replace."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core.parse import BaseJSONParser
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import get_service_model
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table

from tests.support.storage import TABLE, stored_table

VALUES = [
    {"S": "text"},
    {"S": ""},
    {"N": "12.5"},
    {"BOOL": False},
    {"NULL": True},
    {"B": "AAEC"},
    {"SS": ["a", "b"]},
    {"NS": ["1", "2"]},
    {"BS": ["AAEC"]},
    {"L": [{"S": "a"}, {"M": {"b": {"L": []}}}]},
    {"M": {}},
    {"M": {"a": {"N": "1"}, "SS": {"SS": ["x"]}}},
]
KEY = {"pk": {"S": "one"}, "sk": {"S": "a"}}


@pytest.mark.parametrize("value", VALUES)
def test_attribute_values_are_read_and_written_as_before(value: dict[str, Any]) -> None:
    shape: Any = get_service_model("dynamodb").shape_for("AttributeValue")
    operation = get_service_model("dynamodb").operation_model("GetItem")
    parser: Any = BaseJSONParser(operation)
    writer: Any = BaseJSONSerializer(operation)
    original: Any = BaseJSONParser._parse_structure.__wrapped__  # type: ignore[attr-defined]
    serialize: Any = BaseJSONSerializer._serialize_type_structure.__wrapped__  # type: ignore[attr-defined]

    read = parser._parse_structure(shape, value)
    written: dict[str, Any] = {}
    writer._serialize_type_structure(written, read, shape, "value")
    expected: dict[str, Any] = {}
    serialize(writer, expected, original(parser, shape, value), shape, "value")

    assert read == original(parser, shape, value)
    assert written == expected == {"value": value}


def test_cancelled_transaction_changes_nothing(dynamodb_table: Any) -> None:
    dynamodb_table.put_item(TableName=TABLE, Item=KEY | {"n": {"N": "1"}})
    before = stored_items(dynamodb_table)
    records = len(stored_table().stream_shard.items)
    update = {
        "TableName": TABLE,
        "Key": KEY,
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    put = {"TableName": TABLE, "Item": KEY | {"sk": {"S": "b"}}}
    check = {
        "TableName": TABLE,
        "Key": KEY | {"sk": {"S": "c"}},
        "ConditionExpression": "attribute_exists(pk)",
    }

    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        dynamodb_table.transact_write_items(
            TransactItems=[{"Update": update}, {"Put": put}, {"ConditionCheck": check}]
        )

    assert stored_items(dynamodb_table) == before
    assert len(stored_table().stream_shard.items) == records
    dynamodb_table.transact_write_items(TransactItems=[{"Update": update}, {"Put": put}])
    assert [item.get("n") for item in stored_items(dynamodb_table)] == [{"N": "2"}, None]


def test_item_of_more_than_400_kb_is_refused(dynamodb_table: Any) -> None:
    half = {"S": "x" * 200_000}
    dynamodb_table.put_item(TableName=TABLE, Item=KEY | {"a": half, "b": half})

    with pytest.raises(ClientError, match="Item size"):
        dynamodb_table.put_item(
            TableName=TABLE, Item=KEY | {"a": half, "b": half, "c": {"S": "x" * 6_000}}
        )


def test_item_is_created_as_before() -> None:
    attributes = {str(number): value for number, value in enumerate(VALUES)}
    original: Any = Item.__init__.__wrapped__  # type: ignore[attr-defined]
    expected: Any = Item.__new__(Item)
    original(expected, None, None, attributes)

    created = Item(None, None, attributes)  # type: ignore[arg-type]  # has no key

    assert created.attrs == expected.attrs
    assert created.size() == expected.size()


def test_queries_find_what_they_did(dynamodb_table: Any) -> None:
    names = ("list_pk", "list_sk")
    for number in range(12):
        key = {"pk": {"S": f"p{number % 3}"}, "sk": {"S": f"{number:02}"}}
        listed = {names[0]: {"S": f"l{number % 2}"}, names[1]: {"S": f"{number % 4}"}}
        dynamodb_table.put_item(TableName=TABLE, Item=key | (listed if number != 4 else {}))
    [index] = [
        one for one in stored_table().global_indexes if one.schema[0]["AttributeName"] == names[0]
    ]
    of_table = {
        "KeyConditionExpression": "pk = :value",
        "ExpressionAttributeValues": {":value": {"S": "p1"}},
    }
    of_index = {
        "IndexName": index.name,
        "KeyConditionExpression": "list_pk = :value",
        "ExpressionAttributeValues": {":value": {"S": "l0"}},
    }
    queries: list[dict[str, Any]] = [
        one | more
        for one in (of_table, of_index)
        for more in ({}, {"ScanIndexForward": False}, {"Limit": 2})
    ]

    found = [dynamodb_table.query(TableName=TABLE, **one)["Items"] for one in queries]
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in ("query", "all_items"):
            monkeypatch.setattr(Table, name, getattr(Table, name).__wrapped__)
        expected = [dynamodb_table.query(TableName=TABLE, **one)["Items"] for one in queries]

    assert found == expected
    assert [len(one) for one in found] == [4, 4, 2, 5, 5, 2]


def stored_items(client: Any) -> list[dict[str, Any]]:
    found = client.query(
        TableName=TABLE,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "one"}},
    )
    return list(found["Items"])
