"""Terminal output of tasks: steps with their duration, or one line of failure."""

import argparse
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from local.progress import Task, shown


class Failure(Exception):
    """Failure of a task; its text is the one line that the user reads."""

    status = 1


class BadValue(Failure):
    """Value of a variable that breaks a rule: ``NAME: rule, what to do``."""

    status = 2


class Parser(argparse.ArgumentParser):
    """Parser whose error is one line."""

    def error(self, message: str) -> NoReturn:
        """Exit with status 2. A message that begins with a variable's name has no option's name."""
        text = re.sub(r"^argument [^:]*: (?=[A-Z]+: )", "", message)
        self.exit(2, f"error: {text}\n")


@contextmanager
def step(text: str) -> Iterator[Task]:
    """Show `text` while the block runs, and its duration when it ends."""
    task = Task(text)
    with shown([task]):
        yield task


def error_line(output: str) -> str:
    """Return the line of a failed program's output that most likely names the error."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for pattern in ("ERROR: ", "(?i)error: ", r"\w+(Error|Exception)\b"):
        for line in lines:
            if re.match(pattern, line):
                return line
    return lines[-1] if lines else "no output"


def run_task(task: Callable[[], int | None]) -> NoReturn:
    """Run a task and exit with its status; a failure prints one line to stderr, status 1 or 2.

    SIGTERM interrupts the task as Ctrl-C does, also in the background, where the shell has the
    process ignore Ctrl-C.
    """
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.default_int_handler)
    try:
        status = task()
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        status = failure.status
    except KeyboardInterrupt:
        status = 130
    raise SystemExit(status or 0)
