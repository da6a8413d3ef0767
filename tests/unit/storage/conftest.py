"""A table of its own for each test, whose clock the test sets."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from shared.storage.client import dynamodb
from shared.storage.records import BY_LIST, Key, Record, Row
from shared.storage.table import Table
from tests.support.storage import forget_process_state
from tests.unit.storage.byte_server import Server

TABLE = "agent-sessions-test"


class FixedClock:
    """A clock that stands, until it is set forward."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def after(self, seconds: int) -> int:
        return int(self.now.timestamp()) + seconds


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def pauses() -> list[float]:
    """The seconds that the table would have waited."""
    return []


@pytest.fixture
def table(dynamodb_table: Any, clock: FixedClock, pauses: list[float]) -> Table:
    return Table(dynamodb_table, TABLE, shards=3, clock=clock, sleep=pauses.append)


@pytest.fixture
def stubber(table: Table) -> Iterator[Stubber]:
    """DynamoDB's answers, as the test gives them, in place of moto's."""
    # Past the SDK's own retries: what they end in is given.
    with Stubber(table.client) as stub:
        yield stub
        stub.assert_no_pending_responses()


@pytest.fixture(autouse=True)
def _sdk_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip the pauses between the SDK's own retries."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)


@pytest.fixture
def server() -> Iterator[Server]:
    with closing(Server()) as server:
        yield server


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Table]]:
    """Return what makes the table of a process whose functions see the endpoint."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)

    def table(endpoint: str) -> Table:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        forget_process_state()
        return Table(dynamodb(), "t", shards=1)

    yield table
    forget_process_state()


def cancel(stubber: Stubber, reasons: list[dict[str, Any]]) -> None:
    """Answer the next transaction that it was cancelled."""
    stubber.add_client_error(
        "transact_write_items",
        "TransactionCanceledException",
        modeled_fields={"CancellationReasons": reasons},
    )


@contextmanager
def expiring_meanwhile(table: Table, clock: FixedClock) -> Iterator[None]:
    """Let a second pass between the next request and its answer."""
    waited: list[int] = []

    def wait(**_: Any) -> None:
        if not waited:
            waited.append(1)
            clock.forward(1)

    events = table.client.meta.events
    events.register("after-call.dynamodb", wait)
    try:
        yield
    finally:
        events.unregister("after-call.dynamodb", wait)
    assert waited


def record(name: str = "a", **options: Any) -> Record:
    options.setdefault("body", {"name": name})
    return Record(key=Key(f"org#{name}", "thing"), type="thing", **options)


def listed(sort: str, name: str = "things", **options: Any) -> Record:
    return Record(
        key=Key(f"org#{name}#{sort}", "thing"),
        type="thing",
        rows={BY_LIST: Row(f"org#{name}", sort)},
        body={"sort": sort},
        **options,
    )
