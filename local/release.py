"""`make deploy`: build and deployment of the stack to the user's AWS account by `sam deploy`.

Uses the user's credentials and region (AWS_PROFILE, AWS_REGION, `aws configure`). Prints the
target first, and asks for confirmation in a terminal. Invalid arguments are refused before the
build.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local import template_parameters
from local.aws import client
from local.build import AWS, build, lock
from local.console import BadValue, Failure, run_task
from local.environments import program
from local.model_arns import Account, add_model_arns
from local.models import check_uses
from local.outputs import describe, parameters, read_outputs
from local.settings import ROOT
from local.stack_table import stack_table
from shared.core.errors import DomainError
from shared.storage.secret import create_signing_secret


def _account() -> Account:
    """Return the user's account. Raises ``Failure`` naming the missing setting."""
    session = boto3.Session()
    if not session.region_name:
        raise Failure("no AWS region: pass REGION=… or set AWS_REGION")
    try:
        identity = session.client("sts").get_caller_identity()
    except (ClientError, BotoCoreError) as error:
        raise Failure(
            f"no AWS account to deploy to: {error} (set AWS_PROFILE, or run `aws configure`)"
        ) from error
    partition = session.get_partition_for_region(session.region_name)
    return Account(identity["Account"], session.region_name, partition)


#: Longer names are cut in the names of the functions, which the gateway's role is limited to.
_MAX_STACK_NAME = 24


def parse(arguments: Sequence[str] | None = None) -> tuple[str, dict[str, str]]:
    """Return the stack's name and parameters from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stack-name", required=True)
    parser.add_argument("--parameters", nargs="*", default=[], metavar="NAME=VALUE")
    read = parser.parse_args(arguments)
    if len(read.stack_name) > _MAX_STACK_NAME:
        raise BadValue(f"STACK: must have at most {_MAX_STACK_NAME} characters")
    return read.stack_name, template_parameters.parse(read.parameters)


def _main() -> None:
    stack_name, chosen = parse()
    account = _account()
    cloudformation = client(None, "cloudformation")
    described = describe(cloudformation, stack_name)
    deployed_with = parameters(described) if described else {}
    check_uses({**deployed_with, **chosen})
    chosen = add_model_arns(chosen, deployed_with, account)
    build(AWS)
    print(f"Deploying {stack_name} to account {account.id}, {account.region}.", flush=True)
    values = AWS.parameters(AWS.built_hash(), chosen)
    with lock(exclusive=False):
        done = subprocess.run(
            [
                *(program("tools", "sam"), "deploy", "--template-file", AWS.template),
                *("--stack-name", stack_name),
                *(
                    "--resolve-s3",
                    "--capabilities",
                    "CAPABILITY_IAM",
                    "--no-fail-on-empty-changeset",
                ),
                "--confirm-changeset" if sys.stdin.isatty() else "--no-confirm-changeset",
                *("--parameter-overrides", *template_parameters.overrides(values)),
            ],
            cwd=ROOT,
            check=False,
        )
    if done.returncode:
        raise Failure("sam deploy failed; the lines above say why")
    deployed = read_outputs(cloudformation, stack_name)
    try:
        create_signing_secret(stack_table(None, deployed))
    except (ClientError, DomainError) as error:
        raise Failure(f"deployed without a signing secret: {error}; deploy again") from error
    print(f"\nThe API is at {deployed.api_url}, its web console at {deployed.api_url}/console/")
    print(f"A first key: make api-key NAME=first STACK={stack_name}")


if __name__ == "__main__":
    run_task(_main)
