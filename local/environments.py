"""Virtual environments of the project, one for each lock file in requirements/.

    python -m local.environments dev tools

An environment whose stamp holds the hash of its lock and its Python is kept; any other is
created again. Several are created in parallel: most of the time is waiting.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from local.console import Failure, error_line, run_task, step
from local.settings import ROOT

ENVIRONMENTS = ROOT / ".venv"


def interpreter(name: str) -> Path:
    """Return the path of an environment's Python."""
    return ENVIRONMENTS / name / "bin" / "python"


def program(name: str, command: str) -> Path:
    """Return the path of a command that an environment has installed."""
    return ENVIRONMENTS / name / "bin" / command


def _lock(name: str) -> Path:
    return ROOT / "requirements" / f"{name}.txt"


def _expected_stamp(name: str) -> str:
    return hashlib.sha256(_lock(name).read_bytes() + sys.version.encode()).hexdigest()


def _is_complete(name: str) -> bool:
    stamp = ENVIRONMENTS / name / "stamp"
    return stamp.is_file() and stamp.read_text() == _expected_stamp(name)


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failure(error_line(done.stderr + done.stdout))


def _create(name: str) -> None:
    folder = ENVIRONMENTS / name
    shutil.rmtree(folder, ignore_errors=True)
    try:
        _run(sys.executable, "-m", "venv", folder)
        _run(
            *(interpreter(name), "-m", "pip", "install", "--disable-pip-version-check"),
            *("--require-hashes", "--no-deps", "-r", _lock(name)),
        )
        (folder / "stamp").write_text(_expected_stamp(name))
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, Failure):
            raise Failure(
                f"requirements/{name}.txt: packages must be installable: {error}"
            ) from None
        raise


def ensure(names: list[str]) -> None:
    """Create those of the environments that are missing or outdated.

    One process at a time; others wait and find them complete.
    """
    if all(map(_is_complete, names)):
        return
    with _lock_file():
        missing = [name for name in names if not _is_complete(name)]
        if not missing:
            return
        with (
            step(f"Installing {', '.join(missing)} (locked, once)"),
            ThreadPoolExecutor(max_workers=len(missing)) as pool,
        ):
            list(pool.map(_create, missing))


@contextmanager
def _lock_file() -> Iterator[None]:
    ENVIRONMENTS.mkdir(exist_ok=True)
    with (ENVIRONMENTS / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    run_task(lambda: ensure(sys.argv[1:]))
