"""Deployment of the built stack to the emulator, by the command that deploys it to AWS."""

import re
from collections.abc import Mapping

from local.aws import client
from local.build import LOCAL, lock
from local.commands import Command
from local.console import Failure, error_line
from local.environments import program
from local.models import KEY_PARAMETER
from local.outputs import Deployed, describe, parameters, read_outputs
from local.progress import Task
from local.settings import HOST, ROOT, STACK_NAME, LocalStack
from local.stack_table import stack_table
from local.template_parameters import declared, overrides
from shared.storage.secret import create_signing_secret

# Differences from a stack on AWS: no snapshots, data that is removed with the folder, and limits
# that a test run does not reach.
LOCAL_PARAMETERS = {
    "SnapStart": "None",
    "DeletionProtection": "false",
    "RateLimit": "5000",
    "BurstLimit": "10000",
    "ApiRateLimit": "5000",
    "ApiBurstLimit": "10000",
    "DailyQuota": "100000000",
    "KeyCacheSeconds": "2",
    # Tools may call servers on this machine.
    "OutgoingHosts": "localhost,127.0.0.1,[::1]",
}
_BASE_PATH = "api"
_PACKED = re.compile(r"already exists at|Uploading to ")
_CHANGE = re.compile(r"[+*-] (Add|Modify|Delete) ")
_DONE = re.compile(r"(CREATE|UPDATE|DELETE)_COMPLETE ")


def deploy(stack: LocalStack, chosen: Mapping[str, str] | None, task: Task) -> Deployed:
    """Deploy the built stack unless it is deployed already, and return its outputs.

    Every parameter gets a value: the chosen one, this machine's, or the template's default. A
    value of an earlier deployment does not stay. ``task`` shows the progress.
    """
    others = declared() | LOCAL_PARAMETERS | dict(chosen or {})
    values = LOCAL.parameters(LOCAL.built_hash(), others)
    cloudformation = client(stack, "cloudformation")
    described = describe(cloudformation, STACK_NAME)
    is_complete = described is not None and described["StackStatus"] in (
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
    )
    if described is None or not is_complete or not values.items() <= parameters(described).items():
        _sam_deploy(stack, values, task)
        task.detail = ""
    deployed = read_outputs(cloudformation, STACK_NAME)
    create_signing_secret(stack_table(stack, deployed))
    return deployed


class DeployProgress:
    """Progress of `sam deploy` by its output: packages, rows of changes, rows of events."""

    def __init__(self, task: Task, packages: int) -> None:
        self._task = task
        self._packages = packages
        self._packed = self._changes = self._done = 0

    def read(self, line: str) -> None:
        """Update the counts from a line of output."""
        if _PACKED.search(line):
            self._packed = min(self._packed + 1, self._packages)
            self._task.detail = f"packed {self._packed} of {self._packages} functions and layers"
        elif _CHANGE.match(line):
            self._changes += 1
            self._task.detail = f"0 of {self._changes} resources"
        elif _DONE.match(line):
            self._done = min(self._done + 1, self._changes)
            self._task.detail = f"{self._done} of {self._changes} resources"


def _sam_deploy(stack: LocalStack, values: dict[str, str], task: Task) -> None:
    packages = sum(1 for path in LOCAL.folder.iterdir() if path.is_dir())
    progress = DeployProgress(task, packages)
    with lock(exclusive=False):
        status, output = Command(
            [
                *(program("tools", "sam"), "deploy", "--template-file", LOCAL.template),
                *("--stack-name", STACK_NAME, "--resolve-s3", "--capabilities", "CAPABILITY_IAM"),
                *("--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"),
                *("--parameter-overrides", *overrides(values)),
            ],
            cwd=ROOT,
            # SAM leaves temporary folders of functions; these are removed when the stack stops.
            env=stack.aws_environment() | {"TMPDIR": str(stack.temporary)},
        ).run(progress.read)
    log = stack.home / "deploy.log"
    log.write_text(output)
    if status:
        raise Failure(f"sam deploy failed (see {log}): {error_line(output)}")


def store_key(stack: LocalStack, key: str) -> None:
    """Keep the key of models' servers in the emulator's Parameter Store, and only there.

    Without a key, that of an earlier run is removed.
    """
    parameters = client(stack, "ssm")
    if key:
        parameters.put_parameter(Name=KEY_PARAMETER, Value=key, Type="SecureString", Overwrite=True)
    else:
        parameters.delete_parameters(Names=[KEY_PARAMETER])


def publish_base_url(stack: LocalStack, deployed: Deployed) -> None:
    """Map the API to a stable URL: its id changes whenever its routes do."""
    gateway = client(stack, "apigateway")
    if HOST not in {domain["domainName"] for domain in gateway.get_domain_names().get("items", [])}:
        gateway.create_domain_name(domainName=HOST, endpointConfiguration={"types": ["REGIONAL"]})
    for mapping in gateway.get_base_path_mappings(domainName=HOST).get("items", []):
        if mapping["basePath"] == _BASE_PATH:
            if (mapping["restApiId"], mapping.get("stage")) == (deployed.api_id, deployed.stage):
                return
            gateway.delete_base_path_mapping(domainName=HOST, basePath=_BASE_PATH)
    gateway.create_base_path_mapping(
        domainName=HOST, basePath=_BASE_PATH, restApiId=deployed.api_id, stage=deployed.stage
    )
