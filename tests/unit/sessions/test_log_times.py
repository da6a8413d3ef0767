"""Where a time lies in a log: nothing of it is left out, little else is read."""

from datetime import UTC, datetime, timedelta
from math import ceil, log2

import pytest

from shared.core.ids import SessionId
from shared.sessions.log_times import NEAR, narrowed
from shared.sessions.models import Event, event_id

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
def test_given_a_time_then_all_of_it_is_left_and_little_else(
    length: int, start: float, end: float
) -> None:
    log = Log(length)
    from_at, to_at = (log.at(ceil(length * share)) for share in (start, end))

    after, last = narrowed(log.find, 0, length, from_at=from_at, to_at=to_at)

    inside = [place for place in range(1, length + 1) if from_at <= log.at(place) <= to_at]
    assert all(after < place <= last for place in inside)
    assert last - after <= len(inside) + 2 * NEAR
    doublings = max(0, ceil(log2(max(1, length) / NEAR)))
    assert log.reads <= 2 * doublings


def test_given_no_time_then_nothing_is_read() -> None:
    log = Log(10_000)
    assert narrowed(log.find, 7, 10_000, from_at=None, to_at=None) == (7, 10_000)
    assert log.reads == 0


@pytest.mark.parametrize(("days", "expected"), [(-1, (0, 0)), (1, (10_000, 10_000))])
def test_given_a_time_before_or_behind_the_log_then_hardly_anything_is_left(
    days: int, expected: tuple[int, int]
) -> None:
    at = MIDNIGHT + timedelta(days=days)
    after, last = narrowed(Log(10_000).find, 0, 10_000, from_at=at, to_at=at)
    assert last - after <= NEAR
    assert abs(after - expected[0]) <= NEAR
    assert abs(last - expected[1]) <= NEAR


def test_given_a_log_that_is_being_deleted_then_looking_ends() -> None:
    at = MIDNIGHT + timedelta(days=1)
    assert narrowed(Log(10_000, left=0).find, 0, 10_000, from_at=at, to_at=at) == (0, 10_000)
