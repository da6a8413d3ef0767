"""Terminal output of tasks: steps with their duration, or one line of failure."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Failure(Exception):
    """Failure of a task; its text is the one line that the user reads."""


@contextmanager
def step(text: str) -> Iterator[None]:
    """Print `text` when the block starts and its duration when it ends."""
    started = time.monotonic()
    print(f"{text} ...", end="", flush=True)
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - started:.1f} s", flush=True)


def error_line(output: str) -> str:
    """Return the line of a failed program's output that most likely names the error."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for pattern in ("ERROR: ", "(?i)error: ", r"\w+(Error|Exception)\b"):
        for line in lines:
            if re.match(pattern, line):
                return line
    return lines[-1] if lines else "no output"


def run_task(task: Callable[[], int | None]) -> None:
    """Run a task and exit with its status; a failure prints one line to stderr, status 1."""
    try:
        status = task()
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        status = 130
    raise SystemExit(status or 0)
