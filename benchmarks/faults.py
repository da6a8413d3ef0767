"""Kills, repeated messages and races, in minutes: python -m benchmarks.faults

Small forms of `benchmarks.turn_storm`, `benchmarks.chaos` and `benchmarks.runs`, and the races of
tests/integration/test_races.py, on one local stack. Seeds are fixed, so that a failure repeats.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from xml.etree import ElementTree as ET

import httpx

from benchmarks.chaos import INTERRUPTED
from benchmarks.chaos import measure as kill_turns
from benchmarks.runs.in_process import killed_runs
from benchmarks.runs.storm import storm as run_storm
from benchmarks.turn_storm import IN_FLIGHT, MAX_TURNS
from local.settings import ROOT
from tests.support.killed_turns import Torn
from tests.support.running_stack import RunningStack, running_stack
from tests.support.turn_storm import storm

SEED = 7
#: Steps of runs in progress at once: each is a process of the emulator.
STEPS = "6"
_RACES = "tests/integration/test_races.py"
#: Those through the deployed API; `make test` races every create.
_CORE = "through_the_api"


@dataclass(frozen=True, slots=True)
class Fault:
    """Result of one bench.

    Attributes
    ----------
    done
        What was done, with its numbers.
    kills, redelivered
        Killed runs of functions, and deliveries that came again.
    faults
        Violated invariants; none in a good result.
    """

    name: str
    done: str
    kills: int
    redelivered: int
    seconds: float
    faults: list[str]


def measure() -> list[Fault]:
    """Run every bench."""
    found = [_killed_runs()]
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(
            Path(folder) / "stack", MaxTurnsPerOrganization=MAX_TURNS, MaxSimulationSteps=STEPS
        ) as stack,
        httpx.Client(
            base_url=stack.api_url,
            headers={"x-api-key": stack.api_key},
            timeout=httpx.Timeout(120, pool=None),
            limits=httpx.Limits(max_connections=IN_FLIGHT),
        ) as client,
    ):
        benches: list[Callable[[RunningStack, httpx.Client], Fault]] = [
            _turn_storm, _run_storm, _chaos, _races,
        ]  # fmt: skip
        for bench in benches:
            found.append(bench(stack, client))
            _print(found[-1])
    return found


def _killed_runs() -> Fault:
    one = killed_runs(scenarios=60, repeats=2, seed=SEED)
    done = f"{one.simulations} simulations of a workflow, {one.runs} steps, in one process"
    fault = Fault(
        "runs, in process", done, len(one.kills), one.redelivered, one.seconds, one.faults
    )
    _print(fault)
    return fault


def _turn_storm(stack: RunningStack, client: httpx.Client) -> Fault:
    one = storm(stack, client, sessions=12, messages=5, seed=SEED)
    done = f"{one.sessions} agent sessions of {one.messages} messages, {one.runs} runs of functions"
    return Fault("turns", done, len(one.kills), one.redelivered, one.seconds, one.faults)


def _run_storm(stack: RunningStack, client: httpx.Client) -> Fault:
    one = run_storm(stack, client, "agent", scenarios=8, repeats=2, seed=SEED)
    done = f"{one.simulations} simulations of an agent, {one.runs} runs of functions"
    return Fault("runs", done, len(one.kills), one.redelivered, one.seconds, one.faults)


def _chaos(stack: RunningStack, client: httpx.Client) -> Fault:
    started, faults, kills = monotonic(), [], 20
    try:
        outcomes = kill_turns(stack, client, kills, SEED)
        tried = outcomes.total() - outcomes[INTERRUPTED]
    except Torn as torn:
        faults, tried = [str(torn)], kills
    done = f"{tried} turns of playground sessions"
    return Fault("playground turns", done, kills, 0, round(monotonic() - started, 1), faults)


def _races(stack: RunningStack, _: httpx.Client) -> Fault:
    started, report = monotonic(), stack.local.home / "races.xml"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"),
            *(f"--junitxml={report}", _RACES, "-k", _CORE),
        ],
        cwd=ROOT,
        env=os.environ | {"TEST_STACK": str(stack.local.home)},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    cases = list(ET.parse(report).iter("testcase"))
    faults = [
        str(case.get("name"))
        for case in cases
        if any(case.find(name) is not None for name in ("failure", "error", "skipped"))
    ]
    if done.returncode or not cases:
        faults.append(f"the tests ended with {done.returncode} after {len(cases)} cases")
    kinds = f"{len(cases)} kinds of create through the API, by 20 clients with one key"
    return Fault("races", kinds, 0, 0, round(monotonic() - started, 1), faults)


def _print(one: Fault) -> None:
    outcome = "; ".join(one.faults[:5]) or "nothing lost, nothing doubled"
    print(
        f"{one.name}: {one.done}; {one.kills} killed, {one.redelivered} repeated, "
        f"{one.seconds:.0f} s: {outcome}",
        flush=True,
    )


if __name__ == "__main__":
    raise SystemExit(any(one.faults for one in measure()))
