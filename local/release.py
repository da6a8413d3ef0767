"""`make deploy`: the stack, built, into the user's own AWS account, by `sam deploy`.

Credentials and region are the user's (AWS_PROFILE, AWS_REGION, `aws configure`). Says first
where it is about to deploy to, and asks when there is someone to ask. What cannot be deployed
is refused before anything is built.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import boto3
import yaml
from botocore.exceptions import BotoCoreError, ClientError

from local.aws import client
from local.build import AWS, build, lock
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


def asked(arguments: Sequence[str] | None = None) -> tuple[str, dict[str, str]]:
    """Read what to deploy off the command line: the stack's name, and parameters of it.

    Fails for a pair that is none, and for a parameter that the template does not have:
    `sam deploy` would pass over it in silence.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stack-name", required=True)
    parser.add_argument("--parameters", nargs="*", default=[], metavar="NAME=VALUE")
    read = parser.parse_args(arguments)
    declared = _declared()
    chosen = {}
    for pair in read.parameters:
        name, equals, value = pair.partition("=")
        if not name or not equals:
            raise Failure(f"PARAMETERS: expected NAME=VALUE, not {pair}")
        if name not in declared:
            raise Failure(f"PARAMETERS: template.yaml has no {name}; it has {', '.join(declared)}")
        chosen[name] = value
    return read.stack_name, chosen


def overrides(values: dict[str, str]) -> list[str]:
    """Return parameters in the form of ``--parameter-overrides``: quoted, as some are empty."""
    escaped = {name: value.replace('"', '\\"') for name, value in values.items()}
    return [f'{name}="{value}"' for name, value in escaped.items()]


def _declared() -> list[str]:
    """Return the names of the template's parameters, in its order."""
    document: Any = yaml.compose((ROOT / "template.yaml").read_text())
    sections = {key.value: section for key, section in document.value}
    return [key.value for key, _ in sections["Parameters"].value]


def _main() -> None:
    stack_name, chosen = asked()
    account, region = _account()
    build(AWS)
    print(f"Deploying {stack_name} to account {account}, {region}.", flush=True)
    values = AWS.parameters(AWS.built(), chosen)
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
                *("--parameter-overrides", *overrides(values)),
            ],
            cwd=ROOT,
            check=False,
        )
    if done.returncode:
        raise Failure("sam deploy failed; the lines above say why")
    deployed = read_outputs(client(None, "cloudformation"), stack_name)
    print(f"\nThe API is at {deployed.api_url}")
    print(f"A first key: make api-key NAME=first STACK={stack_name}")


if __name__ == "__main__":
    run_task(_main)
