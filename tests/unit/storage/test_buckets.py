"""Token buckets: rate, burst, total, and several processes at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from botocore.stub import Stubber

from shared.core.errors import Busy, Throttled, Unavailable
from shared.storage.buckets import Bucket, BucketSize, Take, take
from shared.storage.records import Key
from shared.storage.table import Table
from tests.support.fake_buckets import FakeBuckets
from tests.support.storage import counted_requests, hooked

KEY = Key("org#requests#2026-01-01", "requests")
SIZE = BucketSize(rate=10, burst=5, total=100)
NOW = 1_800_000_000_000_000
SECOND = 1_000_000


@dataclass
class Process:
    """A process that takes from a bucket, and remembers what it saw last."""

    take: Take
    known: Bucket = field(default_factory=Bucket)
    now: int = NOW

    def __call__(self, tokens: int = 1, size: BucketSize = SIZE) -> bool:
        self.known, is_taken = self.take(KEY, tokens, size, self.now, self.known)
        return is_taken


@pytest.fixture(params=["table", "fake"])
def new_process(request: pytest.FixtureRequest, table: Table) -> Callable[[], Process]:
    """Factory of processes on one bucket: of the table, and of the fake that takes its place."""
    shared: Any = partial(take, table) if request.param == "table" else FakeBuckets().take
    return lambda: Process(shared)


def test_burst_is_taken_at_once_and_refilled_at_the_rate(
    new_process: Callable[[], Process],
) -> None:
    process = new_process()
    assert [process() for _ in range(7)] == [True] * 5 + [False] * 2
    process.now += SECOND // 10
    assert [process() for _ in range(2)] == [True, False]
    process.now += 100 * SECOND  # never more than the burst
    assert [process() for _ in range(6)] == [True] * 5 + [False]
    assert process.known.taken == 11


def test_tokens_are_taken_together_or_not_at_all(new_process: Callable[[], Process]) -> None:
    process = new_process()
    assert [process(3), process(3), process(2)] == [True, False, True]


def test_total_is_never_exceeded(new_process: Callable[[], Process]) -> None:
    process = new_process()
    size = BucketSize(rate=10, burst=5, total=7)
    assert process(5, size)
    process.now += SECOND
    assert [process(3, size), process(2, size)] == [False, True]
    process.now += SECOND
    assert not process(1, size)


def test_processes_take_from_one_bucket(new_process: Callable[[], Process]) -> None:
    processes = [new_process() for _ in range(4)]
    assert sum(process() for process in processes * 5) == SIZE.burst
    assert max(process.known.taken for process in processes) == SIZE.burst


def test_level_follows_from_the_time() -> None:
    bucket = Bucket(full_at=NOW + SECOND // 5)
    assert [SIZE.level(bucket, NOW), SIZE.level(bucket, NOW + SECOND)] == [3.0, 5.0]


@pytest.mark.parametrize(("known", "writes"), [(Bucket(), 2), (Bucket(full_at=NOW + 1), 1)])
def test_take_is_one_write_unless_the_bucket_is_in_use_unexpectedly(
    table: Table, known: Bucket, writes: int
) -> None:
    fake = FakeBuckets()
    for source in (partial(take, table), fake.take):
        source(KEY, 1, SIZE, NOW, Bucket())
    fake.writes = 0
    with counted_requests() as requests:
        take(table, KEY, 1, SIZE, NOW, known)
    fake.take(KEY, 1, SIZE, NOW, known)
    assert requests == {"UpdateItem": writes}
    assert fake.writes == writes


def test_item_expires_two_days_later(table: Table) -> None:
    take(table, KEY, 1, SIZE, NOW, Bucket())
    [item] = table.items([KEY])
    assert int(item["expires_at"]["N"]) == NOW // SECOND + 2 * 86_400


def test_bucket_that_changes_at_each_write_is_busy(table: Table) -> None:
    times = iter([NOW + SECOND // 10, 1] * 9)

    def change(model: Any, **_: Any) -> None:
        if model.name == "UpdateItem":
            item = KEY.attributes() | {"full_at": {"N": str(next(times))}, "taken": {"N": "1"}}
            table.client.put_item(TableName=table.name, Item=item)

    with hooked("before-call.dynamodb", change), pytest.raises(Busy):
        take(table, KEY, 1, SIZE, NOW, Bucket())


@pytest.mark.parametrize(
    ("code", "error"),
    [("ProvisionedThroughputExceededException", Throttled), ("InternalServerError", Unavailable)],
)
def test_storage_errors_are_those_of_the_domain(
    table: Table, stubber: Stubber, code: str, error: type[Exception]
) -> None:
    stubber.add_client_error("update_item", code, http_status_code=400)
    with pytest.raises(error):
        take(table, KEY, 1, SIZE, NOW, Bucket())
