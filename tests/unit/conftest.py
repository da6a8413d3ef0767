"""Fixtures of the unit tests: the table in moto, the API in this process."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.core.clock import Clock
from shared.storage.table import Table
from tests.support.gateway import Gateway
from tests.support.storage import TABLE, moto_table


@pytest.fixture
def dynamodb_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with moto_table(monkeypatch) as client:
        yield client


@pytest.fixture
def pauses() -> list[float]:
    """Seconds that ``table`` would have waited."""
    return []


@pytest.fixture
def table(dynamodb_table: Any, clock: Clock, pauses: list[float]) -> Table:
    return Table(dynamodb_table, TABLE, shards=3, clock=clock, sleep=pauses.append)


@pytest.fixture
def api(dynamodb_table: Any) -> Gateway:
    """The API for one organization with an unrestricted key."""
    return Gateway()


@pytest.fixture
def other_api(dynamodb_table: Any) -> Gateway:
    """The same API and table for another organization."""
    return Gateway()
