"""Requests of the README, executed unchanged."""

import os
import re
from pathlib import Path

import pytest

from tests.support.commands import run
from tests.support.model_servers import llama_server
from tests.support.pages import blocks
from tests.support.running_stack import MODEL_KEY, TINY, RunningStack

_STATUS = re.compile(r"^(\d{3})$", re.MULTILINE)

_END = "---- end of a request ----"


def test_first_ten_minutes_of_the_readme_succeed(
    stack: RunningStack, command_line: Path, tmp_path: Path
) -> None:
    install, *commands = blocks("README.md", "The first ten minutes")
    assert install.startswith("pipx install ./cli\n")
    login = install.splitlines()[-1]
    script = "\n".join([login, *commands])

    variables = os.environ | {
        "API_URL": stack.api_url,
        "API_KEY": stack.api_key,
        "PATH": f"{command_line.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(command_line.parent.parent),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    done = run("bash", "-eu", "-o", "pipefail", "-c", script, env=variables, timeout=120)

    assert "Logged in to" in done.stdout
    forked = done.stdout.splitlines()[-1]
    assert forked.startswith("session_")


def test_four_requests_of_the_readme_succeed(stack: RunningStack) -> None:
    first, *requests = blocks("README.md", "The four requests")
    setting = first.replace('eval "$(make -s env)"', "", 1)
    # A line after each block separates the answers.
    script = "\n".join([setting, *(f"{block}\necho '{_END}'" for block in requests)])

    variables = os.environ | {"API_URL": stack.api_url, "API_KEY": stack.api_key}
    done = run("bash", "-eu", "-c", script, env=variables, timeout=120)

    answers = [_STATUS.findall(answer) for answer in done.stdout.split(_END)[:-1]]
    assert [statuses[-1] for statuses in answers] == ["201", "201", "201", "200"], done.stdout


def test_real_agent_of_the_readme_answers(
    stack: RunningStack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The stack runs already; its default model is another, so the agent names the server's."""
    start, *requests = blocks("README.md", "A real agent in a minute")
    assert "make run DETACH=1 MODEL=openai/" in start
    script = "\n".join(requests).replace('eval "$(make -s env)"', "", 1)
    script = script.replace('"name": "Ada",', f'"name": "Ada", "default_model_id": "{TINY}",', 1)

    variables = os.environ | {"API_URL": stack.api_url, "API_KEY": stack.api_key}
    with llama_server(tmp_path_factory.mktemp("llama"), stack.ports.model, MODEL_KEY):
        done = run("bash", "-eu", "-c", script, env=variables, timeout=120)

    assert done.stdout.splitlines()[-1] == "127 * 49 is 6223.", done.stdout
