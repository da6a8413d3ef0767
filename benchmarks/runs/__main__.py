"""Runs of many simulations: python -m benchmarks.runs PART

    python -m benchmarks.runs cost [--scenarios 10 100 1000]
    python -m benchmarks.runs killed [--scenarios 1000] [--repeats 3] [--seed N]
    python -m benchmarks.runs worker [--scenarios 10000]
    python -m benchmarks.runs stops
    python -m benchmarks.runs stack [cpu] [fairness] [stops] [storm] [--target agent] …

Each part exits with an error if what it measures is not as it must be. The first four run in this
process; `stack` starts a local stack and takes minutes.
"""

import argparse
import random
import tempfile
from pathlib import Path

import httpx

from benchmarks.runs.cost import TARGETS, print_costs
from benchmarks.runs.fairness import measure, print_times
from benchmarks.runs.in_process import failing_worker, killed_runs, stops
from benchmarks.runs.processor import print_processor
from benchmarks.runs.stopped import print_stops
from benchmarks.runs.storm import print_storm, storm
from tests.support.running_stack import RunningStack, running_stack

#: Steps in progress at once: each is a process of the emulator.
STEPS = "6"
#: Scenarios of the runs whose CPU time is measured.
CPU = [10, 100, 300]


def main() -> None:
    """Measure one part, and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.runs")
    parts = parser.add_subparsers(required=True)
    cost = parts.add_parser("cost", help="cost of a simulation by the number of scenarios")
    cost.add_argument("--scenarios", type=int, nargs="+", default=[10, 100, 1000])
    cost.set_defaults(holds=lambda options: print_costs(options.scenarios))
    killed = parts.add_parser("killed", help="a run under kills and redelivery")
    _add_storm(killed)
    killed.set_defaults(holds=_killed)
    worker = parts.add_parser("worker", help="a scenario that always fails the worker")
    worker.add_argument("--scenarios", type=int, default=10_000)
    worker.set_defaults(holds=lambda options: failing_worker(options.scenarios))
    stop = parts.add_parser("stops", help="turns after a budget is exceeded, and after a cancel")
    stop.set_defaults(holds=lambda _: stops())
    stack = parts.add_parser("stack", help="parts on a local stack")
    stack.add_argument("measure", nargs="+", choices=("cpu", "fairness", "stops", "storm"))
    stack.add_argument("--target", choices=TARGETS, nargs="+", default=["workflow"])
    stack.add_argument("--flood", type=int, default=500, help="scenarios of organization A's run")
    stack.add_argument("--seconds", type=int, default=30, help="duration of each of its turns")
    stack.add_argument("--runs", type=int, default=20, help="runs of organization B in each phase")
    _add_storm(stack)
    stack.set_defaults(holds=_on_a_stack)
    options = parser.parse_args()
    raise SystemExit(not options.holds(options))


def _add_storm(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scenarios", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))


def _killed(options: argparse.Namespace) -> bool:
    found = killed_runs(options.scenarios, options.repeats, options.seed)
    print_storm(found, "workflow in process", options.seed)
    return not found.faults


def _on_a_stack(options: argparse.Namespace) -> bool:
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(Path(folder) / "stack", MaxSimulationSteps=STEPS) as stack,
        httpx.Client(
            base_url=stack.api_url, headers={"x-api-key": stack.api_key}, timeout=120
        ) as http,
    ):
        held = [_measure(part, options, stack, http) for part in options.measure]
    return all(held)


def _measure(
    part: str, options: argparse.Namespace, stack: RunningStack, http: httpx.Client
) -> bool:
    if part == "cpu":
        return print_processor(stack, http, CPU)
    if part == "stops":
        return print_stops(stack, http)
    if part == "fairness":
        return print_times(measure(stack, options.runs, options.flood, options.seconds))
    holds = True
    for target in options.target:
        found = storm(stack, http, target, options.scenarios, options.repeats, options.seed)
        print_storm(found, target, options.seed)
        holds = holds and not found.faults
    return holds


if __name__ == "__main__":
    main()
