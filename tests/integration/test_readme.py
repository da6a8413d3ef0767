"""Requests of the README, executed unchanged."""

import os
import re

from local.settings import ROOT
from tests.support.commands import run
from tests.support.running_stack import RunningStack

_SECTION = re.compile(r"## The four requests\n(.*?)\n## ", re.DOTALL)
_SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_STATUS = re.compile(r"^(\d{3})$", re.MULTILINE)

_END = "---- end of a request ----"


def _blocks() -> list[str]:
    section = _SECTION.search((ROOT / "README.md").read_text())
    assert section is not None
    return _SHELL.findall(section[1])


def test_four_requests_of_the_readme_succeed(stack: RunningStack) -> None:
    first, *requests = _blocks()
    setting = first.replace('eval "$(make -s env)"', "", 1)
    # A line after each block separates the answers.
    script = "\n".join([setting, *(f"{block}\necho '{_END}'" for block in requests)])

    variables = os.environ | {"API_URL": stack.api_url, "API_KEY": stack.api_key}
    done = run("bash", "-eu", "-c", script, env=variables, timeout=120)

    answers = [_STATUS.findall(answer) for answer in done.stdout.split(_END)[:-1]]
    assert [statuses[-1] for statuses in answers] == ["201", "201", "201", "200"], done.stdout
