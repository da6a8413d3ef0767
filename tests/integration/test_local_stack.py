"""The local stack itself: doors, refusals, restarts."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.aws import client
from local.endpoint import Endpoint
from local.run import bring_up
from local.settings import ROOT
from tests.support.running_stack import RunningStack, running_stack
from tests.support.waiting import PATIENCE, until

WHOAMI = "/v1/identity/whoami"


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("x-api-key", "{}"),
        ("Authorization", "Bearer {}"),
        ("Authorization", "ApiKey {}"),
        ("Authorization", "{}"),
    ],
)
def test_key_is_taken_in_each_form(stack: RunningStack, header: str, form: str) -> None:
    """Given a key, when it is sent in any of the forms, then the caller is recognised."""
    answer = httpx.get(
        stack.api_url + WHOAMI, headers={header: form.format(stack.api_key)}, timeout=PATIENCE
    )

    assert answer.status_code == 200
    assert answer.json()["organization_id"] == stack.organization_id


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("GET", WHOAMI, {}, 401, "authentication_required"),
        (
            "GET",
            WHOAMI,
            {"x-api-key": "gsk_unknown0000000000000000000000000000000000"},
            401,
            "authentication_required",
        ),
        ("GET", WHOAMI, {"Authorization": "Basic dTpw"}, 401, "authentication_required"),
        ("GET", "/no/such/route", {}, 404, "not_found"),
        ("GET", "/no/such/route", {"Authorization": "Bearer x"}, 404, "not_found"),
        ("DELETE", "/health", {}, 404, "not_found"),
    ],
)
def test_refusal_has_the_documented_form(
    stack: RunningStack, method: str, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    """Given a request that the gateway refuses, then the answer has the project's own form."""
    answer = httpx.request(method, stack.api_url + path, headers=headers, timeout=PATIENCE)

    assert answer.status_code == status
    assert answer.json()["error"] == code
    assert set(answer.json()) == {"error", "message"}
    assert answer.headers["x-request-id"]


def test_restart_keeps_keys_and_url(stack: RunningStack) -> None:
    """Given a key, when the stack is stopped and started, then the key works at the same URL."""
    made = stack.new_key()

    stack.restart()
    answer = httpx.get(
        stack.api_url + WHOAMI, headers={"x-api-key": made.api_key}, timeout=PATIENCE
    )

    assert answer.status_code == 200
    assert answer.json()["organization_id"] == made.organization_id


def test_restart_loses_no_message(stack: RunningStack, http: httpx.Client) -> None:
    """Given a message that no turn has taken, when the stack is restarted, then it is answered."""
    agent = http.post("/v1/agents", json={"name": "Ada", "system_prompt": "You help."}).json()
    session = http.post("/v1/sessions", json={"agent_id": agent["id"]}).json()
    messages = f"/v1/sessions/{session['id']}/messages"
    said = {"message": {"content": [{"type": "text", "text": "Hello."}]}}
    with turns_held_back(stack):
        http.post(messages, json=said).raise_for_status()
        stack.restart()
        assert not agent_messages(http, messages)

    until(lambda: len(agent_messages(http, messages)) == 1)
    http.post(messages, json=said).raise_for_status()
    until(lambda: len(agent_messages(http, messages)) == 2)


def test_another_port_keeps_data_and_key(stack: RunningStack, tmp_path: Path) -> None:
    """Given a stack, when it is started on another port, then all is there and goes on."""
    file = tmp_path / "captured.jsonl"
    said = {"id": "moved", "messages": [{"role": "user", "content": "Hello."}]}
    file.write_text(json.dumps(said))

    with stack.on_another_port() as moved:
        assert moved.api_url != stack.api_url
        assert (moved.api_key, moved.organization_id) == (stack.api_key, stack.organization_id)
        done = subprocess.run(
            [
                *(sys.executable, "-m", "local.import_sessions", "--kind", "agent"),
                *("--file", file, "--patience", "30"),
                *("--port", str(moved.local.port), "--home", moved.local.home),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 0, done.stderr


def test_revoked_key_is_replaced_in_its_organization(stack: RunningStack) -> None:
    """Given a stack whose key was revoked, when it is run again, then there is another one."""
    before = Endpoint.read(stack.local.endpoint_file)
    assert before is not None
    made = stack.new_key()
    spoilt = replace(before, api_key=made.api_key, organization_id=made.organization_id)
    spoilt.write(stack.local.endpoint_file)
    headers = {"x-api-key": made.api_key}
    httpx.delete(f"{stack.api_url}/v1/identity/api-keys/{made.key_id}", headers=headers)
    until(lambda: httpx.get(stack.api_url + WHOAMI, headers=headers).status_code == 401)

    after = bring_up(stack.local)

    before.write(stack.local.endpoint_file)
    assert after.organization_id == made.organization_id
    told = httpx.get(stack.api_url + WHOAMI, headers={"x-api-key": after.api_key}).json()
    assert told["organization_id"] == made.organization_id


def agent_messages(http: httpx.Client, messages: str) -> list[Any]:
    """Return what the agent has said in a session."""
    return [one for one in http.get(messages).json()["data"] if one["role"] == "agent"]


@contextmanager
def turns_held_back(stack: RunningStack) -> Iterator[None]:
    """Hand no stored message to the function that runs turns, for a while."""
    functions = client(stack.local, "lambda")
    (mapping,) = [
        one
        for one in functions.list_event_source_mappings()["EventSourceMappings"]
        if "RunTurn" in one["FunctionArn"]
    ]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    yield
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def test_nothing_is_left_among_the_users_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a folder for temporary files, when a stack was deployed, then it is empty."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))

    with running_stack(tmp_path / "second"):
        pass

    assert list(temporary.iterdir()) == []


def test_busy_port_is_one_clear_line(stack: RunningStack, tmp_path: Path) -> None:
    """Given a port in use, when a stack is started on it, then it says so and leaves nothing."""
    home = tmp_path / "second"
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "local.run",
            "--detach",
            "--port",
            str(stack.local.port),
            "--home",
            home,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"port {stack.local.port}" in done.stderr
    assert not (home / "emulator.pid").exists()
    assert not (home / "endpoint.json").exists()


def test_endpoint_file_is_for_its_owner_and_complete(stack: RunningStack) -> None:
    """Given a running stack, then its endpoint file tells its owner all that a tool needs."""
    content = json.loads(stack.local.endpoint_file.read_text())

    assert set(content) == {
        "api_url", "api_key", "organization_id", "aws_endpoint_url", "stack_name", "table_name",
    }  # fmt: skip
    assert stack.local.endpoint_file.stat().st_mode & 0o077 == 0
