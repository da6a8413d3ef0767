"""Runs of many simulations: python -m benchmarks.runs PART

    python -m benchmarks.runs cost [--scenarios 10 100 1000]
    python -m benchmarks.runs storm [--target agent] [--scenarios 1000] [--repeats 3] [--seed N]

Each part exits with an error if what it measures is not as it must be. The storm starts a local
stack and takes minutes.
"""

import argparse
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.runs.cost import TARGETS, print_costs
from benchmarks.runs.storm import print_storm, storm
from tests.support.running_stack import RunningStack, running_stack

#: Steps in progress at once: each is a process of the emulator.
STEPS = "6"


def main() -> None:
    """Measure one part, and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.runs")
    parts = parser.add_subparsers(required=True)
    cost = parts.add_parser("cost", help="cost of a simulation by the number of scenarios")
    cost.add_argument("--scenarios", type=int, nargs="+", default=[10, 100, 1000])
    cost.set_defaults(holds=lambda options: print_costs(options.scenarios))
    storms = parts.add_parser("storm", help="a run under kills and redelivery")
    storms.add_argument("--target", choices=TARGETS, default="workflow")
    storms.add_argument("--scenarios", type=int, default=1000)
    storms.add_argument("--repeats", type=int, default=3)
    storms.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    storms.set_defaults(holds=_storm)
    options = parser.parse_args()
    raise SystemExit(not options.holds(options))


def _storm(options: argparse.Namespace) -> bool:
    with _stack() as (stack, http):
        found = storm(
            stack, http, options.target, options.scenarios, options.repeats, options.seed
        )  # fmt: skip
    print_storm(found, options.target, options.seed)
    return not found.faults


@contextmanager
def _stack() -> Iterator[tuple[RunningStack, httpx.Client]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(Path(folder) / "stack", MaxSimulationSteps=STEPS) as stack,
        httpx.Client(
            base_url=stack.api_url, headers={"x-api-key": stack.api_key}, timeout=120
        ) as http,
    ):
        yield stack, http


if __name__ == "__main__":
    main()
