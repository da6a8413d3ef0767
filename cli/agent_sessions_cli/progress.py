"""Progress of an import: a bar on a terminal, sessions on stdout, refused lines on stderr."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Self

from . import output

if TYPE_CHECKING:
    from .importing import Imported, Sent


class Progress:
    """Counts and prints what becomes of the lines of an import."""

    def __init__(self, size: int | None, *, names_files: bool, as_json: bool) -> None:
        self.stored = self.existed = self.failed = 0
        self._names_files = names_files
        self._as_json = as_json
        self._size = size
        self._bar: Any = None
        self._task: Any = None
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._show()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def count(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Yield lines, and move the bar on by their bytes."""
        for line in lines:
            if self._bar is not None:
                self._bar.advance(self._task, len(line))
            yield line

    def imported(self, sent: "Sent", session: "Imported") -> None:
        """Print a session."""
        self.stored += not session.existed
        self.existed += session.existed
        self._update()
        if self._as_json:
            output.document({
                "file": sent.source, "line": sent.line.number, "id": session.id,
                "session_id": session.session_id, "kind": session.kind, "existed": session.existed,
            })  # fmt: skip
        else:
            output.line(f"{session.session_id}\t{session.id}")

    def refused(self, sent: "Sent", reason: str) -> None:
        """Print the number of a refused line, and the reason."""
        self.failed += 1
        self._update()
        place = f"line {sent.line.number}"
        output.note(
            f"{sent.source}: {place}: {reason}" if self._names_files else f"{place}: {reason}"
        )

    def summary(self) -> str:
        """Return the counts in a sentence."""
        seconds = time.monotonic() - self._started
        before = f", {self.existed} imported before" if self.existed else ""
        return f"{self.stored} imported{before}, {self.failed} failed, in {seconds:.1f} s"

    def _show(self) -> None:
        from rich.console import Console  # noqa: PLC0415 - only on a terminal
        from rich.progress import BarColumn, DownloadColumn, TextColumn  # noqa: PLC0415
        from rich.progress import Progress as Bar  # noqa: PLC0415
        from rich.progress import TimeRemainingColumn as Remaining  # noqa: PLC0415

        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), Remaining())
        # What goes to the terminal is printed above the bar; what goes elsewhere is left alone.
        self._bar = Bar(*columns, console=Console(stderr=True), redirect_stdout=sys.stdout.isatty())
        self._task = self._bar.add_task("importing", total=self._size)
        self._bar.start()

    def _update(self) -> None:
        if self._bar is not None:
            text = f"{self.stored + self.existed} imported, {self.failed} failed"
            self._bar.update(self._task, description=text)
