"""What a task tells the person at the terminal: steps with their time, or one line of failure."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Failure(Exception):
    """A task cannot go on. Its text is the one line that the user reads."""


@contextmanager
def step(text: str) -> Iterator[None]:
    """Print `text` when the work begins and the seconds it took when it is done."""
    started = time.monotonic()
    print(f"{text} ...", end="", flush=True)
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - started:.1f} s", flush=True)


def telling_line(output: str) -> str:
    """Return the line of a failed program's output that most likely says what went wrong."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for sign in ("ERROR: ", "(?i)error: ", r"\w+(Error|Exception)\b"):
        for line in lines:
            if re.match(sign, line):
                return line
    return lines[-1] if lines else "it said nothing"


def run_task(task: Callable[[], int | None]) -> None:
    """Run a task to its exit status; a failure becomes one line on stderr and status 1."""
    try:
        status = task()
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        status = 130
    raise SystemExit(status or 0)
