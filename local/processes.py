"""Process of the emulator: start, stop, and find it by its pid file."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from local.console import Failure, error_line
from local.endpoint import status
from local.environments import interpreter
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
    try:
        pid = int(stack.pid_file.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return pid if _command_line(pid).endswith(f"local.emulator {stack.home}") else None


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
    Failure
        If the port is in use or the emulator does not start; nothing is left running.
    """
    if _is_in_use(stack.port):
        raise Failure(
            f"port {stack.port} on {HOST} is in use: free it, or choose another: make run PORT=4567"
        )
    try:
        _create_folders(stack)
    except OSError as error:
        raise Failure(f"the stack's folder cannot be created: {error}") from None
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
    _children[process.pid] = process
    stack.pid_file.write_text(str(process.pid))
    try:
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


def _create_folders(stack: LocalStack) -> None:
    _clear_temporary(stack)
    for folder in (stack.temporary / "layers", stack.home / "state"):
        folder.mkdir(parents=True, exist_ok=True)


def _is_in_use(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _wait_until_healthy(stack: LocalStack, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            output = error_line(stack.log_file.read_text(errors="replace"))
            raise Failure(f"the emulator ended early (see {stack.log_file}): {output}")
        if status(f"{stack.endpoint_url}/_ministack/health", seconds=2) == 200:
            return
        time.sleep(0.05)
    raise Failure(f"the emulator did not answer within {_START_SECONDS} s; see {stack.log_file}")
