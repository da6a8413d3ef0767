"""Start-up and warm time of built functions, beside the same handlers written the textbook way.

    python -m benchmarks [--starts 5] [--requests 300]

Both run under the Lambda Runtime Interface Emulator on this machine, in turn, against the same
local stack. Start-up is the emulator's own INIT REPORT. Warm time is the processor time of the
function's process, a request. Only the ratios carry over to another machine.
"""

import argparse
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.cases import CASES, Case, prepare
from benchmarks.packages import ours, textbook
from benchmarks.processes import processor_seconds
from local.rie import BuiltFunction
from tests.support.running_stack import RunningStack, running_stack

#: What the project means to reach, as parts of the textbook's figure.
GOALS = {"init": 0.45, "warm": 0.70}

#: Parts of the warm requests, each function's in turn with the other's.
BLOCKS = 5

type Figures = dict[str, float]


def main() -> None:
    """Measure every case and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--starts", type=int, default=5, help="starts of each function")
    parser.add_argument("--requests", type=int, default=300, help="warm requests of each function")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder) / "stack") as stack:
        prepare(stack)
        print(f"{'function':34}{'init ms':>18}{'ratio':>7}{'warm CPU µs':>20}{'ratio':>7}")
        ratios: dict[str, list[float]] = {"init": [], "warm": []}
        for case in CASES:
            figures = _compare(case, stack, Path(folder), options.starts, options.requests)
            for name, ratio in _row(case, *figures).items():
                ratios[name].append(ratio)
    for name, found in ratios.items():
        print(
            f"{name}: median {statistics.median(found):.2f} of the textbook's,"
            f" worst {max(found):.2f}; goal {GOALS[name]:.2f}"
        )


def _compare(
    case: Case, stack: RunningStack, folder: Path, starts: int, requests: int
) -> tuple[Figures, Figures]:
    packages = [(place, make(case)) for place, make in enumerate([ours, textbook])]
    init: list[list[float]] = [[], []]
    for _ in range(starts):
        for place, package in packages:
            with package.run(stack, folder / f"{place}.log") as function:
                _succeed(function, case)
                init[place].append(function.init_milliseconds())
    with ExitStack() as both:
        functions = [
            both.enter_context(package.run(stack, folder / f"{place}.log"))
            for place, package in packages
        ]
        own, other = _warm(functions, case, requests)
    return (
        {"init": statistics.median(init[0]), "warm": own},
        {"init": statistics.median(init[1]), "warm": other},
    )


def _warm(functions: list[BuiltFunction], case: Case, requests: int) -> list[float]:
    """Return microseconds of processor time a request, after a fifth as many to warm up.

    Block by block in turn, so that what the machine does meanwhile meets all alike.
    """
    for function in functions:
        for _ in range(requests // BLOCKS):
            _succeed(function, case)
    spent = [0.0 for _ in functions]
    for _ in range(BLOCKS):
        for place, function in enumerate(functions):
            before = processor_seconds(function.pid)
            for _ in range(requests // BLOCKS):
                _succeed(function, case)
            spent[place] += processor_seconds(function.pid) - before
    return [seconds / (requests // BLOCKS * BLOCKS) * 1e6 for seconds in spent]


def _succeed(function: BuiltFunction, case: Case) -> None:
    answer = function.invoke(case.event())
    if answer.get("statusCode", 500) >= 300:
        raise SystemExit(f"{case.name}: {answer}\n{function.log()[-2000:]}")


def _row(case: Case, own: Figures, other: Figures) -> dict[str, float]:
    ratios = {name: own[name] / other[name] for name in GOALS}
    print(
        f"{case.name:34}"
        f"{own['init']:>8.0f} of {other['init']:>5.0f}{ratios['init']:>8.2f}"
        f"{own['warm']:>10.0f} of {other['warm']:>5.0f}{ratios['warm']:>8.2f}",
        flush=True,
    )
    return ratios


if __name__ == "__main__":
    main()
