"""Fixtures of the playground's tests."""

import time

import pytest


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip the delays of mocked tools."""
    monkeypatch.setattr(time, "sleep", lambda _: None)
