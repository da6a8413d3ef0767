"""Ownership: a port belongs to one stack, and a stack's folder is in use on one port.

The folder has the port beside the process id, and the emulator names its folder. Uses the standard
library only: commands check both before anything is installed.
"""

import argparse
import fcntl
import os
import shlex
from pathlib import Path

from local import processes
from local.console import Failure
from local.ports import is_in_use, owner
from local.settings import LocalStack, chosen_stack


def find(stack: LocalStack) -> int | None:
    """Return the process id of the stack's emulator; None if it does not run."""
    return _look(stack)[0]


def refuse_conflicts(stack: LocalStack) -> None:
    """Raise ``Failure`` unless the stack may start on its port, or runs there already."""
    pid, user = _look(stack)
    if pid is None and user:
        raise Failure(f"{user}; choose another with PORT=")
    if other_port := pid and _other_port(stack):
        raise Failure(
            f"the stack in {stack.name} runs on {other_port}; stop it first (make stop"
            f"{_state(stack.home)}) or use PORT={other_port}"
        )


def running_stack(arguments: argparse.Namespace) -> LocalStack:
    """Return the stack of the options. Raises ``Failure`` unless it runs on that port."""
    stack = chosen_stack(arguments)
    if not is_running(stack):
        raise Failure(
            f"nothing runs on {stack.port}; start the stack in {stack.name}: make run DETACH=1"
        )
    return stack


def is_running(stack: LocalStack) -> bool:
    """Return whether the stack runs on its port.

    Raises ``Failure`` if it runs on another, and if another stack or program has its port.
    """
    pid, user = _look(stack)
    if other_port := pid and _other_port(stack):
        user = user or f"nothing runs on {stack.port}"
        raise Failure(f"{user}; the stack in {stack.name} runs on {other_port}")
    if pid is None and user:
        raise Failure(f"{user}; choose yours with PORT= and STATE=")
    if pid is None and _is_starting(stack):
        raise Failure(f"a make run is starting the stack in {stack.name}; end it with Ctrl-C")
    return pid is not None


def _look(stack: LocalStack) -> tuple[int | None, str]:
    """Return the process id of the stack's emulator, and who else uses the stack's port.

    Finds the emulator by its port where the folder does not name it, as after a removal of the
    folder.
    """
    pid = processes.running_pid(stack)
    if (pid and not _other_port(stack)) or not is_in_use(stack.port):
        return pid, ""
    found = owner(stack.port)
    if found is None:
        return pid, f"port {stack.port}: is in use by another program"
    if found.home != str(stack.home):
        return pid, f"port {stack.port}: belongs to the stack in {found.home}"
    stack.home.mkdir(parents=True, exist_ok=True)
    processes.save(stack, found.pid)
    return processes.running_pid(stack), ""


def _other_port(stack: LocalStack) -> int | None:
    """Return the port on which the stack's emulator was started, if it is another one."""
    port = stack.saved_process()[1]
    return None if port == stack.port else port


def _state(home: Path) -> str:
    return "" if home == LocalStack().home else f" STATE={shlex.quote(str(home))}"


def lock_start(stack: LocalStack) -> int:
    """Return a descriptor that keeps others from starting the stack until it is closed.

    Raises ``Failure`` if another process has it.
    """
    processes.create_folders(stack)
    descriptor = os.open(stack.start_lock, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise Failure(
            f"another make run is starting the stack in {stack.name}; wait until it is ready"
        ) from None
    return descriptor


def _is_starting(stack: LocalStack) -> bool:
    try:
        descriptor = os.open(stack.start_lock, os.O_WRONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
