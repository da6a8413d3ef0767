"""`make deploy`: the built stack into the user's own AWS account, by `sam deploy`.

Credentials and region are the user's (AWS_PROFILE, AWS_REGION, `aws configure`). Says first
where it is about to deploy to, and asks when there is someone to ask.
"""

import argparse
import subprocess
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local.aws import client
from local.build import AWS, lock
from local.console import Failure, run_task
from local.environments import program
from local.outputs import read_outputs
from local.settings import ROOT


def _account() -> tuple[str, str]:
    """Return account and region, or fail with what the user has to set."""
    session = boto3.Session()
    if not session.region_name:
        raise Failure("no AWS region: pass REGION=… or set AWS_REGION")
    try:
        return session.client("sts").get_caller_identity()["Account"], session.region_name
    except (ClientError, BotoCoreError) as error:
        raise Failure(
            f"no AWS account to deploy to: {error} (set AWS_PROFILE, or run `aws configure`)"
        ) from error


def _chosen(pairs: list[str]) -> dict[str, str]:
    """Read ``NAME=VALUE`` pairs."""
    chosen = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not name or not equals:
            raise Failure(f"PARAMETERS: expected NAME=VALUE, not {pair}")
        chosen[name] = value
    return chosen


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stack-name", required=True)
    parser.add_argument("--parameters", nargs="*", default=[], metavar="NAME=VALUE")
    arguments = parser.parse_args()
    if not arguments.stack_name:
        raise Failure("name the stack: make deploy STACK=…")
    account, region = _account()
    print(f"Deploying {arguments.stack_name} to account {account}, {region}.", flush=True)
    chosen = _chosen(arguments.parameters)
    values = (f"{name}={value}" for name, value in AWS.parameters(AWS.built(), chosen).items())
    with lock(exclusive=False):
        done = subprocess.run(
            [
                *(program("tools", "sam"), "deploy", "--template-file", AWS.template),
                *("--stack-name", arguments.stack_name),
                *(
                    "--resolve-s3",
                    "--capabilities",
                    "CAPABILITY_IAM",
                    "--no-fail-on-empty-changeset",
                ),
                "--confirm-changeset" if sys.stdin.isatty() else "--no-confirm-changeset",
                *("--parameter-overrides", *values),
            ],
            cwd=ROOT,
            check=False,
        )
    if done.returncode:
        raise Failure("sam deploy failed; the lines above say why")
    deployed = read_outputs(client(None, "cloudformation"), arguments.stack_name)
    print(f"\nThe API is at {deployed.api_url}")
    print(f"A first key: make api-key NAME=first STACK={arguments.stack_name}")


if __name__ == "__main__":
    run_task(_main)
