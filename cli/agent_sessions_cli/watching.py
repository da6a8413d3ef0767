"""Progress of a run: a live table on a terminal, else a line when something changes."""

import sys
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import output, run_client
from .runs import counts, rate, result_line

if TYPE_CHECKING:
    from rich.console import Group

    from .client import Api

#: Seconds between two looks at a run: at first, and later.
_SOON, _LATER = 0.5, 2.0
#: Seconds between two lines where there is no terminal.
_QUIET = 10.0
#: Failures that the live table shows.
_SHOWN = 8


class Watch:
    """Looks at a run until it ends; ``wait`` pauses, and returns True to end early."""

    def __init__(self, api: "Api", wait: Callable[[float], object] = time.sleep) -> None:
        self._api = api
        self._wait = wait
        self._began = time.monotonic()
        self._said_at = 0.0
        self._failures: deque[str] = deque(maxlen=_SHOWN)
        self._not_passed = 0

    def until_end(self, run: dict[str, Any]) -> dict[str, Any]:
        """Return the run once it has ended, or as it is when ``wait`` says so."""
        if not sys.stderr.isatty():
            return self._follow(run, self._tell)
        from rich.console import Console  # noqa: PLC0415 - only on a terminal
        from rich.live import Live  # noqa: PLC0415

        with Live(console=Console(stderr=True), refresh_per_second=4) as live:
            return self._follow(run, lambda now: live.update(self._table(now)))

    def _follow(
        self, run: dict[str, Any], show: Callable[[dict[str, Any]], None]
    ) -> dict[str, Any]:
        identifier = run["id"]
        while True:
            self._read_failures(run)
            show(run)
            elapsed = time.monotonic() - self._began
            if run["status"] not in run_client.OPEN:
                return run
            if self._wait(_SOON if elapsed < 20 else _LATER):
                return run_client.get(self._api, identifier)
            run = run_client.get(self._api, identifier)

    def _read_failures(self, run: dict[str, Any]) -> None:
        """Read the failures of a live table anew when there are more."""
        failed = run["progress"]["failed"]
        if failed == self._not_passed or not sys.stderr.isatty():
            return
        self._not_passed = failed
        self._failures.clear()
        for one in run_client.results(self._api, run["id"], _SHOWN, outcome="failed"):
            self._failures.append(result_line(one))

    def _tell(self, run: dict[str, Any]) -> None:
        now = time.monotonic()
        if run["status"] not in run_client.OPEN or now - self._said_at >= _QUIET:
            self._said_at = now
            output.note(f"{run['status']}: {counts(run['progress'])}")

    def _table(self, run: dict[str, Any]) -> "Group":
        from rich.console import Group  # noqa: PLC0415 - only on a terminal
        from rich.progress_bar import ProgressBar  # noqa: PLC0415
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        progress, totals = run["progress"], run["totals"]
        verdicts = progress["passed"] + progress["failed"] + progress["undecided"]
        verdicts += progress["errors"]
        shown = Table(box=None, pad_edge=False)
        cells = {
            "STATUS": run["status"], "ENDED": f"{progress['finished']}/{progress['total']}",
            "PASSED": progress["passed"], "FAILED": progress["failed"],
            "UNDECIDED": progress["undecided"], "ERRORS": progress["errors"],
            "PASS RATE": rate(progress["passed"] / verdicts if verdicts else None),
            "TURNS": totals["turns"], "TOKENS": totals["input_tokens"] + totals["output_tokens"],
            "COST": "-" if totals["cost_usd"] is None else f"${totals['cost_usd']:.4f}",
            "TIME": f"{time.monotonic() - self._began:.0f} s",
        }  # fmt: skip
        for name in cells:
            shown.add_column(name)
        shown.add_row(*(Text(str(value)) for value in cells.values()))
        bar = ProgressBar(total=progress["total"] or 1, completed=progress["finished"], width=60)
        failures = (Text(output.visible(one), "red", no_wrap=True) for one in self._failures)
        return Group(shown, bar, *failures)
