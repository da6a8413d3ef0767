"""INIT duration and warm CPU time of built functions, relative to textbook handlers.

    python -m benchmarks [--starts 5] [--requests 300]

Both run under the Lambda Runtime Interface Emulator on this machine, alternating, against the same
local stack. INIT is the emulator's INIT REPORT, the median of the starts. Warm time is the CPU time
of the function's process per request, the minimum of the blocks. Only the ratios carry over to
another machine.
"""

import argparse
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.cases import CASES, Case, prepare
from benchmarks.packages import Package, ours, textbook
from benchmarks.processes import processor_seconds
from local.console import step
from local.rie import BuiltFunction
from tests.support.running_stack import RunningStack, running_stack

#: Goals of the project, relative to the textbook.
GOALS = {"init": 0.40, "warm": 0.65}

#: Blocks of the warm requests. The functions of all cases alternate after each block, so that other
#: load on the machine affects all of them, and none in all of its blocks.
BLOCKS = 30

#: Figures of one case: ours and the textbook's.
type Pair[T] = tuple[T, T]


def main() -> None:
    """Measure every case and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--starts", type=int, default=5, help="starts of each function")
    parser.add_argument("--requests", type=int, default=300, help="warm requests of each function")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder) / "stack") as stack:
        prepare(stack)
        packages = [(ours(case), textbook(case)) for case in CASES]
        log = Path(folder)
        with step(f"Starting each function {options.starts} times"):
            init = [
                _init(case, pair, stack, log, options.starts)
                for case, pair in zip(CASES, packages, strict=True)
            ]
        with step(f"Sending {options.requests} requests to each"):
            warm = _warm(packages, stack, log, options.requests)
    _print(init, warm)


def _init(
    case: Case, packages: Pair[Package], stack: RunningStack, log: Path, starts: int
) -> Pair[float]:
    """Return the median INIT milliseconds."""
    durations: Pair[list[float]] = ([], [])
    for _ in range(starts):
        for package, times in zip(packages, durations, strict=True):
            with package.run(stack, log / "started") as function:
                _invoke(function, case)
                times.append(function.init_milliseconds())
    return statistics.median(durations[0]), statistics.median(durations[1])


def _warm(
    packages: list[Pair[Package]], stack: RunningStack, log: Path, requests: int
) -> list[Pair[float]]:
    """Return CPU microseconds per request, after a fifth as many requests to warm up.

    The minimum of the blocks: other load on the machine takes caches and half of a core, and makes
    thread switches slower, which only the textbook handlers do.
    """
    with ExitStack() as running:
        functions = [
            (case, running.enter_context(package.run(stack, log / f"{case.name}-{place}")))
            for case, pair in zip(CASES, packages, strict=True)
            for place, package in enumerate(pair)
        ]
        for case, function in functions:
            _block(function, case, max(1, requests // 5))
        blocks = [
            [_block(function, case, max(1, requests // BLOCKS)) for case, function in functions]
            for _ in range(BLOCKS)
        ]
    fastest = [min(times) for times in zip(*blocks, strict=True)]
    return list(zip(fastest[::2], fastest[1::2], strict=True))


def _block(function: BuiltFunction, case: Case, requests: int) -> float:
    before = processor_seconds(function.pid)
    for _ in range(requests):
        _invoke(function, case)
    return (processor_seconds(function.pid) - before) / requests * 1e6


def _invoke(function: BuiltFunction, case: Case) -> None:
    answer = function.invoke(case.event())
    if answer.get("statusCode", 500) >= 300:
        raise SystemExit(f"{case.name}: {answer}\n{function.log()[-2000:]}")


def _print(init: list[Pair[float]], warm: list[Pair[float]]) -> None:
    print(f"{'function':34}{'init ms':>18}{'ratio':>7}{'warm CPU µs':>20}{'ratio':>7}")
    ratios: dict[str, list[float]] = {"init": [], "warm": []}
    for case, started, warmed in zip(CASES, init, warm, strict=True):
        for name, (own, other) in (("init", started), ("warm", warmed)):
            ratios[name].append(own / other)
        print(
            f"{case.name:34}"
            f"{started[0]:>8.0f} of {started[1]:>5.0f}{ratios['init'][-1]:>8.2f}"
            f"{warmed[0]:>10.0f} of {warmed[1]:>5.0f}{ratios['warm'][-1]:>8.2f}"
        )
    for name, values in ratios.items():
        print(
            f"{name}: median {statistics.median(values):.2f} of the textbook's,"
            f" worst {max(values):.2f}; goal {GOALS[name]:.2f}"
        )


if __name__ == "__main__":
    main()
