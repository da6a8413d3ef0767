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
            *(sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"),
            *("local.emulator", str(tmp_path / "stack-2")),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    process.stdout.readline()  # a process that is being started has no command line yet
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


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere ps is a part of the system")
def test_process_is_known_where_there_is_no_ps(
    tmp_path: Path, other: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a machine with Python and make alone, then a stack that runs is found all the same."""
    stack = LocalStack(home=tmp_path / "stack-2")
    stack.home.mkdir()
    stack.pid_file.write_text(str(other))
    monkeypatch.setenv("PATH", str(tmp_path))

    assert processes.running_pid(stack) == other
