"""Counters: consistent with the writes they count, read by one request."""

from typing import Any

import pytest
from botocore.stub import Stubber

from shared.storage.contention import ConditionFailed
from shared.storage.counters import counter_value, increment
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import Create, transact, write_when_free
from tests.support.racing import at_once
from tests.support.storage import TABLE, counted_requests

COUNTER = "org_1#things"


def some(*amounts: int, left: int) -> dict[str, Any]:
    """Return an answer with items of these amounts, and so many keys left over."""
    key = Key(f"{COUNTER}#0", "counter").attributes()
    return {
        "Responses": {TABLE: [key | {"amount": {"N": str(amount)}} for amount in amounts]},
        "UnprocessedKeys": {TABLE: {"Keys": [key] * left}} if left else {},
    }


def thing(number: int) -> Record:
    return Record(key=Key(f"org_1#thing#{number}", "thing"), type="thing", body={})


def test_new_counter_is_zero(table: Table) -> None:
    assert counter_value(table, COUNTER) == 0


def test_counter_value_costs_one_request(table: Table) -> None:
    for number in range(40):
        transact(table, [Create(thing(number)), increment(COUNTER, 1, token=str(number))])
    for number in range(15):
        transact(table, [increment(COUNTER, -1, token=str(number))])
    with counted_requests() as requests:
        assert counter_value(table, COUNTER) == 25
    assert requests == {"BatchGetItem": 1}
    assert counter_value(table, "org_2#things") == 0


def test_refused_write_is_not_counted(table: Table) -> None:
    transact(table, [Create(thing(1)), increment(COUNTER, 1, token="1")])
    with pytest.raises(ConditionFailed):
        transact(table, [Create(thing(1)), increment(COUNTER, 1, token="1")])
    assert counter_value(table, COUNTER) == 1


def test_concurrent_increments_are_all_counted(table: Table) -> None:
    def write(number: int) -> None:
        write_when_free(table, [Create(thing(number)), increment(COUNTER, 1, token=str(number))])

    at_once(20, write)
    assert counter_value(table, COUNTER) == 20


def test_unprocessed_keys_are_read_again_and_counted_once(table: Table, stubber: Stubber) -> None:
    stubber.add_response("batch_get_item", some(3, 4, left=2))
    stubber.add_response("batch_get_item", some(5, left=1))
    stubber.add_response("batch_get_item", some(left=0))
    assert counter_value(table, COUNTER) == 12
