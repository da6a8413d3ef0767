"""Programs of a task end with everything that they started."""

import sys
import threading
import time

import pytest

from local import processes
from local.commands import Command

#: Starts a child that would run for a minute, prints its id, and waits for it.
_PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
child.wait()
"""


def test_output_is_read_line_by_line() -> None:
    lines: list[str] = []

    status, output = Command(
        [sys.executable, "-c", "print('a'); print('ü', flush=True); raise SystemExit(3)"]
    ).run(lines.append)

    assert (status, output, lines) == (3, "a\nü\n", ["a\n", "ü\n"])


def test_interruption_ends_the_program_and_its_children() -> None:
    children: list[int] = []

    def interrupt(line: str) -> None:
        children.append(int(line))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Command([sys.executable, "-c", _PARENT]).run(interrupt)

    assert _ended(children[0])


def test_program_is_ended_from_another_thread() -> None:
    command = Command([sys.executable, "-c", _PARENT])
    children: list[int] = []

    def read(line: str) -> None:
        if line.strip().isdigit():  # not the traceback of its interruption
            children.append(int(line))

    thread = threading.Thread(target=command.run, args=(read,))
    thread.start()
    while not children:
        time.sleep(0.01)

    command.end()
    thread.join()

    assert _ended(children[0])
    assert command.run() == (1, "interrupted")


def _ended(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while processes._command_line(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not processes._command_line(pid)
