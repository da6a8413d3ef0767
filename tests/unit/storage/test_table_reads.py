"""Reading items: many at once, a partition in pages, and how consistently."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from botocore.stub import ANY, Stubber

from shared.core.errors import (
    Throttled,
)
from shared.storage.records import Key, to_item
from shared.storage.table import Table
from tests.support.storage import counted_requests
from tests.unit.storage.conftest import TABLE, FixedClock, record


def test_given_more_keys_than_a_request_takes_then_all_are_read(table: Table) -> None:
    for number in range(130):
        table.create(record(f"{number}"))
    keys = [record(f"{number}").key for number in range(250)]
    with counted_requests() as requests:
        found = table.get_many(keys + keys)
    assert requests == {"BatchGetItem": 3}
    assert set(found) == set(keys[:130])
    assert all(found[key].key == key for key in found)


def test_given_no_keys_then_nothing_is_asked(table: Table) -> None:
    with counted_requests() as requests:
        assert table.get_many([]) == {}
    assert not requests


def batch_answer(*names: str, left: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "Responses": {TABLE: [to_item(record(name), shards=3) for name in names]},
        "UnprocessedKeys": {TABLE: {"Keys": [record(name).key.attributes() for name in left]}}
        if left
        else {},
    }


def test_given_keys_left_over_then_they_are_asked_for_again(table: Table, stubber: Stubber) -> None:
    stubber.add_response("batch_get_item", batch_answer("a", left=("b", "c")))
    stubber.add_response("batch_get_item", batch_answer("b", left=("c",)))
    stubber.add_response("batch_get_item", batch_answer("c"))
    assert len(table.get_many([record(name).key for name in "abc"])) == 3


def test_given_all_keys_left_over_time_and_again_then_the_caller_is_told_to_come_back(
    table: Table, stubber: Stubber, pauses: list[float]
) -> None:
    for _ in range(8):
        stubber.add_response("batch_get_item", batch_answer(left=("a",)))
    with pytest.raises(Throttled):
        table.get_many([record("a").key])
    assert len(pauses) == 7
    assert sum(pauses) < 4


def thing(number: int, size: int = 0, **options: Any) -> Any:
    body = {"n": number, "pad": "x" * size}
    return replace(record(body=body, **options), key=Key("org#p", f"{number:05d}"))


def numbers(found: Any) -> list[int]:
    return [item.body["n"] for item in found]


def test_given_more_than_a_megabyte_then_all_pages_are_read_in_order(table: Table) -> None:
    for number in range(9):
        table.create(thing(number, 300_000))
    with counted_requests() as requests:
        assert numbers(table.query(Key("org#p", "00000"), upto="00009")) == list(range(9))
    assert requests == {"Query": 3}


def test_given_bounds_a_limit_and_a_direction_then_they_hold(
    table: Table, clock: FixedClock
) -> None:
    for number in range(10):
        table.create(thing(number, expires_at=clock.after(1) if number in (8, 2) else None))
    clock.forward(1)
    first = Key("org#p", "00002")
    assert numbers(table.query(first, upto="00008")) == [3, 4, 5, 6, 7]
    assert numbers(table.query(first, upto="00008", ascending=False)) == [7, 6, 5, 4, 3]
    assert numbers(table.query(first, upto="00008", limit=2)) == [3, 4]
    assert numbers(table.query(first, upto="00008", ascending=False, limit=1)) == [7]
    assert numbers(table.query(first, upto="00008", limit=99)) == [3, 4, 5, 6, 7]


def test_given_a_reader_who_stops_then_no_further_page_is_asked_for(table: Table) -> None:
    for number in range(9):
        table.create(thing(number, 300_000))
    with counted_requests() as requests:
        next(table.query(Key("org#p", "00000"), upto="00009"))
    assert requests == {"Query": 1}


def test_given_reads_by_key_then_they_are_strongly_consistent(
    table: Table, stubber: Stubber
) -> None:
    name = f"org#{uuid4()}"
    stubber.add_response(
        "get_item",
        {},
        {"TableName": TABLE, "Key": ANY, "ConsistentRead": True},
    )
    assert table.get(Key(name, "s")) is None
