"""Meter of benchmarks/capacity.py: units by DynamoDB's rules, of the table and of its indexes."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from benchmarks.capacity import Meter, Partition

TABLE = "measured"
TEXT_2_KB = "x" * 1500


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client: Any = boto3.client("dynamodb", "eu-west-1")
        names = ("pk", "sk", "list_pk", "list_sk", "work_pk", "work_sk")
        client.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=_schema("pk", "sk"),
            AttributeDefinitions=[{"AttributeName": one, "AttributeType": "S"} for one in names],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": prefix,
                    "KeySchema": _schema(f"{prefix}_pk", f"{prefix}_sk"),
                    "Projection": {"ProjectionType": projection},
                }
                for prefix, projection in (("list", "ALL"), ("work", "KEYS_ONLY"))
            ],
        )
        yield client


@pytest.fixture
def meter(client: Any) -> Meter:
    found = Meter(("pk", "sk"), (("list_pk", "list_sk"),), (("work_pk", "work_sk"),))
    found.attach(client)
    return found


def _schema(first: str, second: str) -> Any:
    return [
        {"AttributeName": first, "KeyType": "HASH"},
        {"AttributeName": second, "KeyType": "RANGE"},
    ]


def _item(**attributes: str) -> dict[str, Any]:
    return {name: {"S": value} for name, value in ({"pk": "a", "sk": "1"} | attributes).items()}


LISTED = {"list_pk": "list", "list_sk": "1"}
WORK = {"work_pk": "work", "work_sk": "1"}
KEY = _item()
ABSENT = {"ConditionExpression": "attribute_not_exists(pk)"}


def test_put_is_charged_by_the_larger_of_two_items(client: Any, meter: Meter) -> None:
    client.put_item(TableName=TABLE, Item=_item(text=TEXT_2_KB))
    client.put_item(TableName=TABLE, Item=_item())

    assert meter.written == {Partition("pk", "a"): 2 + 2}


def test_transaction_costs_twice(client: Any, meter: Meter) -> None:
    checked = {"TableName": TABLE, "Key": _item(pk="b")} | ABSENT
    put = {"TableName": TABLE, "Item": _item(**LISTED)}

    client.transact_write_items(TransactItems=[{"Put": put}, {"ConditionCheck": checked}])

    table, other, entry = Partition("pk", "a"), Partition("pk", "b"), Partition("list_pk", "list")
    assert meter.written == {table: 2, other: 2, entry: 1}
    assert meter.requests == {"TransactWriteItems": 1}


@pytest.mark.parametrize("transacted", [False, True])
def test_update_is_charged_by_the_stored_item(
    client: Any, meter: Meter, *, transacted: bool
) -> None:
    client.put_item(TableName=TABLE, Item=_item(text=TEXT_2_KB, **LISTED))
    meter.reset()
    update = {
        "TableName": TABLE,
        "Key": KEY,
        "UpdateExpression": "ADD amount :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }

    if transacted:
        client.transact_write_items(TransactItems=[{"Update": update}])
    else:
        client.update_item(**update)

    factor = 2 if transacted else 1
    expected = {Partition("pk", "a"): 2 * factor, Partition("list_pk", "list"): 2}
    assert meter.written == expected
    assert meter.requests.total() == 1


def test_item_that_was_stored_before_leaves_its_index(client: Any, meter: Meter) -> None:
    client.put_item(TableName=TABLE, Item=_item(**LISTED, **WORK))
    late = Meter(meter.keys, meter.indexes, meter.key_indexes)
    late.attach(client)

    client.put_item(TableName=TABLE, Item=_item(text="changed", **LISTED))
    changed = dict(late.written)
    late.reset()
    client.delete_item(TableName=TABLE, Key=KEY)

    table, listed = Partition("pk", "a"), Partition("list_pk", "list")
    assert changed == {table: 1, listed: 1, Partition("work_pk", "work"): 1}
    assert late.written == {table: 1, listed: 1}


def test_keys_only_index_is_not_written_by_other_changes(client: Any, meter: Meter) -> None:
    client.put_item(TableName=TABLE, Item=_item(**WORK))
    meter.reset()

    client.put_item(TableName=TABLE, Item=_item(text="changed", **WORK))

    assert meter.written == {Partition("pk", "a"): 1}


def test_failed_condition_is_charged_and_changes_no_index(client: Any, meter: Meter) -> None:
    client.put_item(TableName=TABLE, Item=_item(text=TEXT_2_KB))
    meter.reset()

    with pytest.raises(ClientError):
        client.put_item(TableName=TABLE, Item=_item(**LISTED), **ABSENT)

    assert meter.written == {Partition("pk", "a"): 2}


def test_query_is_charged_by_what_it_reads_and_not_by_its_answer(client: Any, meter: Meter) -> None:
    for number in range(4):
        client.put_item(TableName=TABLE, Item=_item(sk=str(number), text="x" * 4000, **LISTED))
    meter.reset()
    query = {
        "TableName": TABLE,
        "KeyConditionExpression": "list_pk = :list",
        "IndexName": "list",
        "ExpressionAttributeValues": {":list": {"S": "list"}},
    }

    client.query(**query)
    client.query(**query, Select="COUNT")
    client.query(
        **query | {"ExpressionAttributeValues": {":list": {"S": "list"}, ":no": {"S": "no"}}},
        FilterExpression="words = :no",
    )

    assert meter.read == {Partition("list_pk", "list"): 3 * 2}
    assert meter.requests == {"Query": 3}


def test_reads_by_key_are_charged_by_partition(client: Any, meter: Meter) -> None:
    client.put_item(TableName=TABLE, Item=_item(text="x" * 5000))

    client.get_item(TableName=TABLE, Key=KEY, ConsistentRead=True)
    keys = [KEY, _item(pk="missing")]
    request = {"Keys": keys, "ProjectionExpression": "pk, sk"}
    client.batch_get_item(RequestItems={TABLE: request})
    client.transact_get_items(TransactItems=[{"Get": {"TableName": TABLE, "Key": KEY}}])

    assert meter.read == {Partition("pk", "a"): 2 + 1 + 4, Partition("pk", "missing"): 0.5}
    assert meter.reads == 7.5
