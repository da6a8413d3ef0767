"""Meter: throttle and quota of one organization, over several processes of the authorizer."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from shared.core.errors import Throttled, Unavailable
from shared.core.ids import OrganizationId
from shared.identity.authorization import meter
from shared.identity.authorization.meter import Meter, RequestLimits
from shared.storage.buckets import Bucket
from tests.support.clocks import FixedClock
from tests.support.fake_buckets import FakeBuckets
from tests.unit.identity.conftest import LIMITS, USAGE_KEYS

ORGANIZATION = OrganizationId.new()
PASSED, THROTTLED, EXHAUSTED = USAGE_KEYS.passed, USAGE_KEYS.throttled, USAGE_KEYS.exhausted

type NewProcess = Callable[..., Meter]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 1, 1, 12, tzinfo=UTC))


@pytest.fixture
def buckets() -> FakeBuckets:
    return FakeBuckets()


@pytest.fixture
def new_process(buckets: FakeBuckets, clock: FixedClock) -> NewProcess:
    """Factory of the meters of processes that share the buckets."""
    return lambda limits=LIMITS: Meter(buckets.take, limits, USAGE_KEYS, clock)


def send(process: Meter, number: int, organization: OrganizationId = ORGANIZATION) -> Counter[str]:
    return Counter(process.usage_key(organization) for _ in range(number))


def over_seconds(
    processes: list[Meter], clock: FixedClock, per_second: int, seconds: int
) -> Counter[str]:
    """Send requests evenly, to each process in turn."""
    found: Counter[str] = Counter()
    for number in range(per_second * seconds):
        clock.forward(1 / per_second)
        found += send(processes[number % len(processes)], 1)
    return found


def test_burst_passes_and_the_rest_is_throttled(
    new_process: NewProcess, buckets: FakeBuckets
) -> None:
    process = new_process()
    assert send(process, 400) == {PASSED: 400}
    # Requests that passed before the process asked for the first time are in the burst.
    assert send(process, 50) == {THROTTLED: 50}
    assert sum(bucket.taken for bucket in buckets.buckets.values()) == 400


def test_refusals_are_remembered_and_cost_nothing(
    new_process: NewProcess, buckets: FakeBuckets, clock: FixedClock
) -> None:
    process = new_process()
    send(process, 401)
    buckets.writes = 0
    assert send(process, 10_000) == {THROTTLED: 10_000}
    clock.forward(0.4)
    assert send(process, 1) == {THROTTLED: 1}
    assert buckets.writes == 0
    clock.forward(0.1)
    # 100 were refilled in half a second.
    assert send(process, 150) == {PASSED: 100, THROTTLED: 50}


@pytest.mark.parametrize("processes", [1, 5])
def test_organization_above_its_rate_passes_at_its_rate(
    new_process: NewProcess, clock: FixedClock, processes: int
) -> None:
    several = [new_process() for _ in range(processes)]
    over_seconds(several, clock, per_second=2000, seconds=3)
    found = over_seconds(several, clock, per_second=2000, seconds=10)
    assert 0.95 * 2000 <= found[PASSED] <= 1.05 * 2000


def test_organization_below_its_rate_is_never_refused_and_costs_one_write_in_nine(
    new_process: NewProcess, buckets: FakeBuckets, clock: FixedClock
) -> None:
    several = [new_process() for _ in range(5)]
    assert over_seconds(several, clock, per_second=150, seconds=60) == {PASSED: 9000}
    assert buckets.writes <= 9000 / 9 * 1.5


def test_processes_that_have_not_asked_exceed_the_burst_by_their_allowance_only(
    new_process: NewProcess, buckets: FakeBuckets
) -> None:
    several = [new_process() for _ in range(10)]
    passed = sum(send(process, 1000)[PASSED] for process in several)
    assert 400 <= passed <= 400 + 10 * LIMITS.allowance


def test_quota_is_exhausted_until_the_day_ends(
    new_process: NewProcess, buckets: FakeBuckets, clock: FixedClock
) -> None:
    process = new_process(RequestLimits(rate=200, burst=400, total=1000))
    for _ in range(10):
        send(process, 150)
        clock.forward(1)
    buckets.writes = 0
    assert send(process, 100) == {EXHAUSTED: 100}
    clock.forward(11 * 3600)
    assert send(process, 100) == {EXHAUSTED: 100}
    assert buckets.writes == 0
    [bucket] = buckets.buckets.values()
    assert bucket.taken == 1000
    clock.forward(3600)
    assert send(process, 100) == {PASSED: 100}


def test_allowance_is_a_small_part_of_each_limit() -> None:
    assert LIMITS.allowance == 8
    assert RequestLimits(rate=200, burst=400, total=50_000).allowance == 5
    assert RequestLimits(rate=1, burst=1, total=1).allowance == 0


def test_burst_smaller_than_a_pause_does_not_lower_the_rate(
    new_process: NewProcess, clock: FixedClock
) -> None:
    process = new_process(RequestLimits(rate=200, burst=10, total=1_000_000))
    found = over_seconds([process], clock, per_second=2000, seconds=10)
    assert found[PASSED] >= 0.95 * 2000


def test_high_rate_is_taken_several_at_a_time(
    new_process: NewProcess, buckets: FakeBuckets, clock: FixedClock
) -> None:
    several = [new_process(RequestLimits(rate=5000, burst=10_000, total=10**9)) for _ in range(5)]
    over_seconds(several, clock, per_second=10_000, seconds=4)
    buckets.writes = 0
    found = over_seconds(several, clock, per_second=10_000, seconds=2)
    assert 9_000 <= found[PASSED] <= 11_000
    assert buckets.writes / 2 <= 600  # per second


def test_tokens_taken_in_advance_expire(new_process: NewProcess, clock: FixedClock) -> None:
    limits = RequestLimits(rate=5000, burst=100, total=10**9)
    processes = [new_process(limits) for _ in range(10)]
    send(processes[0], 95)  # few are left: tokens are taken ten at a time
    for process in processes[1:]:
        send(process, 1)
        clock.forward(0.01)
    clock.forward(2)
    passed = sum(send(process, 1000)[PASSED] for process in processes)
    assert passed <= limits.burst + 10 * limits.allowance


def test_other_organization_is_not_affected(new_process: NewProcess) -> None:
    process = new_process()
    assert send(process, 1000)[THROTTLED] > 500
    assert send(process, 400, OrganizationId.new()) == {PASSED: 400}


def test_throttled_bucket_refuses_and_other_failures_pass(clock: FixedClock) -> None:
    errors = iter([Throttled("hot"), Unavailable("down")])

    def fail(*_: object) -> tuple[Bucket, bool]:
        raise next(errors)

    process = Meter(fail, RequestLimits(rate=200, burst=40, total=1000), USAGE_KEYS, clock)
    assert send(process, 5) == {THROTTLED: 5}
    clock.forward(1)
    with pytest.raises(Unavailable):
        send(process, 1)


def test_memory_is_bounded(new_process: NewProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meter, "_MAX_REMEMBERED", 3)
    process = new_process()
    for _ in range(10):
        assert send(process, 1, OrganizationId.new()) == {PASSED: 1}
    assert len(process._locals) == 3
