"""Commands: programs that tests run to their end, with text as output."""

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
