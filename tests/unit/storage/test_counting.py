"""Counting: what is counted, at what cost, and what is delivered again."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared.storage.counters import COUNTER_SHARDS, counter_key, counter_value
from shared.storage.counting import count_entries
from shared.storage.table import Table
from tests.support.clocks import FixedClock
from tests.support.storage import TABLE, counted_requests, hooked
from tests.support.template import stream_sources
from tests.unit.storage.counted import (
    ALL,
    BEN,
    OTHER,
    SHARD,
    created,
    gone,
    marks,
    stream,
    thing,
    values,
)  # fmt: skip

DAY = 24 * 3600


def test_entries_are_counted_as_they_come_move_and_go(table: Table) -> None:
    writes = stream(
        (None, thing("a")),
        (None, thing("b")),
        (thing("a"), thing("a", BEN)),
        (thing("b"), gone("b")),
        (gone("c"), thing("c")),  # in the place of an expired tombstone
    )
    assert count_entries(table, SHARD, writes) is None
    assert values(table) == (2, 1, 1)
    assert counter_value(table, "stack#work") == 0


def test_writes_without_the_attribute_are_not_counted(table: Table) -> None:
    plain = thing("a", stream_attributes={})
    writes = stream(
        (None, plain),
        (thing("a"), plain),
        (plain, thing("a", stream_attributes={"deleted": "yes"}, index_entries={})),
        (gone("b"), None),  # the expiry of a tombstone
    )
    with counted_requests() as requests:
        assert count_entries(table, SHARD, writes) is None
        assert count_entries(table, None, writes) is None
    assert (requests, values(table)) == ({}, (0, 0, 0))


@pytest.mark.parametrize("number", [1, 10, 100])
def test_batch_costs_one_write_for_each_counter(table: Table, number: int) -> None:
    with counted_requests() as requests:
        count_entries(table, SHARD, created(number))
    assert requests == {"UpdateItem": 2}
    assert values(table) == (number, number, 0)


def test_amounts_that_were_counted_before_remain(table: Table) -> None:
    for shard in range(COUNTER_SHARDS):
        item = counter_key(ALL, shard).attributes() | {"amount": {"N": "2"}}
        table.client.put_item(TableName=TABLE, Item=item | {"type": {"S": "counter"}})
    count_entries(table, SHARD, created(3))
    assert counter_value(table, ALL) == 2 * COUNTER_SHARDS + 3


def throttle(table: Table, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let the writes of one counter fail."""
    update = table.client.update_item

    def refused(**request: Any) -> Any:
        if request["Key"]["pk"]["S"].startswith(f"{name}#count"):
            answer: Any = {
                "Error": {"Code": "ThrottlingException", "Message": "m"},
                "ResponseMetadata": {"HTTPStatusCode": 400},
            }
            raise ClientError(answer, "UpdateItem")
        return update(**request)

    monkeypatch.setattr(table.client, "update_item", refused)


def test_counter_that_cannot_be_written_is_counted_when_delivered_again(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = [*created(3), *created(3, start=4, parent=BEN)]
    with monkeypatch.context() as patched:
        throttle(table, patched, BEN)
        assert count_entries(table, SHARD, writes) == writes[3].position
    assert values(table) == (6, 3, 0)
    assert count_entries(table, SHARD, writes[3:]) is None
    assert values(table) == (6, 3, 3)


def test_event_without_its_shard_is_delivered_again(table: Table) -> None:
    """Until the mapping has its window: counted without a shard, its records could be lost."""
    writes = stream(
        (None, thing("a", stream_attributes={})), (None, thing("b")), (None, thing("c"))
    )
    assert count_entries(table, None, writes) == writes[1].position
    assert values(table) == (0, 0, 0)


def test_mapping_has_what_exact_counting_requires() -> None:
    [stream] = stream_sources("PublishChangesFunction")
    assert stream["TumblingWindowInSeconds"] > 0
    assert stream["ParallelizationFactor"] == 1


def test_marks_are_removed_when_their_records_have_left_the_stream(
    table: Table, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.storage.counting.COUNTER_SHARDS", 1)
    old = [f"{SHARD}{number}" for number in range(4)]
    for shard in old:
        count_entries(table, shard, created(1))
    clock.forward(DAY)
    count_entries(table, old[0], created(1, start=2))
    clock.forward(2 * 3600)
    count_entries(table, OTHER, created(1))
    assert marks(table) == sorted([*old, OTHER])  # three old ones: not worth a write
    clock.forward(DAY)
    with counted_requests() as requests:
        count_entries(table, OTHER, created(1, start=2))
    assert requests == {"UpdateItem": 4}
    assert marks(table) == [OTHER]
    assert values(table) == (7, 7, 0)


def test_failed_removal_of_marks_does_not_fail_the_count(
    table: Table, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.storage.counting.COUNTER_SHARDS", 1)
    for number in range(5):
        count_entries(table, f"{SHARD}{number}", created(1))
    clock.forward(2 * DAY)

    def mark_again(params: dict[str, Any], **_: Any) -> None:
        """Let a shard be counted between the read and the removal of its mark."""
        if b"REMOVE" in params["body"] and not moved:
            moved.append(1)
            count_entries(table, f"{SHARD}0", created(1, start=2))

    moved: list[int] = []
    with hooked("before-call.dynamodb.UpdateItem", mark_again):
        assert count_entries(table, OTHER, created(1)) is None
    assert f"{SHARD}0" in marks(table)
    assert values(table) == (7, 7, 0)
