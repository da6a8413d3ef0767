"""Purge of a partition: batches, accepted items, time limits and a throttled table."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from botocore.stub import Stubber

from shared.core.errors import Throttled
from shared.storage.purging import purge_partition
from shared.storage.records import Key, Record
from shared.storage.table import Table
from tests.support.storage import TABLE

PARTITION = "org#p"


def keys(number: int) -> list[dict[str, Any]]:
    return [Key(PARTITION, f"{n:03d}").attributes() for n in range(number)]


def is_session(sort: str) -> bool:
    return sort == "session"


def left_over(number: int) -> dict[str, Any]:
    requests = [{"DeleteRequest": {"Key": key}} for key in keys(number)]
    return {"UnprocessedItems": {TABLE: requests} if requests else {}}


def test_purge_that_is_continued_keeps_only_the_accepted_item(table: Table) -> None:
    for number in range(60):
        table.create(Record(key=Key(PARTITION, f"{number:03d}"), type="thing", body={}))
    rest = iter([True, False])

    def purge(has_time: Callable[[], bool] = lambda: True) -> bool:
        return purge_partition(table, PARTITION, keep=lambda sort: sort == "007", has_time=has_time)

    assert not purge(lambda: next(rest))
    assert purge()
    assert purge()
    assert [item.key.sort for item in table.query(Key(PARTITION, "0"), upto="~")] == ["007"]


def test_unprocessed_deletes_are_sent_again(
    table: Table, stubber: Stubber, pauses: list[float]
) -> None:
    stubber.add_response("query", {"Items": keys(3)})
    stubber.add_response("batch_write_item", left_over(2))
    stubber.add_response("batch_write_item", left_over(0))
    assert purge_partition(table, PARTITION, keep=is_session)
    assert len(pauses) == 1


def test_throttled_table_raises_throttled(
    table: Table, stubber: Stubber, pauses: list[float]
) -> None:
    stubber.add_response("query", {"Items": keys(3)})
    for _ in range(8):
        stubber.add_response("batch_write_item", left_over(3))
    with pytest.raises(Throttled):
        purge_partition(table, PARTITION, keep=is_session)
    assert len(pauses) == 7


def test_purge_stops_when_the_time_is_up(table: Table, stubber: Stubber) -> None:
    stubber.add_response("query", {"Items": keys(3)})
    for _ in range(2):
        stubber.add_response("batch_write_item", left_over(3))
    looks = count()
    assert not purge_partition(table, PARTITION, keep=is_session, has_time=lambda: next(looks) < 2)
