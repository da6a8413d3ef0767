"""Clocks: one that is passed in, and the clock of all functions, moved or stopped."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import count
from types import SimpleNamespace

import pytest

_MODULE = "shared.core.clock"


class FixedClock:
    """Clock that stands until it is moved."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def after(self, seconds: int) -> int:
        """Return the epoch seconds of a later time."""
        return int(self.now.timestamp()) + seconds


def move_clock(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Let all functions see a later time; expiry is counted by it too."""
    _set(monkeypatch, lambda zone: datetime.now(zone) + by)


def stop_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    """Let all functions see one moment, however long they take."""
    _set(monkeypatch, lambda zone: at.astimezone(zone or UTC))


def step_clock(monkeypatch: pytest.MonkeyPatch, at: datetime, step: timedelta) -> None:
    """Let each look of a function at the clock be one step later, however long it takes."""
    looks = count()
    _set(monkeypatch, lambda zone: (at + next(looks) * step).astimezone(zone or UTC))


def _set(monkeypatch: pytest.MonkeyPatch, now: Callable[[tzinfo | None], datetime]) -> None:
    # In place of the class that the module reads the time from; nothing else of it is used.
    shown = SimpleNamespace(now=now, fromisoformat=datetime.fromisoformat)
    monkeypatch.setattr(f"{_MODULE}.datetime", shown)
