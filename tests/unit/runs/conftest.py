"""Fixtures of runs: an engine with a scripted target."""

from typing import Any

import pytest

from shared.core.clock import Clock, system_clock
from shared.storage.table import Table
from tests.support.simulations import Engine


@pytest.fixture
def clock() -> Clock:
    return system_clock


@pytest.fixture
def engine(table: Table, dynamodb_table: Any) -> Engine:
    return Engine(table)
