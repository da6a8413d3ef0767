"""Throttle and quota counted by the authorizer: python -m benchmarks.throttle

A simulation of many processes of the authorizer, with the code that they run, buckets in memory,
a clock that the simulation moves, and requests that reach processes by a seeded chance. Every
figure but the CPU times repeats exactly.
"""

import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from zlib import crc32

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.session import get_session

from shared.core.ids import OrganizationId
from shared.identity.authorization.meter import Meter, RequestLimits, UsageKeys
from shared.storage.buckets import Take, take
from shared.storage.table import Table
from tests.support.fake_buckets import FakeBuckets

#: The template's defaults.
LIMITS = RequestLimits(rate=200, burst=400, total=1_000_000)
NOISE = 50 * LIMITS.rate
_KEYS = UsageKeys("passed", "throttled", "exhausted")
_START = datetime(2026, 1, 1, tzinfo=UTC)
_SEED = 51


@dataclass(frozen=True, slots=True)
class Exactness:
    """Requests of one organization that pass while it sends 50 times its rate.

    ``in_first_second`` is to be compared with a burst and a second's rate, 600; ``per_second``, of
    the following 29 seconds, with the rate, 200.
    """

    processes: int
    in_first_second: int
    per_second: float
    writes_per_second: float


@dataclass(frozen=True, slots=True)
class Quota:
    """Requests that pass in a day in which an organization sends more than its quota."""

    processes: int
    passed: int


@dataclass(frozen=True, slots=True)
class Cost:
    """Writes for each request of an organization below its limits, over ten processes."""

    requests_per_second: float
    refused: int
    writes_per_request: float


@dataclass(frozen=True, slots=True)
class Fairness:
    """Quiet organizations while one sends 50 times its rate, and those that had a request refused.

    Each quiet one sends one request.
    """

    counted_by: str
    organizations: int
    disturbed: int
    noisy_per_second: float


