"""Wheel of `agent-sessions`, installed and run against the stack: every command, and its status."""

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.captured_sessions import CONVERSATIONS
from tests.support.commands import run
from tests.support.running_stack import RunningStack

pytestmark = pytest.mark.environments("cli")

type Cli = Callable[..., str]


@pytest.fixture
def cli(command_line: Path, stack: RunningStack, tmp_path: Path) -> Cli:
    """The program of a user who is logged in to the stack."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(command_line.parent.parent),
        "XDG_CONFIG_HOME": str(tmp_path),
        "PYTHONWARNINGS": "error",
    }

    def command(*words: object, status: int = 0, stdin: str = "") -> str:
        done = run(command_line, *words, env=environment, check=False, input=stdin, cwd=tmp_path)
        assert done.returncode == status, f"{words}: {done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout

    return command


def test_wheel_holds_the_program_and_nothing_else(command_line_wheel: Path) -> None:
    names = zipfile.ZipFile(command_line_wheel).namelist()

    assert {name.split("/")[0] for name in names} == {
        "agent_sessions_cli", "agent_sessions_cli-0.1.0.dist-info",
    }  # fmt: skip
    assert {Path(name).suffix for name in names if name.startswith("agent_sessions_cli/")} == {
        ".py"
    }


def test_every_command_of_the_installed_wheel(
    cli: Cli, stack: RunningStack, tmp_path: Path
) -> None:
    # Ids of its own: other tests import these conversations, and this one deletes a session.
    text = sorted(CONVERSATIONS.glob("*.jsonl"))[0].read_text()
    file = tmp_path / "calls.jsonl"
    file.write_text(text.replace('{"id": "', '{"id": "cli-'))
    assert '"cli-' in file.read_text()
    cli("whoami", status=4)
    cli("login", stack.api_url, stdin="wrong", status=4)
    cli("login", stack.api_url, stdin=stack.api_key)
    assert json.loads(cli("whoami", "--json"))["url"] == stack.api_url

    imported = [json.loads(one) for one in cli("import", file, "--json").splitlines()]
    assert [one["existed"] for one in imported] == [False] * len(imported)
    assert cli("import", file, "--json").count('"existed": true') == len(imported)
    assert "line" not in cli("import", "-", stdin="no JSON", status=1)
    large = {"id": "large", "messages": [{"role": "user", "content": "é" * 75_000}] * 20}
    assert "\tlarge\n" in cli("import", "-", stdin=json.dumps(large, ensure_ascii=False))

    session = imported[0]["session_id"]
    assert session in cli("sessions", "list", "--all")
    assert "user: " in cli("sessions", "show", session)
    assert '"input.message"' in cli("sessions", "follow", session, "--until-idle", "--json")
    cli("sessions", "export", session, "-o", "export.jsonl")
    again = (tmp_path / "export.jsonl").read_text().replace(session, "again")
    assert "\tagain\n" in cli("import", "-", stdin=again)
    forked = cli("sessions", "fork", session, "--at", 1).strip()
    assert forked != session

    scenario = json.loads(cli("scenarios", "draft", session, "--save", "--json"))["id"]
    assert scenario in cli("scenarios", "list")
    assert "intent: " in cli("scenarios", "show", scenario)
    replayed = cli("scenarios", "replay", scenario, "--workflow", "order-status").strip()
    assert cli("sessions", "show", replayed, "--json").startswith('{"kind": "playground"')

    created = json.loads(cli("keys", "create", "cli", "--scope", "read", "--json"))
    assert created["id"] in cli("keys", "list")
    cli("keys", "revoke", created["id"], "--yes")
    cli("sessions", "delete", forked, session, "--yes")
    cli("sessions", "show", session, status=5)
    cli("sessions", "list", "--what", status=2)
    cli("logout")
    cli("whoami", status=4)


def test_unreachable_server_has_its_own_status(cli: Cli, stack: RunningStack) -> None:
    cli("login", "http://127.0.0.1:9", stdin="key", status=3)
