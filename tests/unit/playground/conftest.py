"""Nobody waits in the tests of the playground."""

import time

import pytest


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mocked tools take no time; who waits for them is told how long it would have been."""
    monkeypatch.setattr(time, "sleep", lambda _: None)
