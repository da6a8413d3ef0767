"""Fixtures of storage: a table with a clock that the test moves, a fake server, records."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from shared.storage.client import dynamodb
from shared.storage.records import BY_LIST, IndexEntry, Key, Record
from shared.storage.repository import Repository
from shared.storage.table import Table
from tests.support.clocks import FixedClock
from tests.support.storage import forget_process_state, hooked, set_variables
from tests.unit.storage.byte_server import Server
from tests.unit.storage.notes import NoteCodec, Notes


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def notes(table: Table, clock: FixedClock) -> Notes:
    return Repository(table, NoteCodec(), clock)


@pytest.fixture
def stubber(table: Table) -> Iterator[Stubber]:
    """Answers of DynamoDB, given by the test in place of moto's, without the SDK's retries."""
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
    """Factory of the table of a process whose functions see the endpoint."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)

    def table(endpoint: str) -> Table:
        set_variables(monkeypatch, AWS_ENDPOINT_URL=endpoint)
        forget_process_state()
        return Table(dynamodb(), "t", shards=1)

    yield table
    forget_process_state()


def cancel(stubber: Stubber, reasons: list[dict[str, Any]]) -> None:
    stubber.add_client_error(
        "transact_write_items",
        "TransactionCanceledException",
        modeled_fields={"CancellationReasons": reasons},
    )


@contextmanager
def expiring_meanwhile(clock: FixedClock) -> Iterator[None]:
    """Let a second pass between the next request and its answer."""
    waited: list[int] = []

    def wait(**_: Any) -> None:
        if not waited:
            waited.append(1)
            clock.forward(1)

    with hooked("after-call.dynamodb", wait):
        yield
    assert waited


def record(name: str = "a", **options: Any) -> Record:
    options = {"body": {"name": name}} | options
    return Record(key=Key(f"org#{name}", "thing"), type="thing", **options)


def listed(sort: str, name: str = "things", **options: Any) -> Record:
    return Record(
        key=Key(f"org#{name}#{sort}", "thing"),
        type="thing",
        index_entries={BY_LIST: IndexEntry(f"org#{name}", sort)},
        body={"sort": sort},
        **options,
    )
