"""Counters: true with the writes they count, read at one price."""

from typing import Any

import pytest
from botocore.stub import Stubber

from shared.core.errors import Throttled
from shared.storage.counters import added, counted
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import Create, Refused, transact, transact_patiently
from tests.support.storage import TABLE, counted_requests
from tests.support.threads import at_once

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


def test_given_nothing_was_counted_then_it_is_zero(table: Table) -> None:
    assert counted(table, COUNTER) == 0


def test_given_things_come_and_go_then_the_number_is_theirs_at_one_request(table: Table) -> None:
    for number in range(40):
        transact(table, [Create(thing(number)), added(COUNTER, 1, token=str(number))])
    for number in range(15):
        transact(table, [added(COUNTER, -1, token=str(number))])
    with counted_requests() as requests:
        assert counted(table, COUNTER) == 25
    assert requests == {"BatchGetItem": 1}
    assert counted(table, "org_2#things") == 0


def test_given_the_write_is_refused_then_it_is_not_counted(table: Table) -> None:
    transact(table, [Create(thing(1)), added(COUNTER, 1, token="1")])
    with pytest.raises(Refused):
        transact(table, [Create(thing(1)), added(COUNTER, 1, token="1")])
    assert counted(table, COUNTER) == 1


def test_given_many_writers_at_once_then_none_is_lost(table: Table) -> None:
    def write(number: int) -> None:
        transact_patiently(table, [Create(thing(number)), added(COUNTER, 1, token=str(number))])

    at_once(20, write)
    assert counted(table, COUNTER) == 20


def test_given_items_left_over_then_they_are_asked_for_again_and_counted_once(
    table: Table, stubber: Stubber
) -> None:
    stubber.add_response("batch_get_item", some(3, 4, left=2))
    stubber.add_response("batch_get_item", some(5, left=1))
    stubber.add_response("batch_get_item", some(left=0))
    assert counted(table, COUNTER) == 12


def test_given_a_throttled_table_then_the_caller_is_told_to_come_back(
    table: Table, stubber: Stubber, pauses: list[float]
) -> None:
    for _ in range(8):
        stubber.add_response("batch_get_item", some(left=16))
    with pytest.raises(Throttled):
        counted(table, COUNTER)
    assert len(pauses) == 7
