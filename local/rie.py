"""Built function under the Lambda Runtime Interface Emulator, isolated with its layers.

The emulator is part of the SAM CLI's wheel, the runtime client is a package: no container is
needed. A package that is missing in the layer is missing here too, while functions of the local
stack would find it in the emulator's environment.
"""

import json
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import closing, suppress
from pathlib import Path
from random import SystemRandom
from types import TracebackType
from typing import Any, Self

from local.console import Failure, error_line
from local.endpoint import open_direct
from local.environments import ENVIRONMENTS, interpreter
from local.settings import HOST, MACHINE, REGION

_START_SECONDS = 60
#: Starts, at most: another program may take a free port before the emulator does.
_STARTS = 3
_RANDOM = SystemRandom()
#: Below the ephemeral ports of Linux, macOS and Windows.
_PORTS = range(20_000, 30_000)
_INIT = re.compile(r"INIT REPORT\(durationMs: ([0-9.]+)")


def free_port() -> int:
    """Return a free port on the loopback address.

    Not an ephemeral one: the system may give those to an outgoing connection meanwhile.
    """
    while True:
        port = _RANDOM.choice(_PORTS)
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port


class BuiltFunction:
    """Execution environment of one function; use it in a ``with`` block.

    Parameters
    ----------
    code
        The function's folder in the artifact.
    handler
        As in the template.
    layers
        The layers' folders in the artifact.
    environment
        The function's variables.
    log
        File for the function's output.
    """

    def __init__(
        self, code: Path, handler: str, layers: list[Path], environment: dict[str, str], log: Path
    ) -> None:
        self._code = code
        self._handler = handler
        self._layers = layers
        self._variables = environment
        self._log = log
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        for remaining in reversed(range(_STARTS)):
            try:
                self._start()
            except Failure:
                if not remaining:
                    raise
            else:
                return self
        raise AssertionError

    def _start(self) -> None:
        """Start the emulator at free ports. Raises ``Failure`` if it ends, or does not answer."""
        self._port = free_port()
        emulator = next(
            (ENVIRONMENTS / "tools").glob(
                f"lib/*/site-packages/samcli/local/rapid/aws-lambda-rie-{MACHINE}"
            )
        )
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *(emulator, "--log-level", "info"),
                    *("--runtime-interface-emulator-address", f"{HOST}:{self._port}"),
                    *("--runtime-api-address", f"{HOST}:{free_port()}"),
                    *(interpreter("lambda"), "-m", "awslambdaric", self._handler),
                ],
                cwd=self._code,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait()
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(timeout=10)

    def invoke(self, event: dict[str, Any]) -> Any:
        """Invoke the function and return its answer; invocations must not overlap."""
        request = urllib.request.Request(
            f"http://{HOST}:{self._port}/2015-03-31/functions/function/invocations",
            data=json.dumps(event).encode(),
        )
        with open_direct(request, timeout=120) as response:
            return json.load(response)

    @property
    def pid(self) -> int:
        """Process id of the emulator, whose child is the function."""
        assert self._process is not None
        return self._process.pid

    def log(self) -> str:
        """Return the output of function and emulator so far."""
        return self._log.read_text(errors="replace")

    def init_milliseconds(self) -> float:
        """Return the duration of INIT: from start until the request for the first event."""
        match = _INIT.search(self.log())
        if not match:
            raise Failure(f"no INIT REPORT in {self._log}; the function starts at its first call")
        return float(match[1])

    def _environment(self) -> dict[str, str]:
        search = [self._code, *(layer / "python" for layer in self._layers)]
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(map(str, search)),
            "PYTHONNOUSERSITE": "1",
            "LAMBDA_TASK_ROOT": str(self._code),
            "AWS_LAMBDA_FUNCTION_NAME": self._handler.replace(".", "-"),
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_LAMBDA_FUNCTION_TIMEOUT": "10",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        } | self._variables

    def _wait(self) -> None:
        """Wait for the port without invoking: the first invocation starts the function."""
        assert self._process is not None
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with closing(socket.socket()) as probe:
                if probe.connect_ex((HOST, self._port)) == 0:
                    return
            time.sleep(0.02)
        raise Failure(f"the runtime emulator did not start: {error_line(self.log())}")
