"""Fixtures of HTTP tools: a turn, and a server that answers every request."""

from collections.abc import Iterator

import pytest

from tests.support.raw_server import RawServer, http, raw_server
from tests.unit.agents.http_turn import Turn


@pytest.fixture
def turn() -> Iterator[Turn]:
    started = Turn()
    yield started
    for one in started.opened:
        one.close()


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server(lambda _: [http('{"ok": true}', content_type="application/json")]) as running:
        yield running
