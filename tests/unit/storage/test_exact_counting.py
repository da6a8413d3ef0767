"""Counting exactly once: redelivered, bisected and concurrent batches, and killed processes."""

from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.storage.counters import COUNTER_SHARDS
from shared.storage.counting import count_entries
from shared.storage.records import Record
from shared.storage.streams import StreamRecord
from shared.storage.table import Table
from tests.support.lost_answers import lost_answers
from tests.support.racing import at_once
from tests.support.storage import hooked
from tests.unit.storage.counted import (
    ADA,
    ALL,
    BEN,
    SHARD,
    created,
    gone,
    marks,
    stream,
    thing,
    values,
)  # fmt: skip

#: Shards of the examples below: their table is the same.
_SHARDS = count()


class Killed(BaseException):
    """The end of a process, at one of its requests."""


def test_redelivered_batches_are_counted_once(table: Table) -> None:
    first, second = created(5), created(7, start=6)
    for batch in (first, first, second, second, first, first + second, second[3:], first[:2]):
        assert count_entries(table, SHARD, batch) is None
    assert values(table) == (12, 12, 0)


def test_batch_that_grew_and_was_bisected_is_counted_once(table: Table) -> None:
    writes = created(8)
    for batch in (writes[:3], writes[:6], writes[4:], writes[:4], writes[4:]):
        assert count_entries(table, SHARD, batch) is None
    assert values(table) == (8, 8, 0)


def test_create_and_delete_of_one_batch_are_not_counted_apart_later(table: Table) -> None:
    writes = stream((None, thing("a")), (thing("a"), gone("a")))
    count_entries(table, SHARD, writes)
    count_entries(table, SHARD, writes[1:])
    assert values(table) == (0, 0, 0)


def test_shards_of_the_stream_are_counted_each_by_itself(table: Table) -> None:
    """Also those that write the same item of a counter."""
    shards = [f"{SHARD}{number}" for number in range(3 * COUNTER_SHARDS)]
    for _ in range(2):
        at_once(
            len(shards),
            lambda one: count_entries(table, shards[one], created(2, start=9 - one % 3)),
        )
    assert values(table) == (2 * len(shards),) * 2 + (0,)
    assert marks(table) == sorted(shards)


def test_two_processes_with_one_batch_count_it_once(table: Table) -> None:
    """The first was given up by Lambda and still runs."""
    writes = created(4)
    at_once(6, lambda one: count_entries(table, SHARD, writes[: 4 - one % 3]))
    count_entries(table, SHARD, writes)
    assert values(table) == (4, 4, 0)


@pytest.mark.parametrize("executed", [False, True])
@pytest.mark.parametrize("at", range(1, 5))
def test_process_killed_at_any_request_leaves_exact_counters(
    table: Table, at: int, executed: bool
) -> None:
    writes = [*created(3), *created(3, start=4, parent=BEN)]
    requests = count(1)

    def kill(**_: Any) -> None:
        if next(requests) == at:
            raise Killed

    event = "after-call.dynamodb" if executed else "before-call.dynamodb"
    with hooked(f"{event}.UpdateItem", kill), suppress(Killed):
        count_entries(table, SHARD, writes)
    for batch in (writes[:2], writes[2:]):
        assert count_entries(table, SHARD, batch) is None
    assert values(table) == (6, 3, 3)


def test_lost_answer_of_a_write_is_counted_once(table: Table) -> None:
    """The SDK repeats the request, which finds its own mark."""
    with lost_answers() as lost:
        assert count_entries(table, SHARD, created(1)) is None
    assert lost == ["UpdateItem"]
    assert values(table) == (1, 1, 0)


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[StreamRecord], list[list[StreamRecord]]]:
    """Writes of one shard, and the batches in which Lambda may deliver them."""
    state: dict[str, Record] = {}
    writes: list[tuple[Record | None, Record | None]] = []
    for _ in range(draw(st.integers(1, 14))):
        name = draw(st.sampled_from("abc"))
        parent, stays = draw(st.sampled_from([ADA, BEN])), draw(st.booleans())
        old = state.get(name)
        exists = old is not None and old.index_entries
        new = thing(name, parent) if stays or not exists else gone(name)
        writes.append((old, new))
        state[name] = new
    records = stream(*writes)
    batches: list[list[StreamRecord]] = []
    reached = 0
    while reached < len(records):
        start = draw(st.integers(0, reached))  # again from an earlier position
        end = draw(st.integers(reached + 1, len(records)))
        batches.append(records[start:end])
        reached = end
        if draw(st.booleans()):
            first = draw(st.integers(0, reached))
            batches.append(records[first : draw(st.integers(first, reached))])
    return records, batches


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(deliveries(), st.sets(st.integers(1, 12), max_size=4), st.booleans())
def test_any_deliveries_count_each_record_once(
    table: Table,
    history: tuple[Sequence[StreamRecord], list[list[StreamRecord]]],
    kills: set[int],
    executes_none: bool,
) -> None:
    before = values(table)
    records, batches = history
    shard = f"{SHARD}{next(_SHARDS)}"
    requests = count(1)

    def kill(**_: Any) -> None:
        if next(requests) in kills:
            raise Killed

    def deliver(batch: list[StreamRecord]) -> None:
        """Deliver a batch; if its process is killed, its halves, before anything else."""
        try:
            assert count_entries(table, shard, batch) is None
        except Killed:
            half = len(batch) // 2
            for part in (batch[:half], batch[half:]):
                deliver(part)

    event = "before-call" if executes_none else "after-call"
    with hooked(f"{event}.dynamodb.UpdateItem", kill):
        for batch in batches:
            deliver(batch)
    last = {one.record.key: one.record for one in records}
    expected = [
        sum(name in {entry.list for entry in one.index_entries.values()} for one in last.values())
        for name in (ALL, ADA, BEN)
    ]
    assert [now - then for now, then in zip(values(table), before, strict=True)] == expected
