"""Local stack: authentication, gateway responses, restarts, and its files."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from local import processes
from local.aws import client
from local.endpoint import Endpoint
from local.rie import free_port
from local.run import bring_up
from tests.integration.conftest import answers, create, run_module, send_message
from tests.support.commands import make
from tests.support.running_stack import MODEL_KEY, PATIENCE, RunningStack, running_stack, until

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
        ("DELETE", "/health", {}, (405, "method_not_allowed")),
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
    """Deliver no stored message to the function that admits turns, for the block."""
    functions = client(stack.local, "lambda")
    (mapping,) = [
        one
        for one in functions.list_event_source_mappings()["EventSourceMappings"]
        if "DispatchTurns" in one["FunctionArn"]
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
    # Another admin key revokes it: the last one is not deleted.
    admin = {"x-api-key": stack.new_key(organization=created.organization_id).api_key}
    url = f"{stack.api_url}/v1/identity/api-keys/{created.key_id}"
    httpx.delete(url, headers=admin, timeout=PATIENCE).raise_for_status()
    until(lambda: whoami(stack, headers).status_code == 401)

    after = bring_up(stack.local, parameters=stack.parameters, key=MODEL_KEY)

    before.write(stack.local.endpoint_file)
    assert after.organization_id == created.organization_id
    caller = whoami(stack, {"x-api-key": after.api_key}).json()
    assert caller["organization_id"] == created.organization_id


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def second(
    stack: RunningStack, temporary: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningStack]:
    """Another stack from the same build, beside the first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        starting = running_stack(tmp_path_factory.mktemp("second") / "its stäte")
        with starting as running:
            patch.undo()
            yield running


def test_two_stacks_have_their_own_data_and_keys(
    stack: RunningStack, second: RunningStack, http: httpx.Client
) -> None:
    create(http, "/products", name="Only in the first")

    own = httpx.get(f"{second.api_url}/products", headers={"x-api-key": second.api_key})
    others_key = whoami(second, {"x-api-key": stack.api_key})

    assert second.local.port != stack.local.port
    assert (own.status_code, own.json()) == (200, [])
    assert (others_key.status_code, others_key.json()["error"]) == UNAUTHENTICATED


@pytest.mark.parametrize("target", ["run", "stop", "env", "api-key", "import"])
def test_port_of_the_other_stack_is_refused_by_each_command(
    stack: RunningStack, second: RunningStack, target: str, tmp_path: Path
) -> None:
    file = tmp_path / "captured.jsonl"
    file.write_text(json.dumps({"messages": [{"role": "user", "content": "Hello."}]}))
    before = second.local.endpoint_file.read_bytes()
    swapped = (f"PORT={stack.local.port}", f"STATE={second.local.home}")
    started = time.monotonic()

    done = make(target, *swapped, "DETACH=1", "NAME=x", f"FILE={file}", "KIND=agent")

    assert time.monotonic() - started < 20, "nothing is built or deployed"
    assert done.returncode == 2
    assert f"the stack in {second.local.home} runs on {second.local.port}" in done.stderr
    assert "Traceback" not in done.stderr
    assert second.local.endpoint_file.read_bytes() == before
    assert whoami(stack, {"x-api-key": stack.api_key}).status_code == 200


def test_port_of_a_running_stack_is_refused_for_a_new_one(
    stack: RunningStack, tmp_path: Path
) -> None:
    home = tmp_path / "third"

    done = make("run", f"PORT={stack.local.port}", f"STATE={home}", "DETACH=1")

    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == (
        f"error: port {stack.local.port}: belongs to the stack in {stack.local.home}; "
        "choose another with PORT="
    )
    assert done.stdout == ""
    assert not home.exists()


def test_stop_on_another_port_stops_nothing(stack: RunningStack) -> None:
    port = free_port()

    done = make("stop", f"PORT={port}", f"STATE={stack.local.home}")

    assert done.returncode == 2
    assert done.stderr.startswith(
        f"error: nothing runs on {port}; the stack in {stack.local.home} runs on {stack.local.port}"
    )
    assert whoami(stack, {"x-api-key": stack.api_key}).status_code == 200


def test_commands_find_the_port_of_their_stack(stack: RunningStack) -> None:
    done = make("env", f"STATE={stack.local.home}")

    assert done.stdout == f"export API_URL={stack.api_url} API_KEY={stack.api_key}\n"


def test_stop_leaves_the_other_stack_and_no_temporary_files(
    stack: RunningStack, second: RunningStack, temporary: Path
) -> None:
    processes.stop(second.local)

    assert whoami(stack, {"x-api-key": stack.api_key}).status_code == 200
    assert list(temporary.iterdir()) == []
    done = make("stop", f"PORT={second.local.port}", f"STATE={second.local.home}")
    assert (done.returncode, done.stdout) == (0, f"Nothing runs on {second.local.port}.\n")


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
