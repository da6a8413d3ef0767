"""`make run`: the whole stack on this machine.

Builds, starts the emulator, deploys, gives the API a stable URL, and creates a first key; then
follows the logs, or returns with ``--detach``. Stops what it has started if a step fails.
"""

import argparse
import shlex
import signal
import time
from collections.abc import Mapping
from dataclasses import replace

from local import api_key, processes
from local.build import LOCAL, build
from local.console import Failure, run_task, step
from local.deploy import deploy, publish_base_url
from local.endpoint import Endpoint, status
from local.logs import follow
from local.settings import STACK_NAME, LocalStack, add_stack_options, chosen_stack

_FIRST_REQUEST = """
The API is ready at {api_url} (key and more in {file}). A first request:

  curl -s {api_url}/v1/workflow/playground/sessions \\
    -H 'x-api-key: {api_key}' -H 'content-type: application/json' \\
    -d '{{"catalog_slug": "order-status"}}'
"""


def bring_up(stack: LocalStack, environment: Mapping[str, str] | None = None) -> Endpoint:
    """Start or update the stack, and return its endpoint.

    ``environment`` is added to that of a started emulator.
    """
    build(LOCAL)
    was_running = processes.running_pid(stack) is not None
    if was_running and status(f"{stack.endpoint_url}/_ministack/health") != 200:
        raise Failure(
            f"the stack in {stack.home} does not answer on port {stack.port}: it is starting or "
            "stopping (retry), or it has another port (stop it first: make stop)"
        )
    if not was_running:
        with step("Starting the emulator"):
            processes.start(stack, environment)
    try:
        with step("Deploying the stack"):
            deployed = deploy(stack)
            publish_base_url(stack, deployed.api_id)
        with step("Waiting for the first answer"):
            _wait_for_health(stack)
        return _endpoint(stack, deployed.table_name)
    except BaseException:
        if not was_running:
            processes.stop(stack)
        raise


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


def options(arguments: argparse.Namespace) -> str:
    """Return the options with which `make` finds this stack again."""
    chosen = {"PORT": arguments.port, "STATE": arguments.home}
    default = LocalStack()
    defaults = {str(default.port), str(default.home), default.home.name}
    return "".join(
        f" {name}={shlex.quote(str(value))}"
        for name, value in chosen.items()
        if str(value) not in defaults
    )


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--detach", action="store_true", help="return when the stack is ready")
    add_stack_options(parser)
    arguments = parser.parse_args()
    stack = chosen_stack(arguments)
    # SIGTERM stops the stack as Ctrl-C does, also in the background, where the shell has the
    # process ignore Ctrl-C.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    started = time.monotonic()
    endpoint = bring_up(stack)
    print(
        _FIRST_REQUEST.format(
            api_url=endpoint.api_url, api_key=endpoint.api_key, file=stack.endpoint_file
        )
    )
    print(f"Ready after {time.monotonic() - started:.1f} s.", flush=True)
    if arguments.detach:
        print(f"Stop it with: make stop{options(arguments)}")
        return
    print("Logs of the functions (Ctrl-C stops the stack and keeps its data):", flush=True)
    try:
        follow(stack)
        raise Failure(f"the emulator has ended; see {stack.log_file}")
    except KeyboardInterrupt:
        print()
    finally:
        with step("Stopping the stack"):
            processes.stop(stack)


if __name__ == "__main__":
    run_task(_main)
