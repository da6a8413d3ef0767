"""`make lock`: resolve the dependencies of pyproject.toml into requirements/.

The locks hold names, versions and hashes for all platforms, and no URL: each machine
configures its own package index.
"""

import re
import subprocess
import sys

from local.console import Failure, error_line, run_task, step
from local.environments import program
from local.settings import ROOT

# Sources of each lock. `runtime` comes first: the development environment tests with the
# deployed versions.
LOCKS: dict[str, tuple[str, ...]] = {
    "runtime": ("pyproject.toml",),
    "redaction": ("--group", "redaction", "--no-deps"),
    "dev": ("pyproject.toml", "--group", "dev", "--constraints", "requirements/runtime.txt"),
    # Tested in the development environment, so with its versions.
    "mcp": ("--group", "mcp", "--constraints", "requirements/dev.txt"),
    "cli": ("--group", "cli", "--constraints", "requirements/dev.txt"),
    "traces": ("--group", "traces", "--constraints", "requirements/dev.txt"),
    "checks": ("--group", "checks", "--constraints", "requirements/dev.txt"),
    "emulator": ("--group", "emulator"),
    "lambda": ("--group", "lambda", "--constraints", "requirements/dev.txt"),
    "tools": ("--group", "tools"),
    "textbook": ("--group", "textbook", "--constraints", "requirements/dev.txt"),
    "bare": ("--group", "bare", "--constraints", "requirements/dev.txt"),
    "drafts": ("--group", "drafts", "--no-deps"),
    "presidio": ("--group", "presidio"),
    "scrubadub": ("--group", "scrubadub"),
    "langgraph": ("--group", "langgraph"),
    "langgraph-server": ("--group", "langgraph-server"),
    "adk": ("--group", "adk", "--constraints", "requirements/dev.txt", "--no-deps"),
    "plots": ("--group", "plots"),
    "everruns-0-1": ("--group", "everruns-0-1"),
    "galtea-4": ("--group", "galtea-4"),
    "galtea-5": ("--group", "galtea-5"),
    "galtea-cli": ("--group", "galtea-cli"),
    "llama": ("--group", "llama"),
    "litellm": ("--group", "litellm"),
    "tracing": ("--group", "tracing"),
    "api-client": ("--group", "api-client", "--constraints", "requirements/dev.txt"),
    "node": ("--group", "node"),
    "browser": ("--group", "browser", "--constraints", "requirements/dev.txt"),
    "docs": ("--group", "docs", "--constraints", "requirements/dev.txt", "--no-deps"),
}


def _compile(name: str, options: tuple[str, ...]) -> None:
    if name == "mcp":
        options += tuple(f"--no-emit-package={one}" for one in _packages("runtime"))
    done = subprocess.run(
        [
            *(program("tools", "uv"), "pip", "compile", "--universal", "--python-version", "3.12"),
            *("--generate-hashes", "--no-header", "--no-annotate", "--upgrade", "--quiet"),
            *("--python", sys.executable, *options, "--output-file", f"requirements/{name}.txt"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failure(f"requirements/{name}.txt cannot be resolved: {error_line(done.stderr)}")


def _packages(name: str) -> list[str]:
    """Return the names of the packages in a lock."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return re.findall(r"^([\w.-]+)==", text, re.MULTILINE)


def _main() -> None:
    for name, options in LOCKS.items():
        with step(f"Locking {name}"):
            _compile(name, options)


if __name__ == "__main__":
    run_task(_main)
