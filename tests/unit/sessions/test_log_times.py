"""Time ranges of a log: no event is left out, few others are read."""

from datetime import UTC, datetime, timedelta
from math import ceil, log2

import pytest

from shared.core.ids import SessionId
from shared.sessions.domain import Event, event_id
from shared.sessions.log_times import NEAR, narrow

SESSION = SessionId.new()
MIDNIGHT = datetime(2026, 5, 7, tzinfo=UTC)


class Log:
    """A log in which ten events at a time were stored, and the reads of it."""

    def __init__(self, length: int, left: int | None = None) -> None:
        self.length = length
        self.left = length if left is None else left
        self.reads = 0

    def at(self, sequence: int) -> datetime:
        return MIDNIGHT + timedelta(seconds=(sequence - 1) // 10)

    def find(self, sequence: int) -> Event | None:
        assert 0 < sequence <= self.length
        self.reads += 1
        at = self.at(sequence)
        if sequence > self.left:
            return None
        return Event(id=event_id(SESSION, sequence, at), type="e", sequence=sequence, at=at)


@pytest.mark.parametrize("length", [0, 1, NEAR, NEAR + 1, 10_000, 123_456])
@pytest.mark.parametrize(("start", "end"), [(0.0, 0.0), (0.2, 0.3), (0.5, 0.5), (1.0, 1.0)])
def test_time_range_returns_little_beyond_its_events(length: int, start: float, end: float) -> None:
    log = Log(length)
    from_at, to_at = (log.at(ceil(length * share)) for share in (start, end))

    after, last = narrow(log.find, 0, length, from_at=from_at, to_at=to_at)

    inside = [sequence for sequence in range(1, length + 1) if from_at <= log.at(sequence) <= to_at]
    assert all(after < sequence <= last for sequence in inside)
    assert last - after <= len(inside) + 2 * NEAR
    doublings = max(0, ceil(log2(max(1, length) / NEAR)))
    assert log.reads <= 2 * doublings


def test_without_times_nothing_is_read() -> None:
    log = Log(10_000)
    assert narrow(log.find, 7, 10_000, from_at=None, to_at=None) == (7, 10_000)
    assert log.reads == 0


@pytest.mark.parametrize(("days", "expected"), [(-1, (0, 0)), (1, (10_000, 10_000))])
def test_time_range_outside_the_log_returns_hardly_anything(
    days: int, expected: tuple[int, int]
) -> None:
    at = MIDNIGHT + timedelta(days=days)
    after, last = narrow(Log(10_000).find, 0, 10_000, from_at=at, to_at=at)
    assert last - after <= NEAR
    assert abs(after - expected[0]) <= NEAR
    assert abs(last - expected[1]) <= NEAR


def test_search_ends_in_a_log_that_is_being_deleted() -> None:
    at = MIDNIGHT + timedelta(days=1)
    assert narrow(Log(10_000, left=0).find, 0, 10_000, from_at=at, to_at=at) == (0, 10_000)
