"""`make secret`: storage of a secret for the tools of one organization, read from stdin.

    python -m local.secret --name NAME [--organization ORG] < FILE

The value is a parameter in SSM Parameter Store, encrypted, at
/agent-sessions/<organization id>/<name>. A value on the command line is not offered: shells keep
it in their history. Without ORG, the organization of the local stack's key.
"""

import getpass
import sys

from botocore.exceptions import BotoCoreError, ClientError

from local.api_key import organization_id_of
from local.aws import Target, client
from local.console import Failure, Parser, run_task
from local.endpoint import Endpoint
from local.ownership import running_stack
from local.settings import add_stack_options
from shared.secrets.organizations import SECRET_NAME, SECRET_VALUE, parameter_name

#: Characters of a standard parameter.
_MAX_LENGTH = 4096


def check_name(name: str) -> None:
    """Raise ``Failure`` unless a configuration can name the secret."""
    if SECRET_NAME.fullmatch(name) is None:
        raise Failure("NAME: must have 1 to 64 letters, digits, . _ and -, and begin with neither")


def check_value(value: str) -> None:
    """Raise ``Failure`` unless a header can carry the value."""
    if len(value) > _MAX_LENGTH or SECRET_VALUE.fullmatch(value) is None:
        raise Failure(f"stdin: must have one line of 1 to {_MAX_LENGTH} printable ASCII characters")


def store(target: Target, organization: str, name: str, value: str) -> str:
    """Store or replace a secret; return the parameter's name."""
    parameter = parameter_name(organization, name)
    client(target, "ssm").put_parameter(
        Name=parameter, Value=value, Type="SecureString", Overwrite=True
    )
    return parameter


def _read_value(name: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"Value of the secret {name} (not shown): ").strip()
    return sys.stdin.read(_MAX_LENGTH + 3).strip()


def _main() -> None:
    parser = Parser(description=__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument("--organization")
    parser.add_argument(
        "--stack-name", help="a stack in your AWS account; without it, the local one"
    )
    add_stack_options(parser)
    arguments = parser.parse_args()
    check_name(arguments.name)
    stack = None if arguments.stack_name else running_stack(arguments)
    endpoint = Endpoint.read(stack.endpoint_file) if stack else None
    if arguments.organization:
        organization = str(organization_id_of(arguments.organization))
    elif endpoint is not None:
        organization = endpoint.organization_id
    else:
        raise Failure("ORG: must name the organization: make secret NAME=… ORG=…")
    value = _read_value(arguments.name)
    check_value(value)
    try:
        parameter = store(stack, organization, arguments.name, value)
    except (ClientError, BotoCoreError) as error:
        raise Failure(f"the secret was not stored: {error}") from error
    print(f"Stored {parameter}.")


if __name__ == "__main__":
    run_task(_main)
