"""Fixtures of the integration tests, over the running stack of tests/conftest.py."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.aws import client
from local.environments import interpreter
from local.settings import ROOT, STACK_NAME
from tests.support.bus_listener import BusListener
from tests.support.commands import run
from tests.support.running_stack import PATIENCE, RunningStack


@pytest.fixture
def http(stack: RunningStack) -> Iterator[httpx.Client]:
    """A client of the deployed API with an unrestricted key."""
    with httpx.Client(
        base_url=stack.api_url, headers={"x-api-key": stack.api_key}, timeout=PATIENCE
    ) as client:
        yield client


def create(http: httpx.Client, path: str, **body: Any) -> str:
    answer = http.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.fixture
def version(http: httpx.Client) -> str:
    return create(http, "/versions", name="1", productId=create(http, "/products", name="Shop"))


@pytest.fixture
def agent_session(http: httpx.Client) -> str:
    """Id of a session of an agent with notes."""
    agent = create(
        http,
        "/v1/agents",
        name="Ada",
        system_prompt="You help.",
        capabilities=[{"ref": "session_notes"}],
    )
    return create(http, "/v1/sessions", agent_id=agent)


def send_message(http: httpx.Client, session: str, text: str) -> None:
    body = {"message": {"content": [{"type": "text", "text": text}]}}
    http.post(f"/v1/sessions/{session}/messages", json=body).raise_for_status()


def answers(http: httpx.Client, session: str) -> list[str]:
    """Return the texts of the agent's messages in a session."""
    messages = http.get(f"/v1/sessions/{session}/messages").json()["data"]
    return [message["content"][0]["text"] for message in messages if message["role"] == "agent"]


@pytest.fixture
def bus(stack: RunningStack) -> BusListener:
    # template.yaml names the bus after the stack.
    return BusListener(client(stack.local, "events"), client(stack.local, "sqs"), STACK_NAME)


def events_about(bus: BusListener, identifier: str, count: int) -> list[dict[str, Any]]:
    """Return the events of an entity, once there are enough or after a while."""
    events: list[dict[str, Any]] = []
    deadline = time.monotonic() + PATIENCE
    while len(events) < count and time.monotonic() < deadline:
        received = bus.receive(wait_seconds=1)
        events += [event for event in received if identifier in event["detail"].values()]
    return events


def run_module(module: str, stack: RunningStack, *options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command of local/ on a stack, as make does."""
    place = ("--port", stack.local.port, "--home", stack.local.home)
    return run(sys.executable, "-m", module, *place, *options, check=False)


def run_client(environment: str, script: str, *arguments: str, **variables: str) -> Any:
    """Run a script of clients/ in an environment; return the JSON that it prints last."""
    words = (interpreter(environment), Path(__file__).parent / "clients" / script, *arguments)
    done = run(*words, env=os.environ | variables, check=False, timeout=180)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="session")
def command_line_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as pipx builds it from a checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run(interpreter("cli"), "-m", "flit_core.wheel", "--outdir", folder, ROOT / "cli")
    [wheel] = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="session")
def command_line(command_line_wheel: Path) -> Path:
    """The program that the wheel installs."""
    place = command_line_wheel.parent / "installed"
    pip = ("-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", place)
    run(interpreter("cli"), *pip, command_line_wheel)
    return place / "bin" / "agent-sessions"
