"""Retries: number of tries, and pauses of bounded random length."""

import pytest

from shared.core.backoff import Backoff

BACKOFF = Backoff(tries=6, first=0.1, longest=0.5)


def test_attempts_pause_before_each_try_but_the_first() -> None:
    pauses: list[float] = []
    assert list(BACKOFF.attempts(pauses.append)) == [0, 1, 2, 3, 4, 5]
    assert len(pauses) == 5


def test_attempts_stop_pausing_after_success() -> None:
    pauses: list[float] = []
    for attempt in BACKOFF.attempts(pauses.append):
        if attempt == 1:
            break
    assert len(pauses) == 1


@pytest.mark.parametrize(
    ("failed", "bound"), [(1, 0.1), (2, 0.2), (3, 0.4), (4, 0.5), (5, 0.5), (100_000, 0.5)]
)
def test_bound_of_pause_doubles_up_to_the_longest(failed: int, bound: float) -> None:
    pauses = [BACKOFF.pause(failed) for _ in range(200)]
    assert all(0 <= pause <= bound for pause in pauses)
    # One of 200 pauses in the upper half, and one in the lower: 2 in 2**200 fail.
    assert min(pauses) < bound / 2 < max(pauses)


def test_pauses_of_two_clients_differ() -> None:
    assert len({BACKOFF.pause(1) for _ in range(50)}) > 1
