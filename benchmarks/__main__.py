"""INIT duration and warm CPU time of built functions, relative to two other ways to write them.

    python -m benchmarks [--starts 5] [--requests 300]

The textbook handlers are what a tutorial leads to (``benchmarks/textbook/``), the bare ones have
no framework (``benchmarks/bare/``). All run under the Lambda Runtime Interface Emulator on this
machine, alternating, against the same local stack. INIT is the emulator's INIT REPORT, the minimum
of the starts, to which other load on the machine only adds. Warm time is the CPU time of the
function's process per request, the minimum of the blocks. Only the ratios carry over to another
machine.
"""

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import CASES, Case, prepare
from benchmarks.packages import Package, bare, ours, textbook
from benchmarks.processes import processor_seconds
from local.console import step
from local.rie import BuiltFunction
from tests.support.running_stack import RunningStack, running_stack

#: Blocks of the warm requests. The functions of all cases alternate after each block, so that other
#: load on the machine affects all of them, and none in all of its blocks.
BLOCKS = 30


@dataclass(frozen=True, slots=True)
class Times:
    """One figure of one endpoint: of our function and of the two others."""

    ours: float
    textbook: float
    bare: float

    def ratio(self, other: str) -> float:
        """Return ours relative to the ``textbook`` or the ``bare`` one."""
        return self.ours / float(getattr(self, other))


@dataclass(frozen=True, slots=True)
class Result:
    """Figures of one endpoint: milliseconds of INIT, CPU microseconds of a warm request."""

    name: str
    init: Times
    warm: Times


#: Goals of the project: figure, relative to, ratio.
GOALS = (
    ("init", "textbook", 0.30),
    ("init", "bare", 1.25),
    ("warm", "textbook", 0.50),
    ("warm", "bare", 1.50),
)


def main() -> None:
    """Measure every case and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--starts", type=int, default=5, help="starts of each function")
    parser.add_argument("--requests", type=int, default=300, help="warm requests of each function")
    options = parser.parse_args()
    _print(measure(options.starts, options.requests))


def measure(starts: int = 5, requests: int = 300) -> list[Result]:
    """Start a stack and measure every case."""
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder) / "stack") as stack:
        prepare(stack)
        packages = [(ours(case), textbook(case), bare(case)) for case in CASES]
        log = Path(folder)
        with step(f"Starting each function {starts} times"):
            init = _init(packages, stack, log, starts)
        with step(f"Sending {requests} requests to each"):
            warm = _warm(packages, stack, log, requests)
    return [Result(case.name, *times) for case, *times in zip(CASES, init, warm, strict=True)]


def _init(
    packages: Sequence[tuple[Package, ...]], stack: RunningStack, log: Path, starts: int
) -> list[Times]:
    """Return the least INIT milliseconds. All functions start once before one starts again."""
    rounds = [
        [
            [_start(case, package, stack, log / "started") for package in own]
            for case, own in zip(CASES, packages, strict=True)
        ]
        for _ in range(starts)
    ]
    return [
        Times(*(min(durations) for durations in zip(*of_case, strict=True)))
        for of_case in zip(*rounds, strict=True)
    ]


def _start(case: Case, package: Package, stack: RunningStack, log: Path) -> float:
    with package.run(stack, log) as function:
        _invoke(function, case)
        return function.init_milliseconds()


def _warm(
    packages: Sequence[tuple[Package, ...]], stack: RunningStack, log: Path, requests: int
) -> list[Times]:
    """Return CPU microseconds per request, after a fifth as many requests to warm up.

    The minimum of the blocks: other load on the machine takes caches and half of a core, and makes
    thread switches slower, which only the textbook handlers do.
    """
    with ExitStack() as running:
        functions = [
            (case, running.enter_context(package.run(stack, log / f"{case.name}-{place}")))
            for case, own in zip(CASES, packages, strict=True)
            for place, package in enumerate(own)
        ]
        for case, function in functions:
            _block(function, case, max(1, requests // 5))
        blocks = [
            [_block(function, case, max(1, requests // BLOCKS)) for case, function in functions]
            for _ in range(BLOCKS)
        ]
    fastest = [min(times) for times in zip(*blocks, strict=True)]
    return [Times(*own) for own in zip(fastest[::3], fastest[1::3], fastest[2::3], strict=True)]


def _block(function: BuiltFunction, case: Case, requests: int) -> float:
    before = processor_seconds(function.pid)
    for _ in range(requests):
        _invoke(function, case)
    return (processor_seconds(function.pid) - before) / requests * 1e6


def _invoke(function: BuiltFunction, case: Case) -> None:
    answer = function.invoke(case.event())
    if answer.get("statusCode", 500) >= 300:
        raise SystemExit(f"{case.name}: {answer}\n{function.log()[-2000:]}")


def _print(results: list[Result]) -> None:
    header = f"{'ours':>8}{'textbook':>10}{'bare':>7}{'ratios':>12}"
    print(f"{'function':30}{header}{header}")
    print(f"{'':30}{'INIT ms':>37}{'warm CPU µs':>37}")
    for result in results:
        columns = "".join(
            f"{times.ours:>8.0f}{times.textbook:>10.0f}{times.bare:>7.0f}"
            f"{times.ratio('textbook'):>6.2f}{times.ratio('bare'):>6.2f}"
            for times in (result.init, result.warm)
        )
        print(f"{result.name:30}{columns}")
    for figure, other, goal in GOALS:
        values = [getattr(result, figure).ratio(other) for result in results]
        print(
            f"{figure}, of the {other} one's: median {statistics.median(values):.2f},"
            f" worst {max(values):.2f}; goal {goal:.2f}"
        )


if __name__ == "__main__":
    main()
