"""Commands of docs/testing-agents.md, executed as they stand: the ports of the agent aside."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import httpx
import pytest
import yaml

from local.rie import free_port
from local.settings import ROOT
from shared.core.ids import SessionId
from tests.integration.conftest import run_module
from tests.support.commands import run
from tests.support.pages import blocks
from tests.support.running_stack import RunningStack, until

pytestmark = pytest.mark.environments("cli")

PAGE = "docs/testing-agents.md"
#: Agents that a script leaves behind end with it.
_STOP_AGENTS = "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"


class Shell:
    """A shell in a folder like a checkout, with the command line installed and logged out."""

    def __init__(self, stack: RunningStack, command_line: Path, folder: Path) -> None:
        self.folder = folder
        (folder / "docs").symlink_to(ROOT / "docs")
        self.port = free_port()
        self.variables = {
            "API_URL": stack.api_url,
            "API_KEY": stack.api_key,
            "PATH": f"{command_line.parent}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(command_line.parent.parent),
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
        }

    @property
    def target(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __call__(self, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Execute a script of the page as it stands."""
        words = ("bash", "-eu", "-o", "pipefail", "-c", _STOP_AGENTS + self.adapted(script))
        return run(
            *words, check=False, cwd=self.folder, env=self.variables | variables, timeout=300
        )

    def adapted(self, script: str) -> str:
        return script.replace("8000", str(self.port))

    def test(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Test the agent with the scenarios of the page."""
        return run(*self.words(*options), check=False, cwd=self.folder, env=self.variables)

    def words(self, *options: str) -> list[str]:
        return ["agent-sessions", "run", "--target", self.target, *options]


@pytest.fixture(scope="module")
def shell(
    stack: RunningStack, command_line: Path, tmp_path_factory: pytest.TempPathFactory
) -> Shell:
    return Shell(stack, command_line, tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def page(shell: Shell) -> subprocess.CompletedProcess[str]:
    """Output of the commands of the page, from a captured session to a red build."""
    install, *commands = blocks(PAGE, "From a captured session to a red build")
    assert install.startswith("pipx install ./cli\neval ")
    login = install.splitlines()[-1]
    return shell("\n".join([login, *commands]))


@pytest.fixture
def agent(shell: Shell) -> Iterator[None]:
    """The sample agent in its good version."""
    words = ("docs/examples/refund_agent.py", "--port", str(shell.port))
    with subprocess.Popen([sys.executable, *words], cwd=ROOT) as process:
        yield
        process.terminate()


def test_page_leads_from_captured_sessions_to_a_red_build(
    page: subprocess.CompletedProcess[str], shell: Shell
) -> None:
    assert page.returncode == 0, page.stderr
    green, red = page.stdout.split("pass@1 100 %")[0], page.stdout.split("pass@1 100 %")[1]
    assert green.count("passing") == 3
    assert [line.split("\t")[0] for line in red.splitlines() if "\t" in line] == [
        "regressed", "regressed", "still passing"
    ]  # fmt: skip
    assert "pass@1 33.3 %, pass^3 33.3 %, 0 flaky; 9 of 9 ended: 3 passed, 6 failed" in red
    assert page.stdout.splitlines()[-1] == "red: 1"

    html = (shell.folder / "report.html").read_text()
    assert "2 regressed" in html
    assert "refund_order" in html
    suites = ET.parse(shell.folder / "out.xml").getroot()
    assert (suites.get("tests"), suites.get("failures"), suites.get("errors")) == ("9", "6", "0")


def test_ci_example_passes_with_the_good_agent(
    page: subprocess.CompletedProcess[str], shell: Shell, stack: RunningStack
) -> None:
    [text] = blocks(PAGE, "In CI", "yaml")
    steps = yaml.safe_load(text)["jobs"]["scenarios"]["steps"]
    commands = [one["run"] for one in steps if "run" in one]
    assert commands.pop(0) == "pipx install ./cli"
    summary = shell.folder / "summary.md"
    key = stack.new_key(organization=stack.organization_id, scopes=("read", "write"))

    done = shell(
        "\n".join(commands),
        AGENT_SESSIONS_URL=stack.api_url,
        AGENT_SESSIONS_KEY=key.api_key,
        GITHUB_STEP_SUMMARY=str(summary),
    )

    assert page.returncode == 0
    assert done.returncode == 0, done.stderr
    assert summary.read_text().startswith("### refunds: 100 % passed")
    html = (shell.folder / "report.html").read_text()
    assert '<span class="chip passing">all passed</span>' in html
    assert html.count('<span class="chip fixed">') == 2


@pytest.mark.usefixtures("agent", "page")
def test_make_eval_runs_the_scenarios_of_the_stack(stack: RunningStack, shell: Shell) -> None:
    options = ("--tag", "refunds", "--target", shell.target, "--repeats", 2, "--json")

    done = run_module("local.eval", stack, "--", *options)

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["passed"], found["run"]["progress"]["passed"]) == (True, 6)


@pytest.mark.usefixtures("agent", "page")
def test_wrong_usage_starts_nothing(shell: Shell, http: httpx.Client) -> None:
    before = http.get("/v1/runs").json()["items"]

    statuses = [
        shell.test("--tag", "refunds", "--agent", "x").returncode,
        shell.test().returncode,
        shell.test("--tag", "nothing-has-this-tag").returncode,
    ]

    assert statuses == [2, 2, 1]
    assert http.get("/v1/runs").json()["items"] == before


@pytest.mark.usefixtures("agent", "page")
def test_killed_command_line_takes_its_run_up_again(shell: Shell, http: httpx.Client) -> None:
    words = shell.words("--tag", "refunds", "--repeats", "3", "--concurrency", "1")
    with subprocess.Popen(
        words, cwd=shell.folder, env=shell.variables, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        found = re.search(r"run ([0-9a-f-]{36})", process.stderr.readline())
        assert found
        run_url = f"/v1/runs/{found[1]}"
        until(lambda: progress(http, run_url)["finished"] >= 2)
        process.kill()
    assert http.get(run_url).json()["status"] == "running"

    done = shell.test("--resume", found[1], "--json")

    assert done.returncode == 0, done.stderr
    assert progress(http, run_url)["passed"] == 9
    results = http.get(f"{run_url}/results", params={"limit": 100}).json()["items"]
    for one in results:
        session = SessionId(UUID(one["session_id"]))
        messages = http.get(f"/v1/sessions/{session}/messages").json()["data"]
        said = [message for message in messages if message["role"] == "user"]
        assert len(said) == one["turns"], one


def progress(http: httpx.Client, run_url: str) -> dict[str, Any]:
    found: dict[str, Any] = http.get(run_url).json()["progress"]
    return found
