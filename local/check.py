"""`make check`: format, lint, types, template and console, one line each with its seconds."""

import os
import sys
from pathlib import Path

from local.commands import Command
from local.console import Failure, run_task, step
from local.environments import program
from local.settings import ROOT

_CLOUDFORMATION = {"SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "eu-west-1"}


def _steps() -> dict[str, list[str | Path]]:
    python = [sys.executable, "-m"]
    return {
        "Format": [*python, "ruff", "format", "--check", "."],
        "Lint": [*python, "ruff", "check", "."],
        "Types": [*python, "mypy"],
        "Template": [
            *(program("tools", "cfn-lint"), "-a", "cfn_lint_serverless.rules"),
            *("--", "template.yaml"),
        ],
        "Template as SAM reads it": [
            *(program("tools", "sam"), "validate", "--lint", "--template-file", "template.yaml")
        ],
        "Web console": [*python, "local.web_console", "check"],
    }


def _main() -> None:
    failed = []
    for name, words in _steps().items():
        command = Command(words, cwd=ROOT, env=os.environ | _CLOUDFORMATION)
        try:
            with step(name):
                status, output = command.run()
                if status:
                    raise Failure(name)
        except Failure:
            print(output, end="")
            failed.append(name)
    if failed:
        raise Failure(f"not passed: {', '.join(failed)}; the lines above say why")


if __name__ == "__main__":
    run_task(_main)
