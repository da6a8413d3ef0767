"""Emptying a partition: all but one item goes, and a throttled table is not asked for ever."""

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
    return [Key(PARTITION, f"{place:03d}").attributes() for place in range(number)]


def left_over(number: int) -> dict[str, Any]:
    requests = [{"DeleteRequest": {"Key": key}} for key in keys(number)]
    return {"UnprocessedItems": {TABLE: requests} if requests else {}}


def test_given_more_items_than_a_batch_then_all_but_the_kept_one_are_gone(table: Table) -> None:
    for number in range(60):
        table.create(Record(key=Key(PARTITION, f"{number:03d}"), type="thing", body={}))
    assert purge_partition(table, PARTITION, keep="007")
    assert [item.key.sort for item in table.query(Key(PARTITION, "0"), upto="~")] == ["007"]


def test_given_items_left_over_then_they_are_sent_again(
    table: Table, stubber: Stubber, pauses: list[float]
) -> None:
    stubber.add_response("query", {"Items": keys(3)})
    stubber.add_response("batch_write_item", left_over(2))
    stubber.add_response("batch_write_item", left_over(0))
    assert purge_partition(table, PARTITION, keep="session")
    assert len(pauses) == 1


def test_given_a_throttled_table_then_the_caller_is_told_to_come_back(
    table: Table, stubber: Stubber, pauses: list[float]
) -> None:
    stubber.add_response("query", {"Items": keys(3)})
    for _ in range(8):
        stubber.add_response("batch_write_item", left_over(3))
    with pytest.raises(Throttled):
        purge_partition(table, PARTITION, keep="session")
    assert len(pauses) == 7


def test_given_time_that_runs_out_amid_a_throttled_batch_then_it_stops(
    table: Table, stubber: Stubber
) -> None:
    stubber.add_response("query", {"Items": keys(3)})
    for _ in range(2):
        stubber.add_response("batch_write_item", left_over(3))
    looks = count()
    assert not purge_partition(table, PARTITION, keep="session", may_go_on=lambda: next(looks) < 2)
