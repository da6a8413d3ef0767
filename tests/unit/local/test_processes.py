"""Emulator processes are identified by command line, not by pid alone."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import processes
from local.settings import LocalStack


@pytest.fixture
def other(tmp_path: Path) -> Iterator[int]:
    """The pid of a process like the emulator of a stack in the folder ``stack-2``."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"),
            *("local.emulator", str(tmp_path / "stack-2")),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    process.stdout.readline()  # a starting process has no command line yet
    yield process.pid
    process.communicate()


@pytest.mark.parametrize("has_ps", [True, False])
@pytest.mark.parametrize(("folder", "is_it"), [("stack-2", True), ("stack", False)])
def test_process_is_identified_by_the_folder_in_its_command_line(
    tmp_path: Path,
    other: int,
    monkeypatch: pytest.MonkeyPatch,
    folder: str,
    is_it: bool,
    has_ps: bool,
) -> None:
    if not has_ps:
        if sys.platform != "linux":
            pytest.skip("ps is part of other systems")
        monkeypatch.setenv("PATH", str(tmp_path))
    stack = LocalStack(home=tmp_path / folder)
    stack.home.mkdir()
    stack.pid_file.write_text(str(other))

    assert processes.running_pid(stack) == (other if is_it else None)
