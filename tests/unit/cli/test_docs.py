"""Page docs/cli.md, the package's metadata, and the time of a start."""

import subprocess
import sys
import tomllib

import pytest
from typer.main import get_command

from cli.agent_sessions_cli import __version__
from cli.agent_sessions_cli.app import app
from cli.agent_sessions_cli.errors import Status
from local.cli_docs import PAGE, documented_help, help_text
from local.settings import ROOT
from tests.unit.cli.conftest import CommandLine

COMMANDS = [
    (name, *([sub] if sub else []))
    for name, command in get_command(app).commands.items()  # type: ignore[attr-defined]  # a group
    for sub in getattr(command, "commands", {"": None})
]


def test_page_has_the_help_of_the_program() -> None:
    """``python -m local.cli_docs`` renews it."""
    assert documented_help() == help_text()


def test_page_names_every_exit_status() -> None:
    page = PAGE.read_text()

    assert not [status for status in Status if f"| {int(status)} | " not in page]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_examples_and_json(words: tuple[str, ...], cli: CommandLine) -> None:
    done = cli(*words, "--help")

    assert done.status == 0
    assert f"agent-sessions {' '.join(words)}" in done.out.partition("Example")[2]
    assert "--json" in done.out


def test_package_requires_what_is_tested() -> None:
    package = tomllib.loads((ROOT / "cli" / "pyproject.toml").read_text())
    tested = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["cli"]

    required = package["project"]["dependencies"] + package["build-system"]["requires"]
    assert sorted(one.replace("_", "-") for one in required) == sorted(tested)
    assert package["project"]["version"] == __version__


def test_help_loads_neither_the_client_nor_the_project() -> None:
    """A start must be fast: only what a command needs is loaded."""
    program = (
        "import sys; from cli.agent_sessions_cli.__main__ import run; run(['--version']);"
        "print([m for m in sys.modules if m.split('.')[0] in ('httpx', 'rich', 'shared', 'local')])"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True,
                          text=True, check=True)  # fmt: skip

    assert done.stdout.splitlines()[-1] == "[]"
