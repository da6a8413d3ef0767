"""Virtual environments of the project, one for each lock file in requirements/.

    python -m local.environments dev tools

An environment whose stamp holds the hash of its lock and its Python is kept; any other is
created again. Several are created in parallel: most of the time is waiting. Uses the standard
library only.
"""

import fcntl
import hashlib
import os
import re
import shutil
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from local.commands import Command
from local.console import Failure, error_line, run_task, step
from local.pip_output import Progress, failure_reason
from local.progress import Task, shown
from local.settings import ROOT

ENVIRONMENTS = ROOT / ".venv"
#: Lock files of an environment besides the one of its name.
_FURTHER_LOCKS = {"dev": ("redaction", "mcp", "cli", "traces", "browser")}

_VENV = ("-m", "venv")
#: Of waiting for each answer of the package index, which pip asks up to five times more.
_PIP_SECONDS = 7
#: Without any answer for so long, there is no network. pip itself would retry for minutes.
_UNREACHABLE_SECONDS = 14


def interpreter(name: str) -> Path:
    """Return the path of an environment's Python."""
    return ENVIRONMENTS / name / "bin" / "python"


def program(name: str, command: str) -> Path:
    """Return the path of a command that an environment has installed."""
    return ENVIRONMENTS / name / "bin" / command


def _locks(name: str) -> list[Path]:
    names = (name, *_FURTHER_LOCKS.get(name, ()))
    return [ROOT / "requirements" / f"{lock}.txt" for lock in names]


def _expected_stamp(name: str) -> str:
    locked = b"".join(lock.read_bytes() for lock in _locks(name))
    return hashlib.sha256(locked + sys.version.encode()).hexdigest()


def _is_complete(name: str) -> bool:
    stamp = ENVIRONMENTS / name / "stamp"
    return stamp.is_file() and stamp.read_text() == _expected_stamp(name)


class _Installation:
    """Creation of one environment in a thread."""

    def __init__(self, name: str, held_lock: int) -> None:
        self.name = name
        self.failure: Failure | None = None
        locked = "".join(lock.read_text() for lock in _locks(name))
        self._packages = len(re.findall(r"^[\w.-]+(?:\[.*\])?==", locked, re.M))
        self.task = Task(f"Installing {name}")
        self._folder = ENVIRONMENTS / name
        self._progress = Progress()
        # The programs have the lock file open: if this process is killed, the next one waits for
        # the end of what is left.
        options = {"pass_fds": (held_lock,), "env": os.environ | {"PYTHONUNBUFFERED": "1"}}
        self._venv = Command([sys.executable, *_VENV, self._folder], **options)
        self._pip = Command(
            [
                *(interpreter(name), "-m", "pip", "install", "--disable-pip-version-check"),
                *("--progress-bar", "off", "--timeout", str(_PIP_SECONDS), "--require-hashes"),
                *("--no-deps", *(f"--requirement={lock}" for lock in _locks(name))),
            ],
            **options,
        )
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        self._thread.start()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def update(self) -> None:
        """Count the packages, and end an installation that reaches no package index."""
        if self.task.ended is not None:
            return
        total = self._packages - self._progress.skipped
        if self._progress.is_installing:
            done = sum(1 for _ in self._folder.glob("lib/python*/site-packages/*.dist-info"))
            self.task.detail = f"installed {min(done, total)} of {total} packages"
        else:
            self.task.detail = f"fetched {self._progress.collected} of {total} packages"
        is_late = time.monotonic() - self.task.started > _UNREACHABLE_SECONDS
        if is_late and self._progress.is_without_network:
            self._pip.end()

    def end(self) -> None:
        """End the programs, and wait for the removal of an incomplete environment."""
        self._venv.end()
        self._pip.end()
        self._thread.join()

    def _run(self) -> None:
        try:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._create()
            (self._folder / "stamp").write_text(_expected_stamp(self.name))
            self.task.detail = f"{self._packages - self._progress.skipped} packages"
        except (Failure, OSError) as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            self.failure = Failure(f"requirements/{self.name}.txt: {error}")
        self.task.end(failed=self.failure is not None)

    def _create(self) -> None:
        status, output = self._venv.run()
        if status:
            raise Failure(f"no environment could be created: {error_line(output)}")
        status, output = self._pip.run(self._progress.read)
        if status:
            raise Failure(failure_reason(output))


def ensure(names: Sequence[str]) -> None:
    """Create those of the environments that are missing or outdated.

    One process at a time; others wait and find them complete.
    """
    if all(map(_is_complete, names)):
        return
    with _locked() as lock:
        missing = [name for name in names if not _is_complete(name)]
        if missing:
            _install([_Installation(name, lock) for name in missing])


def _install(installations: Sequence[_Installation]) -> None:
    """Run the installations; the first failure ends all of them."""
    try:
        with shown([one.task for one in installations], is_list=True):
            for one in installations:
                one.start()
            while any(one.is_running for one in installations):
                for one in installations:
                    one.update()
                _raise_first(installations)
                time.sleep(0.1)
            _raise_first(installations)
    finally:
        for one in installations:
            one.end()


def _raise_first(installations: Sequence[_Installation]) -> None:
    for one in installations:
        if one.failure is not None:
            raise one.failure


@contextmanager
def _locked() -> Iterator[int]:
    ENVIRONMENTS.mkdir(exist_ok=True)
    with (ENVIRONMENTS / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with step("Waiting for another installation"):
                fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


if __name__ == "__main__":
    run_task(lambda: ensure(sys.argv[1:]))
