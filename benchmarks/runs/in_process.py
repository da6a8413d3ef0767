"""Runs in this process: a workflow under kills and redelivery, a failing worker, and stops.

The engine, its ports and a queue in memory over moto's table; time is the engine's own.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest

from benchmarks.quiet import silent
from benchmarks.runs.comparison import compare
from benchmarks.runs.scenarios import USER_TURNS, WORKFLOW, order_world
from benchmarks.runs.storm import RunStorm
from shared.playground.simulated_wiring import workflow_target
from shared.runs.runs.domain import Budget, Run
from shared.storage.client import dynamodb
from shared.storage.table import table
from tests.support.gateway import Gateway
from tests.support.simulations import Engine, Killed
from tests.support.storage import moto_table, stored_table

#: Runs of the function of which one is killed, and of messages of which one comes twice.
KILLED_OF = REDELIVERED_OF = 20
#: Requests of a step, at one of which it is killed.
_REQUESTS = 8
_MOMENTS = ("before-call.dynamodb", "after-call.dynamodb")


@contextmanager
def _engine() -> Iterator[Engine]:
    with silent("CRITICAL"), pytest.MonkeyPatch.context() as patch, moto_table(patch):
        yield Engine(table())


class Killer:
    """Ends one step of each twenty at one of its requests, before it is sent or after its answer.

    A step with fewer requests ends before its message is deleted.
    """

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._left = 0
        self._moment = ""
        self.steps = 0
        self.kills: list[dict[str, str]] = []
        for moment in _MOMENTS:
            dynamodb().meta.events.register(moment, self._count, unique_id=moment)

    def watch(self, run: Callable[..., None]) -> Callable[..., None]:
        """Return the run of a step, whose chosen calls are killed."""

        def watched(*arguments: Any) -> None:
            self._begin()
            run(*arguments)
            if self._left:
                self._kill()

        return watched

    def _begin(self) -> None:
        self.steps += 1
        is_chosen = self._chance.randrange(KILLED_OF) == 0
        self._left = self._chance.randint(1, _REQUESTS) if is_chosen else 0
        self._moment = self._chance.choice(_MOMENTS).partition(".")[0]

    def redelivers(self) -> bool:
        return self._chance.randrange(REDELIVERED_OF) == 0

    def _count(self, event_name: str, **_: Any) -> None:
        if self._left and event_name.startswith(self._moment):
            self._left -= 1
            if not self._left:
                self._kill()

    def _kill(self) -> None:
        self._left = 0
        self.kills.append({"moment": self._moment})
        raise Killed


def killed_runs(scenarios: int, repeats: int, seed: int) -> RunStorm:
    """Run a workflow under kills and redelivery, and check the end."""
    found = RunStorm(scenarios * repeats, {}, Counter())
    with _engine() as engine:
        engine.target = workflow_target()
        given = {"recorded_turns": USER_TURNS, "mock_world": order_world()}
        check = ({"says": USER_TURNS[-1]},)
        ids = [engine.scenarios.add(checks=check, **given) for _ in range(scenarios)]
        started, killer = time.monotonic(), Killer(seed)
        run = engine.create(ids, target=WORKFLOW, repeats=repeats, max_concurrency=50)
        with patch.object(engine.steps, "run", killer.watch(engine.steps.run)):
            found.redelivered = _run(engine, run, killer)
        found.seconds = round(time.monotonic() - started, 1)
        found.runs, found.kills = killer.steps, killer.kills
        api = Gateway(engine.organization_id)
        found.run = api("GET", f"/v1/runs/{run.id}").json
        listed = _results(api, run)
        found.outcomes.update(one["outcome"] or one["status"] for one in listed)
        found.faults = compare(api, found.run, listed, 1)
    return found


def _run(engine: Engine, run: Run, killer: Killer) -> int:
    """Run all steps, and the sweep; return the number of messages that were delivered again."""
    redelivered = 0
    while not engine.read(run).is_closed:
        while engine.queue.messages:
            again = killer.redelivers()
            redelivered += again
            engine.step(redeliver=again)
            _forget(killer.steps)
        engine.forward(minutes=7)
        engine.sweep.run()
    return redelivered


def _forget(steps: int) -> None:
    """Forget the table's stream now and then: nothing reads it, and it takes gigabytes."""
    if steps % 1000 == 0:
        stored_table().stream_shard.items.clear()


def _results(api: Gateway, run: Run) -> list[Any]:
    results: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api("GET", f"/v1/runs/{run.id}/results?limit=200{cursor}").json
        results += page["items"]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    return results


def failing_worker(scenarios: int) -> bool:
    """Run scenarios of which one always fails the worker; print and return whether all end."""
    with _engine() as engine:
        good = {"recorded_turns": ("Hello", "Bye"), "checks": ({"says": "Bye"},)}
        ids = [engine.scenarios.add(**good) for _ in range(scenarios - 1)]
        place = scenarios // 2
        ids.insert(place, engine.scenarios.add(checks=({"no": "such check"},)))
        started = time.monotonic()
        run = engine.create(ids, max_concurrency=50)
        steps = 0
        while engine.queue.messages:
            engine.step()
            steps += 1
            _forget(steps)
        seconds = time.monotonic() - started
        ended = engine.read(run)
        errors = [(one.number, one.error) for one in engine.all_results(run) if one.error]
        attempts = len(engine.failures)
    print(
        f"{scenarios} scenarios, one of which always fails the worker: {ended.status}, "
        f"{ended.progress and ended.progress.passed} passed, failed: {errors} after {attempts} "
        f"attempts; {steps} steps in {seconds:.0f} s",
        flush=True,
    )
    return errors == [(place, "worker_failed")] and ended.is_closed


def stops(lanes: int = 50, turns: int = 10) -> bool:
    """Stop runs by their budget and by a cancel; print the turns after it."""
    limit = 5 * lanes
    with _engine() as engine:
        said = tuple(f"Message {number}" for number in range(turns))
        ids = [engine.scenarios.add(recorded_turns=said) for _ in range(4 * lanes)]
        spent = engine.create(ids, max_concurrency=lanes, budget=Budget(max_turns=limit))
        engine.run_all()
        over = len(engine.target.turns) - limit
        cancelled = engine.create(ids, max_concurrency=lanes)
        for _ in range(limit):
            engine.step()
        before = len(engine.target.turns)
        engine.service.cancel(engine.organization_id, cancelled.id)
        engine.run_all()
        after = len(engine.target.turns) - before
        statuses = [engine.read(one).status for one in (spent, cancelled)]
    print(
        f"{lanes} lanes: {over} turns beyond a budget of {limit}, {after} after a cancel; "
        f"{', '.join(statuses)}",
        flush=True,
    )
    return 0 < over <= lanes and after == 0
