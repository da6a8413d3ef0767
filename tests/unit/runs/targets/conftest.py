"""Fixtures of targets outside this stack: an agent's server, and the hosts that may be asked."""

from collections.abc import Iterator

import pytest

from shared.agents.simulated_wiring import session_recorder
from shared.runs.targets.url import UrlTarget
from shared.runs.targets.wiring import url_target
from tests.support.chat_server import ChatServer, chat_server
from tests.support.gateway import Gateway
from tests.support.storage import forget_process_state


@pytest.fixture(autouse=True)
def _hosts(api: Gateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OUTGOING_HOSTS", "127.0.0.1")
    forget_process_state()
    yield
    forget_process_state()


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


@pytest.fixture
def target(api: Gateway) -> UrlTarget:
    return url_target(session_recorder())
