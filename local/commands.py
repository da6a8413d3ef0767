"""Programs that a task runs to their end, and ends together with everything that they started."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

#: Waiting times for the end of a program after each signal. The first lets it clean up.
_SIGNALS = ((signal.SIGINT, 5.0), (signal.SIGTERM, 2.0), (signal.SIGKILL, 5.0))


class Command:
    """Program in a process group of its own, which Ctrl-C in a terminal does not reach.

    The task that runs it receives Ctrl-C, and ends the whole group.
    """

    def __init__(self, words: Sequence[str | Path], **options: Any) -> None:
        """Prepare the program; ``options`` are those of ``subprocess.Popen``."""
        self._words = [str(word) for word in words]
        self._options = options
        self._process: subprocess.Popen[str] | None = None
        self._is_ended = False
        self._lock = threading.Lock()

    def run(self, on_line: Callable[[str], None] = lambda _: None) -> tuple[int, str]:
        """Run the program; return its status and output, of which ``on_line`` gets each line."""
        lines = []
        with self._lock:
            if self._is_ended:
                return 1, "interrupted"
            self._process = process = subprocess.Popen(
                self._words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
                **self._options,
            )
        try:
            assert process.stdout
            with process.stdout:
                for line in process.stdout:
                    lines.append(line)
                    on_line(line)
            return process.wait(), "".join(lines)
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """End the program and all that it started; from any thread, at any time."""
        with self._lock:
            self._is_ended = True
            process = self._process
        if process is None or process.poll() is not None:
            return
        for number, seconds in _SIGNALS:
            if process.poll() is not None:
                break
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
        with suppress(ProcessLookupError):  # what outlives its parent
            os.killpg(process.pid, signal.SIGKILL)
