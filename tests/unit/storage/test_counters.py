"""Counters: the sum of their items, read by one request."""

from typing import Any

from botocore.stub import Stubber

from shared.storage.counters import COUNTER_SHARDS, counter_key, counter_value
from shared.storage.table import Table
from tests.support.storage import TABLE, counted_requests

LIST = "org_1#things"


def some(*amounts: int, left: int) -> dict[str, Any]:
    """Return an answer with items of these amounts, and so many keys left over."""
    key = counter_key(LIST, 0).attributes()
    return {
        "Responses": {TABLE: [key | {"amount": {"N": str(amount)}} for amount in amounts]},
        "UnprocessedKeys": {TABLE: {"Keys": [key] * left}} if left else {},
    }


def test_new_counter_is_zero(table: Table) -> None:
    assert counter_value(table, LIST) == 0


def test_counter_value_is_the_sum_of_all_items_by_one_request(table: Table) -> None:
    for shard in range(COUNTER_SHARDS):
        item = counter_key(LIST, shard).attributes() | {"amount": {"N": str(shard - 3)}}
        table.client.put_item(TableName=TABLE, Item=item)
    with counted_requests() as requests:
        assert counter_value(table, LIST) == sum(range(COUNTER_SHARDS)) - 3 * COUNTER_SHARDS
    assert requests == {"BatchGetItem": 1}
    assert counter_value(table, "org_2#things") == 0


def test_unprocessed_keys_are_read_again_and_counted_once(table: Table, stubber: Stubber) -> None:
    stubber.add_response("batch_get_item", some(3, 4, left=2))
    stubber.add_response("batch_get_item", some(5, left=1))
    stubber.add_response("batch_get_item", some(left=0))
    assert counter_value(table, LIST) == 12
