"""`make bench`: measure every part of the report, and write docs/performance.md.

    python -m benchmarks.report [--only turns starts]    the others keep their last figures
    python -m benchmarks.report --page                   measures nothing
    python -m benchmarks.report --readme --budgets       README's cost table, tests/budgets.toml

Results are kept in `.bench/`, one file a part; until all parts have one, the page is written there.
"""

import argparse
import json
import time
import traceback
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import artifact, operations, price
from benchmarks.report.budgets import of_artifact, of_operations, write_budgets
from benchmarks.report.catalog import PARTS, Part
from benchmarks.report.machine import commit, describe_machine, describe_versions
from benchmarks.report.page import PAGE, Measured, write_page
from benchmarks.report.readme import update_readme
from local.console import run_task
from local.settings import ROOT

RESULTS = ROOT / ".bench"


def main() -> int:
    """Run what the options name; return 1 if a part failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report")
    names = [part.name for part in PARTS]
    parser.add_argument("--only", choices=names, nargs="+", default=names, help="parts to measure")
    parser.add_argument(
        "--trial", action="store_true", help="one pass of timed parts, fewer repetitions"
    )
    parser.add_argument("--page", action="store_true", help="measure nothing")
    parser.add_argument("--readme", action="store_true", help="only README's cost table")
    parser.add_argument("--budgets", action="store_true", help="only tests/budgets.toml")
    options = parser.parse_args()
    if options.budgets:
        measured = of_operations(operations.measure()) | of_artifact(artifact.measure())
        write_budgets(measured)
    if options.readme:
        update_readme(price.measure())
    if options.readme or options.budgets:
        return 0
    chosen = [] if options.page else [part for part in PARTS if part.name in options.only]
    failed = _measure_all(chosen, trial=options.trial)
    found = [_stored(part) for part in PARTS if _file(part).is_file()]
    file = write_measured(found)
    if not options.page:
        update_readme(price.measure())
    print(f"wrote {file.relative_to(ROOT)}" + (f"; failed: {', '.join(failed)}" if failed else ""))
    return bool(failed)


def write_measured(found: list[Measured]) -> Path:
    """Write the page, and return it: in `.bench/` if some parts were never measured here.

    The page in docs/ keeps all of its parts.
    """
    if len(found) == len(PARTS):
        write_page(found)
        return PAGE
    plots = RESULTS / "performance"
    plots.mkdir(parents=True, exist_ok=True)
    write_page(found, RESULTS / PAGE.name, plots)
    return RESULTS / PAGE.name


def _measure_all(parts: list[Part], *, trial: bool) -> list[str]:
    """Measure parts and store their results; return the names of those that failed."""
    RESULTS.mkdir(exist_ok=True)
    started, failed = time.monotonic(), []
    for place, part in enumerate(parts, 1):
        try:
            _measure(part, f"[{place}/{len(parts)}]", started, trial=trial)
        # One part must not cost the others their time: its error is shown, and fails the command.
        except Exception:
            traceback.print_exc()
            failed.append(part.name)
    return failed


def _measure(part: Part, place: str, started: float, *, trial: bool) -> None:
    began, passes = time.monotonic(), []
    trial = trial and part.trial is not None
    most = 1 if trial else part.passes
    measure = part.trial if trial and part.trial else part.measure
    for number in range(1, most + 1):
        of = f", pass {number} of {most}" if most > 1 else ""
        print(f"{place} {part.name}{of} ({_minutes(started)} so far)", flush=True)
        passes.append(measure())
    measured = Measured(
        section=part.present(passes),
        date=f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
        commit=commit(),
        machine=describe_machine(),
        versions=describe_versions(),
        seconds=round(time.monotonic() - began, 1),
        passes=most,
        trial=trial,
    )
    _file(part).write_text(json.dumps(asdict(measured), indent=1))
    print(f"{place} {part.name}: {measured.seconds:.0f} s", flush=True)


def _minutes(since: float) -> str:
    minutes, seconds = divmod(round(time.monotonic() - since), 60)
    return f"{minutes} min {seconds:02d} s"


def _stored(part: Part) -> Measured:
    return Measured.of(json.loads(_file(part).read_text()))


def _file(part: Part) -> Path:
    return RESULTS / f"{part.name}.json"


if __name__ == "__main__":
    run_task(main)
