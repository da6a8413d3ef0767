"""`make run` before anything is installed: checks, then installation, then local/run.py.

Uses the standard library only. Each wrong value and each conflict is told before the installation
and the build, which may take minutes.
"""

import os
import sys

from local.console import run_task
from local.environments import ensure, interpreter
from local.ownership import lock_start, refuse_conflicts
from local.run_options import read_options
from local.settings import ROOT


def _main() -> None:
    options = read_options()
    refuse_conflicts(options.stack)
    lock = lock_start(options.stack)
    ensure(["dev", "emulator", "node", "tools"])
    os.set_inheritable(lock, True)  # noqa: FBT003 - takes no name
    words = [str(interpreter("dev")), "-m", "local.run", "--lock", str(lock), *sys.argv[1:]]
    os.chdir(ROOT)
    os.execv(words[0], words)  # noqa: S606 - Ctrl-C and the lock stay with one process


if __name__ == "__main__":
    run_task(_main)
