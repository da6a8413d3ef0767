"""Commands: programs that tests run to their end, with text as output."""

import os
import subprocess
from typing import Any

from local.settings import ROOT


def run(*words: object, check: bool = True, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command in the project's folder; ``options`` are those of ``subprocess.run``."""
    return subprocess.run(
        [str(word) for word in words],
        check=check,
        capture_output=True,
        text=True,
        **{"cwd": ROOT} | options,
    )


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make without the variables of the surrounding make and shell."""
    passed = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    return run("make", "--no-print-directory", *arguments, check=False, env=passed)
