"""Progress of tasks: live lines in a terminal, plain lines elsewhere.

Uses the standard library only: the first installation shows progress too.
"""

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

_REDRAW_SECONDS = 0.2
#: Between two lines about a running task without a terminal.
HEARTBEAT_SECONDS = 15


@dataclass(slots=True)
class Task:
    """A running task: its text, what is done of it, and its duration."""

    text: str
    detail: str = ""
    failed: bool = False
    started: float = field(default_factory=time.monotonic)
    ended: float | None = None

    def end(self, *, failed: bool = False) -> None:
        """Stop the clock, once."""
        if self.ended is None:
            self.failed, self.ended = failed, time.monotonic()

    @property
    def seconds(self) -> float:
        return (self.ended or time.monotonic()) - self.started

    def result(self) -> str:
        """Return what is done, and the duration."""
        if self.failed:
            return f"failed after {self.seconds:.1f} s"
        seconds = f"{self.seconds:.{0 if self.ended is None else 1}f} s"
        return f"{self.detail}, {seconds}" if self.detail else seconds


@contextmanager
def shown(tasks: Sequence[Task], *, is_list: bool = False) -> Iterator[None]:
    """Show tasks while the block runs, and end those that are still running with it.

    In a terminal, one line each is redrawn. Elsewhere, each task of a list has a line at its start
    and its end, while a single task has one line for both. A heartbeat follows every 15 s.
    """
    if _is_terminal():
        display: _Display = _Live(tasks)
    else:
        display = _Plain(tasks) if is_list else _OneLine(tasks)
    stopped = threading.Event()
    ticker = threading.Thread(target=display.run, args=(stopped,), daemon=True)
    display.start()
    ticker.start()
    failed = True
    try:
        yield
        failed = False
    finally:
        stopped.set()
        ticker.join()
        for task in tasks:
            task.end(failed=failed)
        display.draw()


def _is_terminal() -> bool:
    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def _print(text: str, end: str = "\n") -> None:
    print(text, end=end, flush=True)


class _Display:
    """Output of tasks. Only one thread at a time draws."""

    interval = _REDRAW_SECONDS

    def __init__(self, tasks: Sequence[Task]) -> None:
        self.tasks = tasks

    def start(self) -> None:
        """Write the first output."""

    def draw(self) -> None:
        """Write the tasks' present state."""

    def run(self, stopped: threading.Event) -> None:
        """Draw until stopped."""
        while not stopped.wait(self.interval):
            self.draw()


class _Live(_Display):
    """Lines of a terminal that are redrawn in place."""

    def start(self) -> None:
        _print("\n" * len(self.tasks), end="")
        self.draw()

    def draw(self) -> None:
        width = shutil.get_terminal_size().columns - 1
        lines = (f"{task.text} ... {task.result()}"[:width] for task in self.tasks)
        _print(f"\x1b[{len(self.tasks)}A" + "".join(f"\r\x1b[2K{line}\n" for line in lines), end="")


class _OneLine(_Display):
    """One line without a terminal, longer after each heartbeat."""

    interval = HEARTBEAT_SECONDS

    def start(self) -> None:
        _print(f"{self.tasks[0].text} ...", end="")

    def draw(self) -> None:
        (task,) = self.tasks
        _print(f" {task.result()}", end=" ..." if task.ended is None else "\n")


class _Plain(_Display):
    """Lines without a terminal: start and end of each task, and a heartbeat."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        super().__init__(tasks)
        self._told: set[str] = set()
        self._beat = time.monotonic()

    def start(self) -> None:
        for task in self.tasks:
            _print(f"{task.text} ...")

    def draw(self) -> None:
        for task in self.tasks:
            if task.ended is not None and task.text not in self._told:
                self._told.add(task.text)
                _print(f"{task.text}: {task.result()}")
        running = [task for task in self.tasks if task.ended is None]
        if running and time.monotonic() - self._beat >= HEARTBEAT_SECONDS:
            self._beat = time.monotonic()
            for task in running:
                _print(f"{task.text} ... {task.result()}")
