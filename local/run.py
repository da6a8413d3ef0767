"""`make run`: the whole stack on this machine.

Builds, starts the emulator, deploys, gives the API a stable URL, and creates a first key; then
follows the logs, or returns with ``--detach``. Stops what it has started if a step fails.
"""

import os
import shlex
import time
from collections.abc import Mapping
from dataclasses import replace

from local import api_key, processes
from local.build import LOCAL, build
from local.console import Failure, run_task, step
from local.deploy import deploy, publish_base_url, store_key
from local.endpoint import Endpoint, status
from local.logs import follow
from local.ownership import find, lock_start, refuse_conflicts
from local.ports import owner
from local.run_options import read_options
from local.settings import STACK_NAME, LocalStack
from local.web_console import is_built

_FIRST_REQUEST = """
The API is ready at {api_url} (key and more in {file}). A first request:

  curl -s {api_url}/v1/workflow/playground/sessions \\
    -H 'x-api-key: {api_key}' -H 'content-type: application/json' \\
    -d '{{"catalog_slug": "order-status"}}'
"""
_CONSOLE = "The web console, which asks for the key: {api_url}/console/\n"


def bring_up(
    stack: LocalStack,
    environment: Mapping[str, str] | None = None,
    parameters: Mapping[str, str] | None = None,
    lock: int | None = None,
    key: str = "",
) -> Endpoint:
    """Start or update the stack, and return its endpoint.

    Parameters
    ----------
    stack
        The stack. Another one's port is refused before anything is built.
    environment
        Added to that of a started emulator.
    parameters
        Values of the template's parameters; the others get their defaults.
    lock
        Descriptor of the lock of the start, if this process has it already; closed at the end.
    key
        Key of the models' servers, for the emulator's Parameter Store; empty for none.
    """
    refuse_conflicts(stack)
    lock = lock_start(stack) if lock is None else lock
    try:
        build(LOCAL, needs_console=False)
        return _start_or_update(stack, environment, parameters, key)
    finally:
        os.close(lock)


def _start_or_update(
    stack: LocalStack,
    environment: Mapping[str, str] | None,
    parameters: Mapping[str, str] | None,
    key: str,
) -> Endpoint:
    was_running = find(stack) is not None
    if was_running and not _answers(stack):
        raise Failure(f"the stack in {stack.name} does not answer on {stack.port}; retry")
    if not was_running:
        # The port may have been taken during the build.
        refuse_conflicts(stack)
        with step("Starting the emulator"):
            processes.start(stack, environment)
    try:
        store_key(stack, key)
        with step("Deploying the stack") as task:
            deployed = deploy(stack, parameters, task)
            publish_base_url(stack, deployed)
        with step("Waiting for the first answer"):
            _wait_for_health(stack)
        return _endpoint(stack, deployed.table_name)
    except BaseException:
        if not was_running:
            processes.stop(stack)
        raise


def _answers(stack: LocalStack) -> bool:
    found = owner(stack.port, seconds=10)
    return found is not None and found.home == str(stack.home)


def _wait_for_health(stack: LocalStack) -> None:
    deadline = time.monotonic() + 60
    while (found := status(f"{stack.api_url}/health")) != 200:
        if time.monotonic() > deadline:
            raise Failure(f"{stack.api_url}/health answers {found}; see {stack.log_file}")
        time.sleep(0.1)


def _endpoint(stack: LocalStack, table_name: str) -> Endpoint:
    """Return the endpoint with the key of the last run, if it is still valid, or a new key.

    A new key belongs to the organization of the last one, whose data stays accessible.
    """
    previous = Endpoint.read(stack.endpoint_file)
    if previous and previous.table_name != table_name:
        previous = None
    if previous:
        with step("Checking the API key of the last run"):
            is_valid = status(f"{stack.api_url}/v1/identity/whoami", previous.api_key) == 200
        if is_valid:
            endpoint = replace(previous, api_url=stack.api_url, aws_endpoint_url=stack.endpoint_url)
            endpoint.write(stack.endpoint_file)
            return endpoint
    with step("Creating an API key" if previous else "Creating an organization and its API key"):
        organization = previous.organization_id if previous else None
        created = api_key.create(stack, STACK_NAME, name="local", organization=organization)
    endpoint = Endpoint(
        api_url=stack.api_url,
        api_key=created.api_key,
        organization_id=created.organization_id,
        aws_endpoint_url=stack.endpoint_url,
        stack_name=STACK_NAME,
        table_name=table_name,
    )
    endpoint.write(stack.endpoint_file)
    return endpoint


def options(stack: LocalStack) -> str:
    """Return the options with which `make` finds this stack again."""
    default = LocalStack()
    port = "" if stack.port == default.port else f" PORT={stack.port}"
    return port + ("" if stack.home == default.home else f" STATE={shlex.quote(str(stack.home))}")


def _main() -> None:
    chosen = read_options()
    stack = chosen.stack
    started = time.monotonic()
    endpoint = bring_up(stack, parameters=chosen.parameters, lock=chosen.lock, key=chosen.key)
    print(
        _FIRST_REQUEST.format(
            api_url=endpoint.api_url, api_key=endpoint.api_key, file=stack.endpoint_file
        )
    )
    if is_built():
        print(_CONSOLE.format(api_url=endpoint.api_url))
    print(f"Ready after {time.monotonic() - started:.1f} s.", flush=True)
    if chosen.detach:
        print(f"Stop it with: make stop{options(stack)}")
        return
    print("Logs of the functions (Ctrl-C stops the stack and keeps its data):", flush=True)
    try:
        follow(stack)
        if not processes.was_stopped(stack):
            raise Failure(f"the emulator has ended; see {stack.log_file}")
        print("Stopped by another command.")
    except KeyboardInterrupt:
        print()
    finally:
        with step("Stopping the stack"):
            processes.stop(stack)


if __name__ == "__main__":
    run_task(_main)
