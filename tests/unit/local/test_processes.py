"""A process is known again by its command line, not by its pid alone."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import processes
from local.settings import LocalStack


@pytest.fixture
def other(tmp_path: Path) -> Iterator[int]:
    """The pid of what looks like the emulator of a stack in the folder ``stack-2``."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", "import sys; sys.stdin.read()"),
            *("local.emulator", str(tmp_path / "stack-2")),
        ],
        stdin=subprocess.PIPE,
    )
    yield process.pid
    process.communicate()


@pytest.mark.parametrize(("folder", "is_it"), [("stack-2", True), ("stack", False)])
def test_left_over_pid_file_names_no_other_stacks_process(
    tmp_path: Path, other: int, folder: str, is_it: bool
) -> None:
    """Given a pid that is another stack's now, then this one is not running."""
    stack = LocalStack(home=tmp_path / folder)
    stack.home.mkdir()
    stack.pid_file.write_text(str(other))

    assert processes.running_pid(stack) == (other if is_it else None)
