"""Fixtures of the unit tests: the table in moto, the API in this process."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.gateway import Gateway
from tests.support.storage import moto_table


@pytest.fixture
def dynamodb_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with moto_table(monkeypatch) as client:
        yield client


@pytest.fixture
def api(dynamodb_table: Any) -> Gateway:
    """The API for one organization with an unrestricted key."""
    return Gateway()


@pytest.fixture
def other_api(dynamodb_table: Any) -> Gateway:
    """The same API and table for another organization."""
    return Gateway()
