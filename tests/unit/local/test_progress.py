"""Progress: live lines in a terminal, plain lines elsewhere."""

import io
import re
import sys
import time

import pytest

from local import progress
from local.console import step
from local.deploy import DeployProgress
from local.progress import Task, shown

_TIME = re.compile(r"\d+(\.\d)? s")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _output(capsys: pytest.CaptureFixture[str]) -> str:
    return _TIME.sub("N s", capsys.readouterr().out)


def test_step_has_one_line_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with step("Building"):
        pass
    with pytest.raises(ValueError, match="x"), step("Deploying"):
        raise ValueError("x")

    assert _output(capsys) == "Building ... N s\nDeploying ... failed after N s\n"


def test_heartbeat_shows_what_is_done(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress._OneLine, "interval", 0.05)
    with step("Deploying") as task:
        task.detail = "3 of 9 resources"
        time.sleep(0.08)
        task.detail = ""

    assert _output(capsys) == "Deploying ... 3 of 9 resources, N s ... N s\n"


def test_list_has_lines_at_start_and_end_of_each_task(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_REDRAW_SECONDS", 0.02)
    tasks = [Task("Installing dev"), Task("Installing tools")]
    with shown(tasks, is_list=True):
        tasks[1].detail = "87 packages"
        tasks[1].end()
        time.sleep(0.3)

    assert _output(capsys).splitlines() == [
        "Installing dev ...",
        "Installing tools ...",
        "Installing tools: 87 packages, N s",
        "Installing dev: N s",
    ]
    assert progress.HEARTBEAT_SECONDS == 15


def test_lines_are_redrawn_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    tasks = [Task("Installing dev"), Task("Installing tools")]
    with shown(tasks, is_list=True):
        tasks[0].detail = "fetched 5 of 80 packages, which is a long text"
        time.sleep(0.3)

    screens = terminal.getvalue().split("\x1b[2A")
    assert screens[0] == "\n\n"
    drawn = [screen.replace("\r\x1b[2K", "").splitlines() for screen in screens[1:]]
    assert "Installing dev ... fetched 5 of 80 pack" in [first for first, _ in drawn]
    assert all(len(line) < 40 for lines in drawn for line in lines)


def test_deployment_counts_packages_and_resources() -> None:
    task = Task("Deploying")
    deployment = DeployProgress(task, packages=2)
    details = []
    for line in [
        "\tFile with same data already exists at 34b93, skipping upload\n",
        "\tUploading to 34b93  100 / 100  (100.00%)\n",
        "+ Add                    Api       AWS::ApiGateway::RestApi   N/A\n",
        "* Modify                 Table     AWS::DynamoDB::Table   False\n",
        "CREATE_IN_PROGRESS       AWS::ApiGateway::RestApi    Api\n",
        "CREATE_COMPLETE          AWS::ApiGateway::RestApi    Api\n",
        "UPDATE_COMPLETE          AWS::DynamoDB::Table        Table\n",
        "CREATE_COMPLETE          AWS::CloudFormation::Stack  agent-sessions\n",
    ]:
        deployment.read(line)
        details.append(task.detail)

    assert details == [
        "packed 1 of 2 functions and layers",
        "packed 2 of 2 functions and layers",
        "0 of 1 resources",
        "0 of 2 resources",
        "0 of 2 resources",
        "1 of 2 resources",
        "2 of 2 resources",
        "2 of 2 resources",
    ]
