"""Local stack: authentication, gateway responses, restarts, and its files."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from local.aws import client
from local.endpoint import Endpoint
from local.run import bring_up
from tests.integration.conftest import answers, run_module, send_message
from tests.support.running_stack import PATIENCE, RunningStack, running_stack, until

WHOAMI = "/v1/identity/whoami"
UNAUTHENTICATED = (401, "authentication_required")
NO_ROUTE = (404, "not_found")


def whoami(stack: RunningStack, headers: dict[str, str]) -> httpx.Response:
    return httpx.get(stack.api_url + WHOAMI, headers=headers, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("x-api-key", "{}"),
        ("Authorization", "Bearer {}"),
        ("Authorization", "ApiKey {}"),
        ("Authorization", "{}"),
    ],
)
def test_key_is_accepted_in_each_form(stack: RunningStack, header: str, form: str) -> None:
    answer = whoami(stack, {header: form.format(stack.api_key)})

    assert answer.status_code == 200
    assert answer.json()["organization_id"] == stack.organization_id


@pytest.mark.parametrize(
    ("method", "path", "headers", "expected"),
    [
        ("GET", WHOAMI, {}, UNAUTHENTICATED),
        ("GET", WHOAMI, {"x-api-key": "gsk_unknown" + "0" * 33}, UNAUTHENTICATED),
        ("GET", WHOAMI, {"Authorization": "Basic dTpw"}, UNAUTHENTICATED),
        ("GET", "/no/such/route", {}, NO_ROUTE),
        ("GET", "/no/such/route", {"Authorization": "Bearer x"}, NO_ROUTE),
        ("DELETE", "/health", {}, NO_ROUTE),
    ],
)
def test_gateway_error_has_the_documented_form(
    stack: RunningStack, method: str, path: str, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    answer = httpx.request(method, stack.api_url + path, headers=headers, timeout=PATIENCE)

    assert (answer.status_code, answer.json()["error"]) == expected
    assert set(answer.json()) == {"error", "message"}
    assert answer.headers["x-request-id"]


def test_message_stored_before_a_restart_is_answered_after_it(
    stack: RunningStack, http: httpx.Client, agent_session: str
) -> None:
    with turns_paused(stack):
        send_message(http, agent_session, "Hello.")
        stack.restart()
        assert not answers(http, agent_session)

    until(lambda: len(answers(http, agent_session)) == 1)
    send_message(http, agent_session, "Hello.")
    until(lambda: len(answers(http, agent_session)) == 2)


@contextmanager
def turns_paused(stack: RunningStack) -> Iterator[None]:
    """Deliver no stored message to the function that runs turns, for the block."""
    functions = client(stack.local, "lambda")
    (mapping,) = [
        one
        for one in functions.list_event_source_mappings()["EventSourceMappings"]
        if "RunTurn" in one["FunctionArn"]
    ]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    yield
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def test_stack_on_another_port_keeps_data_and_key(stack: RunningStack, tmp_path: Path) -> None:
    file = tmp_path / "captured.jsonl"
    conversation = {"id": "moved", "messages": [{"role": "user", "content": "Hello."}]}
    file.write_text(json.dumps(conversation))

    with stack.on_another_port() as moved:
        assert moved.api_url != stack.api_url
        assert (moved.api_key, moved.organization_id) == (stack.api_key, stack.organization_id)
        options = ("--kind", "agent", "--file", file, "--patience", "30")
        done = run_module("local.import_sessions", moved, *options)

    assert done.returncode == 0, done.stderr


def test_revoked_key_is_replaced_in_its_organization(stack: RunningStack) -> None:
    before = Endpoint.read(stack.local.endpoint_file)
    assert before is not None
    created = stack.new_key()
    other = replace(before, api_key=created.api_key, organization_id=created.organization_id)
    other.write(stack.local.endpoint_file)
    headers = {"x-api-key": created.api_key}
    httpx.delete(f"{stack.api_url}/v1/identity/api-keys/{created.key_id}", headers=headers)
    until(lambda: whoami(stack, headers).status_code == 401)

    after = bring_up(stack.local)

    before.write(stack.local.endpoint_file)
    assert after.organization_id == created.organization_id
    caller = whoami(stack, {"x-api-key": after.api_key}).json()
    assert caller["organization_id"] == created.organization_id


def test_no_temporary_files_are_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))

    with running_stack(tmp_path / "second"):
        pass

    assert list(temporary.iterdir()) == []


def test_port_in_use_fails_with_one_line(stack: RunningStack, tmp_path: Path) -> None:
    home = tmp_path / "second"
    done = run_module("local.run", stack, "--detach", "--home", home)

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"port {stack.local.port}" in done.stderr
    assert not (home / "emulator.pid").exists()
    assert not (home / "endpoint.json").exists()


def test_endpoint_file_is_complete_and_readable_by_its_owner_only(stack: RunningStack) -> None:
    content = json.loads(stack.local.endpoint_file.read_text())

    assert set(content) == {
        "api_url", "api_key", "organization_id", "aws_endpoint_url", "stack_name", "table_name",
    }  # fmt: skip
    assert stack.local.endpoint_file.stat().st_mode & 0o077 == 0
