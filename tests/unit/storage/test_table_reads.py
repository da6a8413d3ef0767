"""Reads: single items, many at once, a partition in pages; consistency and expiry."""

from base64 import b64encode
from dataclasses import replace
from itertools import islice
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from botocore.stub import ANY, Stubber

from shared.core.errors import Throttled
from shared.storage.records import Key, to_item
from shared.storage.table import Table
from tests.support.clocks import FixedClock
from tests.support.storage import TABLE, counted_requests
from tests.unit.storage.conftest import record


def test_get_many_reads_100_keys_a_request(table: Table) -> None:
    for number in range(130):
        table.create(record(f"{number}"))
    keys = [record(f"{number}").key for number in range(250)]
    with counted_requests() as requests:
        found = table.get_many(keys + keys)
    assert requests == {"BatchGetItem": 3}
    assert set(found) == set(keys[:130])
    assert all(found[key].key == key for key in found)


def test_get_many_without_keys_sends_no_request(table: Table) -> None:
    with counted_requests() as requests:
        assert table.get_many([]) == {}
    assert not requests


def batch_answer(*names: str, left: tuple[str, ...] = ()) -> dict[str, Any]:
    unprocessed = {TABLE: {"Keys": [record(name).key.attributes() for name in left]}}
    return {
        "Responses": {TABLE: [to_item(record(name), shards=3) for name in names]},
        "UnprocessedKeys": unprocessed if left else {},
    }


def test_unprocessed_keys_are_requested_again(table: Table, stubber: Stubber) -> None:
    stubber.add_response("batch_get_item", batch_answer("a", left=("b", "c")))
    stubber.add_response("batch_get_item", batch_answer("b", left=("c",)))
    stubber.add_response("batch_get_item", batch_answer("c"))
    assert len(table.get_many([record(name).key for name in "abc"])) == 3


def test_keys_that_stay_unprocessed_raise_throttled(
    table: Table, stubber: Stubber, pauses: list[float]
) -> None:
    for _ in range(8):
        stubber.add_response("batch_get_item", batch_answer(left=("a",)))
    with pytest.raises(Throttled):
        table.get_many([record("a").key])
    assert len(pauses) == 7
    assert sum(pauses) < 4


def thing(number: int, size: int = 0, **options: Any) -> Any:
    body = {"n": number, "pad": b64encode(Random(number).randbytes(size)).decode()}
    return replace(record(body=body, **options), key=Key("org#p", f"{number:05d}"))


def numbers(found: Any) -> list[int]:
    return [item.body["n"] for item in found]


def test_query_reads_pages_in_order_as_they_are_consumed(table: Table) -> None:
    for number in range(9):
        table.create(thing(number, 290_000))
    for consumed, pages in ((9, 3), (1, 1)):
        with counted_requests() as requests:
            found = islice(table.query(Key("org#p", "00000"), upto="00009"), consumed)
            assert numbers(found) == list(range(consumed))
        assert requests == {"Query": pages}


def test_query_honors_bounds_limit_and_direction(table: Table, clock: FixedClock) -> None:
    for number in range(10):
        table.create(thing(number, expires_at=clock.after(1) if number in (8, 2) else None))
    clock.forward(1)

    def query(**options: Any) -> list[int]:
        return numbers(table.query(Key("org#p", "00002"), upto="00008", **options))

    assert query() == query(limit=99) == [3, 4, 5, 6, 7]
    assert query(ascending=False) == [7, 6, 5, 4, 3]
    assert query(limit=2) == [3, 4]
    assert query(ascending=False, limit=1) == [7]


def test_reads_by_key_are_strongly_consistent(table: Table, stubber: Stubber) -> None:
    request = {"TableName": TABLE, "Key": ANY, "ConsistentRead": True}
    stubber.add_response("get_item", {}, request)
    assert table.get(Key(f"org#{uuid4()}", "s")) is None


def test_expired_item_does_not_exist(table: Table, clock: FixedClock) -> None:
    key = record().key
    table.create(record(expires_at=clock.after(60)))
    for seconds, exists in ((59.9, True), (0.1, False)):
        clock.forward(seconds)
        assert (table.get(key) is not None) == exists
        assert bool(table.get_many([key])) == exists
        assert bool(list(table.query(key, upto="thing"))) == exists
