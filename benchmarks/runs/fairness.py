"""Fairness between organizations: runs of one simulation while another one's large run goes on.

Organization B creates runs of one scenario, one after another: first on the idle stack, then, at
the same pace, while a run of organization A is in progress, whose agent takes seconds for each
turn. Measured is the time from the run's create to its end, by the API's own times.
"""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx

from benchmarks.runs.scenarios import Document, create_scenarios, new_agent
from benchmarks.runs.stack import handlers, read, start, wait
from tests.support.running_stack import RunningStack

#: Runs of B before the measured ones: they start the processes of its functions.
WARM_UP = 3
#: Seconds from one run of B to the next, at least.
PACE = 2
_CHECKS = ({"type": "max_turns", "max": 1},)


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds that the runs of B took, alone and during that of A, and A's counts at their end."""

    alone: list[float]
    during: list[float]
    progress: Document
    lanes: int

    @property
    def ratio(self) -> float:
        """Ratio of the medians."""
        return statistics.median(self.during) / statistics.median(self.alone)


def measure(stack: RunningStack, runs: int, scenarios: int, seconds: int, lanes: int = 20) -> Times:
    """Measure the runs of B, alone and during a run of A."""
    flooding, quiet = stack.new_key(), stack.new_key()
    with handlers(stack, flooding.organization_id) as api:
        many = create_scenarios(api, scenarios, [f"Hello [wait {seconds}]"], _CHECKS)
        slow = new_agent(api)
    with handlers(stack, quiet.organization_id) as api:
        one = create_scenarios(api, 1, ["Hello"], _CHECKS)
        agent = new_agent(api)
    with _client(stack, flooding.api_key) as a, _client(stack, quiet.api_key) as b:
        _take(b, agent, one, WARM_UP)
        alone = _take(b, agent, one, runs)
        run = start(a, slow, many, max_concurrency=lanes)
        time.sleep(1.5 * seconds)
        during = _take(b, agent, one, runs)
        found = Times(alone, during, read(a, run)["progress"], lanes)
        a.post(f"/v1/runs/{run}/cancel").raise_for_status()
        wait(a, run)
    return found


def print_times(found: Times) -> bool:
    """Print the times; return whether A's run lasted, and B's took less than twice as long."""
    progress = found.progress
    print(
        f"B alone: {_summary(found.alone)}\nB during A's run: {_summary(found.during)}\n"
        f"ratio of the medians {found.ratio:.2f}; at the end of B's runs, A had finished "
        f"{progress['finished']} of {progress['total']}, {found.lanes} at once",
        flush=True,
    )
    return found.ratio < 2 and progress["finished"] < progress["total"]


def _take(http: httpx.Client, target: Document, scenario_ids: list[str], runs: int) -> list[float]:
    """Return the seconds that runs took, one after another."""
    taken = []
    for _ in range(runs):
        begun = time.monotonic()
        ended = wait(http, start(http, target, scenario_ids), 0.3)
        assert ended["progress"]["passed"] == 1, ended
        created, finished = (
            datetime.fromisoformat(ended[name]) for name in ("created_at", "finished_at")
        )
        taken.append((finished - created).total_seconds())
        time.sleep(max(0.0, begun + PACE - time.monotonic()))
    return taken


def _client(stack: RunningStack, key: str) -> httpx.Client:
    return httpx.Client(base_url=stack.api_url, headers={"x-api-key": key}, timeout=120)


def _summary(times: Sequence[float]) -> str:
    p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
    return f"{len(times)} runs, p50 {statistics.median(times):.2f} s, p95 {p95:.2f} s"
