"""Cost of each call by the size of its lists and logs: python -m benchmarks.growth [--sizes …]

Requests, read and write units by DynamoDB's rules (see ``capacity``) are exact. CPU is that of the
functions and the SDK: the time of the table's answers is left out (see ``large_table``). Sizes
alternate, the minimum of several calls counts, and only the ratio to the smallest size says
something. Lists and logs have as many items as the size; a million is loaded in seconds, since
items are rendered when they are read.
"""

import argparse
import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from benchmarks.capacity import Meter
from benchmarks.growth_world import CALLS, Call, World
from benchmarks.large_table import LargeTable
from benchmarks.partitions import DEFAULT_LIST_SHARDS
from benchmarks.quiet import silent
from benchmarks.traffic import reply, table_meter
from local.console import step
from shared.storage.client import dynamodb
from tests.support.storage import forget_process_state, moto_table
from tests.support.turns import Model, Turns

SIZES = (1_000, 10_000, 100_000, 1_000_000)
#: Timed calls of each size, and the seconds after which a call is not repeated any more.
REPEATS, LONGEST = 7, 2.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of one call at one size.

    Attributes
    ----------
    kind, name
        The call; ``kind`` is list, page, get, append or draft.
    size
        Items of each list and events of each log.
    seconds
        CPU of the functions and the SDK.
    ratio
        ``seconds`` relative to the smallest size.
    """

    kind: str
    name: str
    size: int
    requests: int
    reads: float
    writes: float
    seconds: float
    ratio: float


def measure(sizes: Sequence[int] = SIZES, calls: Sequence[Call] = CALLS) -> list[Cost]:
    """Return the cost of each call at each size, calls in order."""
    with worlds_of(sizes) as (meter, worlds):
        return [cost for call in calls for cost in _measure(call, meter, worlds)]


@contextmanager
def worlds_of(sizes: Sequence[int]) -> Iterator[tuple[Meter, list[World]]]:
    """Fill a table with an organization of each size."""
    with pytest.MonkeyPatch.context() as patch, moto_table(patch), silent():
        patch.setenv("LIST_SHARDS", str(DEFAULT_LIST_SHARDS))
        forget_process_state()
        table, meter = LargeTable(DEFAULT_LIST_SHARDS), table_meter()
        turns = Turns(Model(reply))
        with table.attached(dynamodb()):
            worlds = [World(size, table, turns) for size in sizes]
            for world in worlds:
                with step(f"Loading lists and logs of {world.size:,}"):
                    world.fill()
            meter.attach(dynamodb())
            gc.collect()
            gc.freeze()  # a large heap would make each collection slower
            try:
                yield meter, worlds
            finally:
                gc.unfreeze()


def _measure(call: Call, meter: Meter, worlds: list[World]) -> list[Cost]:
    with step(f"{call.kind}: {call.name}"):
        call.run(worlds[0])  # starts this process's parts
        counted = []
        for world in worlds:
            meter.reset()
            call.run(world)
            counted.append((meter.requests.total(), meter.reads, meter.writes))
        meter.is_on = False
        fastest = _fastest(call, worlds)
        meter.is_on = True
    return [
        Cost(call.kind, call.name, world.size, *units, seconds, seconds / fastest[0])
        for world, units, seconds in zip(worlds, counted, fastest, strict=True)
    ]


def _fastest(call: Call, worlds: list[World]) -> list[float]:
    """Return the least CPU seconds of the call in each world."""
    times: list[list[float]] = [[] for _ in worlds]
    for _ in range(REPEATS):
        for world, spent in zip(worlds, times, strict=True):
            if sum(spent) < LONGEST:
                elsewhere, started = world.table.seconds, time.process_time()
                call.run(world)
                total = time.process_time() - started
                spent.append(total - (world.table.seconds - elsewhere))
    return list(map(min, times))


def main() -> None:
    """Measure every call and print a row for each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--only", default="", help="calls whose kind and name contain this text")
    options = parser.parse_args()
    calls = [one for one in CALLS if options.only in f"{one.kind}: {one.name}"]
    measured = measure(options.sizes, calls)
    sizes = "".join(f"{size:>10,}" for size in options.sizes)
    for title, form in (
        ("requests", "{0.requests:>10}"),
        ("read units", "{0.reads:>10.1f}"),
        ("write units", "{0.writes:>10.0f}"),
        ("CPU, relative to the first", "{0.ratio:>10.2f}"),
    ):
        print(f"\n{title:40}{sizes}")
        for call in calls:
            costs = [one for one in measured if (one.kind, one.name) == (call.kind, call.name)]
            cells = "".join(form.format(cost) for cost in costs)
            print(f"{call.kind:8}{call.name:32}{cells}")


if __name__ == "__main__":
    main()
