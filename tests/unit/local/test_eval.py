"""`make eval`: the command line, with the local stack's URL and key."""

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from local import eval as evaluation
from local.console import Failure
from local.endpoint import Endpoint
from local.settings import ROOT

OPTIONS = ["--tag", "refunds", "--target", "http://127.0.0.1:8000/v1"]


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The endpoint that runs, and the arguments of the command line."""
    found = SimpleNamespace(api_url="http://127.0.0.1:4566/api", api_key="key", ran=[])
    monkeypatch.setattr(evaluation, "running_stack", lambda _: SimpleNamespace(endpoint_file=None))
    monkeypatch.setattr(Endpoint, "read", lambda _: found)
    monkeypatch.setattr(evaluation, "run", lambda words: found.ran.append(words) or 1)
    monkeypatch.setattr(sys, "argv", ["eval", "--port", "4566", "--", *OPTIONS])
    monkeypatch.setenv("AGENT_SESSIONS_URL", "https://another.example")
    monkeypatch.setenv("AGENT_SESSIONS_KEY", "another")
    return found


def test_options_and_exit_status_are_those_of_the_command_line(stack: Any) -> None:
    assert evaluation._main() == 1
    assert stack.ran == [["run", *OPTIONS]]
    assert os.environ["AGENT_SESSIONS_URL"] == stack.api_url
    assert os.environ["AGENT_SESSIONS_KEY"] == stack.api_key


def test_stack_that_does_not_run_is_named(stack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Endpoint, "read", lambda _: None)

    with pytest.raises(Failure, match="make run"):
        evaluation._main()


def test_make_passes_any_text_and_more_options() -> None:
    words = ["make", "-n", "eval", "TAG=a b", "ARGS=--repeats 3"]
    shown = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert '-- --tag "$TAG" --target "$TARGET" --repeats 3' in shown
