"""Counters: true with the writes they count, read at one price."""

from typing import Any

import pytest

from shared.storage.counters import added, counted
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import Create, Refused, transact, transact_patiently
from tests.support.storage import TABLE, counted_requests
from tests.support.threads import at_once

COUNTER = "org_1#things"


@pytest.fixture
def table(dynamodb_table: Any) -> Table:
    return Table(dynamodb_table, TABLE, shards=3)


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
