"""Turns after the stop of a run on the local stack: by its budget, and by a cancel."""

import time

import httpx

from benchmarks.runs.comparison import turns_of
from benchmarks.runs.scenarios import WORKFLOW, Document, create_scenarios
from benchmarks.runs.stack import handlers, read, results, start, wait
from tests.support.gateway import Gateway
from tests.support.running_stack import RunningStack

LANES, SCENARIOS = 20, 100
#: Turns after which the runs are stopped: half of them.
LIMIT = SCENARIOS


def print_stops(stack: RunningStack, http: httpx.Client) -> bool:
    """Stop two runs; print the turns that began after it. Return whether each lane had one."""
    with handlers(stack) as api:
        ids = create_scenarios(api, SCENARIOS)
    spent = start(http, WORKFLOW, ids, max_concurrency=LANES, budget={"max_turns": LIMIT})
    budget = wait(http, spent)
    run = start(http, WORKFLOW, ids, max_concurrency=LANES)
    while read(http, run)["totals"]["turns"] < LIMIT // 2:
        time.sleep(0.2)
    http.post(f"/v1/runs/{run}/cancel").raise_for_status()
    cancelled = wait(http, run)
    with handlers(stack) as api:
        late = {one["id"]: _after(api, http, one) for one in (budget, cancelled)}
    for one in (budget, cancelled):
        print(
            f"{one['status']} after {one['totals']['turns']} turns, {LANES} lanes: "
            f"{sum(late[one['id']])} turns began after the stop, "
            f"{max(late[one['id']], default=0)} of a simulation at most",
            flush=True,
        )
    ended = [one["progress"]["finished"] == one["progress"]["total"] for one in (budget, cancelled)]
    return all(ended) and all(max(one, default=0) <= 1 for one in late.values())


def _after(api: Gateway, http: httpx.Client, run: Document) -> list[int]:
    """Return the turns that began after a run was stopped, of each simulation."""
    begun = [one for one in results(http, run["id"]) if one["session_id"]]
    return [sum(at > run["finished_at"] for at, _, _ in turns_of(api, one)) for one in begun]
