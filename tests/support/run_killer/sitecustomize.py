"""Killer of runs of turns and simulations, within their process: exactly one of each twenty.

Python imports a module of this name automatically if its folder is on PYTHONPATH, as it is for
the functions of a stack under test. It does nothing unless a storm runs (see ``turn_storm``):
then it counts runs, and the run of each twenty that the seed chooses gets SIGKILL at a storage
request: before it is sent, or after it is carried out and before the run gets the response. A
run with fewer requests is killed before it returns. A function's process has only its artifact,
so this module imports nothing of the project.
"""

import fcntl
import importlib
import importlib.machinery
import json
import os
import random
import signal
import sys
import threading
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

#: The watched modules of the functions.
MODULES = ("triggers.dispatch_turns", "triggers.run_simulation", "triggers.run_turn")
#: Names the folder of a storm, with its seed, a byte per run, and a line per kill.
FOLDER = "RUN_KILLER_FOLDER"
SEED, RUNS, KILLS = "seed", "runs", "kills"
#: Number of successive runs of which one is killed.
KILLED_OF = 20
#: It is killed at one of so many first requests: a run that answers a message makes seven, a
#: dispatch of one makes two.
_FIRST_REQUESTS = 4

type Handler = Callable[[dict[str, Any], Any], Any]


def chosen(seed: str, run: int) -> bool:
    """Return whether a run, counted from 1, is the one of its twenty that is killed."""
    twenty, place = divmod(run - 1, KILLED_OF)
    return random.Random(f"{seed} {twenty}").randrange(KILLED_OF) == place


class Killer:
    """Kills this process at one of a run's requests."""

    def __init__(self, folder: Path, seed: str, run: int) -> None:
        chance = random.Random(f"{seed} {run}")
        self._folder = folder
        self._run = run
        self._request = chance.randint(1, _FIRST_REQUESTS)
        self._moment = chance.choice(["before-send", "response-received"])
        self._made = 0
        self._lock = threading.Lock()

    def watch(self, client: Any) -> None:
        client.meta.events.register(f"{self._moment}.dynamodb", self._count)

    def _count(self, **_: Any) -> None:
        with self._lock:
            self._made += 1
            if self._made == self._request:
                self.kill(self._moment)

    def kill(self, moment: str) -> None:
        """Record the kill and kill the process."""
        line = json.dumps({"run": self._run, "request": self._made, "moment": moment})
        with (self._folder / KILLS).open("a") as kills:
            kills.write(line + "\n")
        os.kill(os.getpid(), signal.SIGKILL)


def counted(folder: Path) -> int:
    """Count a run across all processes of the function, and return its number, from 1."""
    with (folder / RUNS).open("ab", buffering=0) as runs:
        fcntl.flock(runs, fcntl.LOCK_EX)
        runs.write(b".")
        return os.fstat(runs.fileno()).st_size


def watched(handler: Handler, folder: Path) -> Handler:
    """Return a handler whose runs are counted and killed during a storm."""

    @wraps(handler)
    def run(event: dict[str, Any], context: Any) -> Any:
        try:
            seed = (folder / SEED).read_text()
        except FileNotFoundError:
            return handler(event, context)
        number = counted(folder)
        if not chosen(seed, number):
            return handler(event, context)
        killer = Killer(folder, seed, number)
        killer.watch(importlib.import_module("shared.storage.client").dynamodb())
        handler(event, context)
        killer.kill("before its answer")
        raise AssertionError("unreachable: the process was killed")

    return run


class _Finder:
    """Finds the watched module and wraps its handler once it is loaded."""

    @staticmethod
    def find_spec(
        name: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in MODULES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return spec
        load = spec.loader.exec_module

        def load_and_watch(module: Any) -> None:
            load(module)
            module.handler = watched(module.handler, Path(os.environ[FOLDER]))

        spec.loader.exec_module = load_and_watch  # type: ignore[method-assign]  # of this one
        return spec


# The emulator's own process, which passes its environment on, has no function name.
if FOLDER in os.environ and "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    sys.meta_path.insert(0, _Finder)
