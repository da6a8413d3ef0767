"""Start-up and warm time of built functions, beside the same handlers written the textbook way.

    python -m benchmarks [--starts 5] [--requests 300]

Both run under the Lambda Runtime Interface Emulator on this machine, in turn, against the same
local stack. Start-up is the emulator's own INIT REPORT, the median of the starts. Warm time is the
processor time of the function's process, a request, while the machine disturbs it least. Only the
ratios carry over to another machine.
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

#: What the project means to reach, as parts of the textbook's figure.
GOALS = {"init": 0.45, "warm": 0.70}

#: Parts of the warm requests. The functions take turns after each, all cases together, so that a
#: spell in which the machine is busy otherwise meets all alike, and none in all of its parts.
BLOCKS = 30

#: Of one case, ours and the textbook's.
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
    """Return milliseconds until the first event is asked for."""
    taken: Pair[list[float]] = ([], [])
    for _ in range(starts):
        for package, times in zip(packages, taken, strict=True):
            with package.run(stack, log / "started") as function:
                _succeed(function, case)
                times.append(function.init_milliseconds())
    return statistics.median(taken[0]), statistics.median(taken[1])


def _warm(
    packages: list[Pair[Package]], stack: RunningStack, log: Path, requests: int
) -> list[Pair[float]]:
    """Return microseconds of processor time a request, after a fifth as many to warm up.

    The least of the blocks: what else runs on the machine takes caches and half of a core away,
    and makes waking another thread dear, which only the textbook's handlers do.
    """
    with ExitStack() as all_of_them:
        functions = [
            (case, all_of_them.enter_context(package.run(stack, log / f"{case.name}-{place}")))
            for case, pair in zip(CASES, packages, strict=True)
            for place, package in enumerate(pair)
        ]
        for case, function in functions:
            _block(function, case, max(1, requests // 5))
        blocks = [
            [_block(function, case, max(1, requests // BLOCKS)) for case, function in functions]
            for _ in range(BLOCKS)
        ]
    least = [min(times) for times in zip(*blocks, strict=True)]
    return list(zip(least[::2], least[1::2], strict=True))


def _block(function: BuiltFunction, case: Case, requests: int) -> float:
    before = processor_seconds(function.pid)
    for _ in range(requests):
        _succeed(function, case)
    return (processor_seconds(function.pid) - before) / requests * 1e6


def _succeed(function: BuiltFunction, case: Case) -> None:
    answer = function.invoke(case.event())
    if answer.get("statusCode", 500) >= 300:
        raise SystemExit(f"{case.name}: {answer}\n{function.log()[-2000:]}")


def _print(init: list[Pair[float]], warm: list[Pair[float]]) -> None:
    print(f"{'function':34}{'init ms':>18}{'ratio':>7}{'warm CPU µs':>20}{'ratio':>7}")
    ratios: dict[str, list[float]] = {"init": [], "warm": []}
    for case, started, asked in zip(CASES, init, warm, strict=True):
        for name, (own, other) in (("init", started), ("warm", asked)):
            ratios[name].append(own / other)
        print(
            f"{case.name:34}"
            f"{started[0]:>8.0f} of {started[1]:>5.0f}{ratios['init'][-1]:>8.2f}"
            f"{asked[0]:>10.0f} of {asked[1]:>5.0f}{ratios['warm'][-1]:>8.2f}"
        )
    for name, found in ratios.items():
        print(
            f"{name}: median {statistics.median(found):.2f} of the textbook's,"
            f" worst {max(found):.2f}; goal {GOALS[name]:.2f}"
        )


if __name__ == "__main__":
    main()
