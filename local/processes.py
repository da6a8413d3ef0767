"""Process of the emulator: start, stop, and find it by its pid file."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from local.console import BadValue, Failure, error_line
from local.environments import interpreter
from local.ports import Owner, owner
from local.settings import HOST, REGION, ROOT, LocalStack

_START_SECONDS = 60
_STOP_SECONDS = 60
#: Processes on Linux, where small systems come without ps; other systems have it.
_PROCESSES = Path("/proc")

# Child processes of this program, which it must wait for.
_children: dict[int, subprocess.Popen[bytes]] = {}


def running_pid(stack: LocalStack) -> int | None:
    """Return the process id of this stack's emulator, or None.

    A pid may have been reused by another program; the command line identifies the emulator.
    """
    pid, _ = stack.saved_process()
    is_running = pid and _command_line(pid).endswith(f"local.emulator {stack.home}")
    return pid if is_running else None


def save(stack: LocalStack, pid: int) -> None:
    """Write the emulator's process id and port, atomically: other commands read them."""
    partial = stack.pid_file.with_suffix(".partial")
    partial.write_text(f"{pid} {stack.port}\n")
    partial.replace(stack.pid_file)


def _command_line(pid: int) -> str:
    """Return the command line of a process; empty if it has ended."""
    if _PROCESSES.joinpath("self").exists():
        try:
            words = _PROCESSES.joinpath(str(pid), "cmdline").read_bytes()
        except OSError:
            return ""
        return os.fsdecode(words).rstrip("\0").replace("\0", " ")
    listed = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout.rstrip("\n")


def start(stack: LocalStack, environment: Mapping[str, str] | None = None) -> None:
    """Start the emulator and wait until it answers.

    ``environment`` is added to its own, which its functions inherit.

    Raises
    ------
    BadValue
        If the stack's folder cannot be written.
    Failure
        If the emulator does not start; nothing is left running.
    """
    _clear_temporary(stack)
    create_folders(stack)
    with stack.log_file.open("ab") as log:
        process = subprocess.Popen(
            [interpreter("emulator"), "-m", "local.emulator", str(stack.home)],
            cwd=ROOT,
            env={**_environment(stack), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C reaches only this program: the emulator saves its state on SIGTERM.
            start_new_session=True,
        )
    try:
        _children[process.pid] = process
        save(stack, process.pid)
        _wait_until_healthy(stack, process)
    except BaseException:
        stop(stack)
        raise


def stop(stack: LocalStack) -> bool:
    """Stop the emulator, which saves its state; return whether it was running.

    Raises
    ------
    Failure
        If it does not end. It is not killed, which would lose its data.
    """
    pid = running_pid(stack)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        while running_pid(stack) is not None:
            if time.monotonic() > deadline:
                raise Failure(f"the emulator (process {pid}) does not stop; see {stack.log_file}")
            time.sleep(0.05)
        if child := _children.pop(pid, None):
            child.wait()
    stack.pid_file.unlink(missing_ok=True)
    _clear_temporary(stack)
    return pid is not None


def was_stopped(stack: LocalStack) -> bool:
    """Return whether another command stops the emulator, which is ending or has ended.

    That command removes the process id once the emulator has saved its state.
    """
    deadline = time.monotonic() + _STOP_SECONDS
    while running_pid(stack) is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    return not stack.pid_file.exists()


def _environment(stack: LocalStack) -> dict[str, str]:
    """Return the emulator's environment, which its functions inherit; not the user's."""
    return {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ
    } | {
        "GATEWAY_PORT": str(stack.port),
        "BIND_HOST": HOST,
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(stack.home / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(stack.home / "state" / "s3"),
        "TMPDIR": str(stack.temporary),
        "PYTHONNOUSERSITE": "1",
        "LOG_LEVEL": "INFO",
    }


def _clear_temporary(stack: LocalStack) -> None:
    """Remove unpacked functions, which killed workers leave behind."""
    shutil.rmtree(stack.temporary, ignore_errors=True)


def create_folders(stack: LocalStack) -> None:
    """Create the stack's folders. Raises ``BadValue`` if they cannot be written."""
    try:
        for folder in (stack.temporary, stack.home / "state"):
            folder.mkdir(parents=True, exist_ok=True)
        stack.log_file.open("ab").close()
    except OSError as error:
        raise BadValue(
            f"STATE: must be a folder to write in; the stack's folder cannot be created: {error}"
        ) from None


def _wait_until_healthy(stack: LocalStack, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            output = error_line(stack.log_file.read_text(errors="replace"))
            raise Failure(f"the emulator ended early (see {stack.log_file}): {output}")
        if owner(stack.port, seconds=2) == Owner(str(stack.home), process.pid):
            return
        time.sleep(0.05)
    raise Failure(f"the emulator did not answer within {_START_SECONDS} s; see {stack.log_file}")