@dataclass(frozen=True, slots=True)
class CpuTime:
    """Microseconds of a request that the meter passes or refuses from memory, and of one for which
    it writes, without the time on the network."""

    passed: float
    refused: float
    written: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one run."""

    exactness: list[Exactness]
    quota: list[Quota]
    cost: list[Cost]
    fairness: list[Fairness]
    cpu: CpuTime


class Simulation:
    """Processes of the authorizer that share their buckets, and a clock."""

    def __init__(self, processes: int, limits: RequestLimits = LIMITS) -> None:
        self.buckets = FakeBuckets()
        self._now = _START
        self._random = random.Random(_SEED)
        self._meters = [
            Meter(self.buckets.take, limits, _KEYS, lambda: self._now) for _ in range(processes)
        ]

    def at(self, seconds: float) -> None:
        """Move the clock to a time after the start."""
        self._now = _START + timedelta(seconds=seconds)

    def send(self, organization_id: OrganizationId) -> str:
        """Let a request reach one of the processes; return the key that it names."""
        return self._random.choice(self._meters).usage_key(organization_id)

    def run(self, organization_id: OrganizationId, seconds: range, per_second: float) -> int:
        """Send requests evenly in these seconds; return the number of those that pass."""
        passed = 0
        for number in range(round(len(seconds) * per_second)):
            self.at(seconds.start + number / per_second)
            passed += self.send(organization_id) == _KEYS.passed
        return passed


def measure() -> Figures:
    """Return all figures. Takes half a minute."""
    return Figures(
        exactness=[_exactness(processes) for processes in (1, 10, 50, 200)],
        quota=[_quota(processes) for processes in (1, 10, 50)],
        cost=[_cost(rate) for rate in (1 / 60, 1, 20, 100, 180)],
        fairness=[
            _fairness("the authorizer", str),
            _fairness("9,000 gateway keys", lambda one: str(crc32(str(one).encode()) % 9000)),
            _fairness("100 gateway keys", lambda one: str(crc32(str(one).encode()) % 100)),
        ],
        cpu=_cpu_time(),
    )


def _exactness(processes: int) -> Exactness:
    simulation, noisy = Simulation(processes), _organizations(1)[0]
    first = simulation.run(noisy, range(1), NOISE)
    before = simulation.buckets.writes
    following = simulation.run(noisy, range(1, 30), NOISE)
    writes = simulation.buckets.writes - before
    return Exactness(processes, first, following / 29, writes / 29)


def _quota(processes: int) -> Quota:
    simulation, busy = Simulation(processes), _organizations(1)[0]
    return Quota(processes, simulation.run(busy, range(6000), 175))


def _cost(per_second: float) -> Cost:
    simulation, quiet = Simulation(10), _organizations(1)[0]
    seconds = range(36_000 if per_second < 1 else 600)
    passed = simulation.run(quiet, seconds, per_second)
    sent = round(len(seconds) * per_second)
    return Cost(per_second, sent - passed, simulation.buckets.writes / sent)


def _fairness(counted_by: str, key_of: Callable[[OrganizationId], str]) -> Fairness:
    """Let 20,000 organizations send one request each within 20 seconds, in which another one sends
    50 times its rate. Organizations of the same ``key_of`` share a bucket, as in a pool of keys."""
    simulation = Simulation(20)
    noisy, *quiet = _organizations(20_001)
    buckets = {one: _organizations(1, seed=crc32(key_of(one).encode()))[0] for one in quiet}
    buckets[noisy] = _organizations(1, seed=crc32(key_of(noisy).encode()))[0]
    each = NOISE * 20 // len(quiet)
    passed = disturbed = 0
    for number, one in enumerate(quiet):
        for part in range(each):
            simulation.at((number * each + part) / NOISE)
            passed += simulation.send(buckets[noisy]) == _KEYS.passed
        disturbed += simulation.send(buckets[one]) != _KEYS.passed
    return Fairness(counted_by, len(quiet), disturbed, noisy_per_second=passed / 20)


def _organizations(number: int, *, seed: int = _SEED) -> Sequence[OrganizationId]:
    chance = random.Random(seed)
    return [OrganizationId.parse(f"org_{chance.getrandbits(128):032x}") for _ in range(number)]


def _cpu_time() -> CpuTime:
    in_memory = FakeBuckets().take
    return CpuTime(
        passed=_microseconds(in_memory, RequestLimits(10**6, 10**9, 10**12), 200_000),
        refused=_microseconds(in_memory, RequestLimits(1, 1, 1), 200_000),
        written=_microseconds(partial(take, _silent_table()), RequestLimits(200, 49, 10**9), 2_000),
    )


def _microseconds(take: Take, limits: RequestLimits, repeats: int) -> float:
    meter, organization = Meter(take, limits, _KEYS), _organizations(1)[0]
    meter.usage_key(organization)
    began = time.process_time()
    for _ in range(repeats):
        meter.usage_key(organization)
    return (time.process_time() - began) / repeats * 1e6


def _silent_table() -> Table:
    """Return a table whose writes are signed and parsed, and answered in this process."""
    body = json.dumps({"Attributes": {"full_at": {"N": "0"}, "taken": {"N": "1"}}}).encode()
    raw = SimpleNamespace(stream=lambda: [body])

    def answer(request: Any, **_: Any) -> Any:
        return AWSResponse(request.url, 200, HTTPHeaders(), raw)

    client: Any = get_session().create_client(
        "dynamodb",
        region_name="eu-west-1",
        aws_access_key_id="none",
        aws_secret_access_key="none",  # signs what is not sent
        config=Config(parameter_validation=False),
    )
    client.meta.events.register("before-send.dynamodb", answer)
    return Table(client, "t", shards=1)


def main() -> None:
    """Print the figures, and exit with an error if a quiet organization is refused."""
    figures = measure()
    for rows in (figures.exactness, figures.quota, figures.cost, figures.fairness, [figures.cpu]):
        for row in rows:
            print(row)
    counted = figures.fairness[0]
    raise SystemExit(bool(counted.disturbed or any(one.refused for one in figures.cost)))


if __name__ == "__main__":
    main()
