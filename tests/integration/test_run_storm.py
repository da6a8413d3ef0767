"""Small storm over a run: messages sent twice, steps killed. See benchmarks/runs."""

import httpx

from benchmarks.runs.storm import storm
from tests.support.running_stack import RunningStack


def test_run_under_kills_and_redelivery_loses_and_doubles_nothing(
    stack: RunningStack, http: httpx.Client
) -> None:
    # With this seed, the second run is the first one killed.
    found = storm(stack, http, "workflow", scenarios=3, repeats=2, seed=8)

    assert found.faults == []
    assert found.outcomes == {"passed": 6}
    assert found.kills
