"""Processor time and memory of a process's children (Linux only)."""

import ctypes
import os
import time
from pathlib import Path

_LIBC = ctypes.CDLL(None)


def processor_seconds(pid: int) -> float:
    """Return what the children of a process have used so far, in seconds; not itself.

    The parent is the runtime emulator, whose own work is not the function's. Threads that have
    ended are counted.
    """
    return sum(map(own_seconds, _children(pid)))


def own_seconds(pid: int) -> float:
    """Return what a process has used so far, in seconds."""
    return time.clock_gettime(_clock_of(pid))


def peak_megabytes(pid: int) -> float:
    """Return the most memory that a child of a process has had in RAM so far."""
    peaks = (
        line.split()[1]
        for child in _children(pid)
        for line in Path(f"/proc/{child}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    )
    return max(int(kilobytes) / 1024 for kilobytes in peaks)


def _children(pid: int) -> set[int]:
    children = Path(f"/proc/{pid}/task").glob("*/children")
    return {int(child) for file in children for child in file.read_text().split()}


def _clock_of(pid: int) -> int:
    """Return the clock of a process: /proc/…/stat counts in hundredths of a second."""
    clock = ctypes.c_int()
    if error := _LIBC.clock_getcpuclockid(pid, ctypes.byref(clock)):
        raise OSError(error, os.strerror(error))
    return clock.value
