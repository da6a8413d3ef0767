"""Processor time of a process and its children, from /proc (Linux only)."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int) -> float:
    """Return what the children of a process have used so far, in seconds; not itself.

    The parent is the runtime emulator, whose own work is not the function's.
    """
    children = Path(f"/proc/{pid}/task").glob("*/children")
    pids = {int(child) for file in children for child in file.read_text().split()}
    return sum(_used(child) for child in pids)


def _used(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
