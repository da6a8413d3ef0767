"""Output on a terminal: tables, colors, questions, and the bar of an import."""

import json
import sys
from collections.abc import Callable

import httpx
import pytest

from shared.runs.runs.domain import RunStatus
from shared.simulation.judging.domain import Outcome
from tests.support.agents import new_session, say
from tests.support.fake_runs import FakeRuns, FakeScenario
from tests.support.gateway import Gateway
from tests.unit.cli.conftest import CommandLine


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let stdout and stderr be a terminal with a number of columns."""

    def set_up(columns: int) -> None:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("TERM", "xterm")
        for stream in (sys.stdout, sys.stderr):
            monkeypatch.setattr(stream, "isatty", lambda: True)

    return set_up


@pytest.mark.parametrize("columns", [60, 120])
def test_table_never_cuts_an_id(
    user: CommandLine, api: Gateway, on_terminal: Callable[[int], None], columns: int
) -> None:
    session = new_session(api, title="[bold]A long title[/bold] " + "x" * 200)["id"]
    on_terminal(columns)

    done = user("sessions", "list")

    header, row = done.out.splitlines()
    assert "ID" in header
    assert session in row
    assert columns < 100 or "[bold]" in row


def test_colors_can_be_turned_off(
    user: CommandLine,
    api: Gateway,
    on_terminal: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = new_session(api)["id"]
    say(api, session, "Hello")
    on_terminal(100)

    assert "\x1b[36muser\x1b[0m: Hello" in user("sessions", "show", session).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in user("sessions", "show", session).out
    assert "\x1b" not in user("sessions", "list").out


def test_bar_of_an_import_is_on_stderr_only(
    cli: CommandLine, on_terminal: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"id": "a", "session_id": "session_a", "kind": "agent"}
    cli.talks_to(lambda _: httpx.Response(201, json=body))
    on_terminal(100)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False)

    done = cli("import", "-", "--json", stdin=b'{"id": "a"}')

    assert json.loads(done.out)["session_id"] == "session_a"
    assert "1 imported, 0 failed" in done.err


def test_run_shows_a_live_table_with_its_failures(
    cli: CommandLine, on_terminal: Callable[[int], None]
) -> None:
    runs = FakeRuns(FakeScenario("[bold]Lamp\x1b[31m"), FakeScenario("Parcel"))
    cli.talks_to(runs)
    run_id = cli("run", "--tag", "a", "--agent", "b", "--json").json["run"]["id"]
    runs.runs[run_id].status = RunStatus.RUNNING
    runs.end(runs.runs[run_id], 0, Outcome.FAILED)
    on_terminal(140)

    done = cli("run", "--resume", run_id)

    assert done.status == 1
    assert "PASS RATE" in done.err
    assert "[bold]Lamp\ufffd[31m, repeat 1: a tool was not called (event 3)" in done.err
    assert "\x1b[31mLamp" not in done.out + done.err
