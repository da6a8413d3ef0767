"""The table in this process (moto), and the requests that reach it."""

import sys
import threading
from collections import Counter
from collections.abc import Container, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any
from unittest.mock import patch

import pytest
from moto import mock_aws

from shared.core.settings import settings
from shared.storage.client import dynamodb
from shared.storage.connections import KeptConnections
from shared.storage.records import Key, Record
from shared.storage.secret import signing_secret
from shared.storage.table import Table, table
from tests.support.template import table_definition

TABLE = "agent-sessions-test"


#: Modules beside the services that keep something for the life of a process.
_KEEPERS = ("functions.identity.authorizer", "functions.triggers.import_sessions")


def forget_process_state() -> None:
    """Drop what a process keeps: the next use builds it anew, as in a fresh function."""
    for kept in (settings, dynamodb, table, signing_secret):
        kept.cache_clear()
    for name, module in list(sys.modules.items()):
        if (name.startswith("shared.") and name.endswith("service")) or name in _KEEPERS:
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


@contextmanager
def moto_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Make the template's table in moto and point the functions at it."""
    monkeypatch.setenv("TABLE_NAME", TABLE)
    monkeypatch.setenv("LIST_SHARDS", "3")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    # Moto answers where the SDK would send; what sends beside it must not.
    monkeypatch.setattr(KeptConnections, "send", lambda *_, **__: None)
    with mock_aws():
        forget_process_state()
        dynamodb().create_table(**table_definition(TABLE))
        yield dynamodb()
    forget_process_state()


@contextmanager
def emulated_table(
    monkeypatch: pytest.MonkeyPatch, *, endpoint_url: str, table_name: str
) -> Iterator[None]:
    """Point this process's functions at a running stack's table."""
    monkeypatch.setenv("TABLE_NAME", table_name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint_url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    forget_process_state()
    yield
    forget_process_state()


@contextmanager
def counted_requests() -> Iterator[Counter[str]]:
    """Count the requests sent to DynamoDB, by operation."""
    counts: Counter[str] = Counter()
    lock = threading.Lock()

    def count(model: Any, **_: Any) -> None:
        with lock:
            counts[model.name] += 1

    events = dynamodb().meta.events
    events.register("before-call.dynamodb", count)
    try:
        yield counts
    finally:
        events.unregister("before-call.dynamodb", count)


@contextmanager
def late_writes(missing: Container[int]) -> Iterator[None]:
    """Let queries that are not consistent miss the items of events that begin at these places.

    They have not come through yet; moto has no such moment.
    """
    query = Table.query

    def visible(
        table: Table,
        key: Key,
        *,
        consistent: bool = True,
        limit: int | None = None,
        **options: Any,
    ) -> Iterator[Record]:
        if consistent:
            return query(table, key, limit=limit, **options)
        found = query(table, key, consistent=False, **options)
        return islice((item for item in found if item.body["first"] not in missing), limit)

    with patch.object(Table, "query", visible):
        yield
