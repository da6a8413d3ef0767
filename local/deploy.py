"""Deployment of the built stack to the emulator, by the command that deploys it to AWS."""

import subprocess

from local.aws import client
from local.build import LOCAL, lock
from local.console import Failure, error_line
from local.environments import program
from local.outputs import Deployed, describe, parameters, read_outputs
from local.settings import HOST, ROOT, STACK_NAME, LocalStack
from local.stack_table import stack_table
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
}
_BASE_PATH = "api"
_STAGE = "api"


def deploy(stack: LocalStack) -> Deployed:
    """Deploy the built stack unless it is deployed already, and return its outputs."""
    values = LOCAL.parameters(LOCAL.built_hash(), LOCAL_PARAMETERS)
    cloudformation = client(stack, "cloudformation")
    described = describe(cloudformation, STACK_NAME)
    is_complete = described is not None and described["StackStatus"] in (
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
    )
    if described is None or not is_complete or not values.items() <= parameters(described).items():
        _sam_deploy(stack, values)
    deployed = read_outputs(cloudformation, STACK_NAME)
    create_signing_secret(stack_table(stack, deployed))
    return deployed


def _sam_deploy(stack: LocalStack, values: dict[str, str]) -> None:
    with lock(exclusive=False):
        done = subprocess.run(
            [
                *(program("tools", "sam"), "deploy", "--template-file", LOCAL.template),
                *("--stack-name", STACK_NAME, "--resolve-s3", "--capabilities", "CAPABILITY_IAM"),
                *("--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"),
                *("--parameter-overrides", *(f"{name}={value}" for name, value in values.items())),
            ],
            cwd=ROOT,
            # SAM leaves temporary folders of functions; these are removed when the stack stops.
            env=stack.aws_environment() | {"TMPDIR": str(stack.temporary)},
            capture_output=True,
            text=True,
            check=False,
        )
    log = stack.home / "deploy.log"
    log.write_text(done.stdout + done.stderr)
    if done.returncode:
        raise Failure(f"sam deploy failed (see {log}): {error_line(done.stderr)}")


def publish_base_url(stack: LocalStack, api_id: str) -> None:
    """Map the API to a stable URL: its id changes whenever its routes do."""
    gateway = client(stack, "apigateway")
    if HOST not in {domain["domainName"] for domain in gateway.get_domain_names().get("items", [])}:
        gateway.create_domain_name(domainName=HOST, endpointConfiguration={"types": ["REGIONAL"]})
    for mapping in gateway.get_base_path_mappings(domainName=HOST).get("items", []):
        if mapping["basePath"] == _BASE_PATH:
            if mapping["restApiId"] == api_id:
                return
            gateway.delete_base_path_mapping(domainName=HOST, basePath=_BASE_PATH)
    gateway.create_base_path_mapping(
        domainName=HOST, basePath=_BASE_PATH, restApiId=api_id, stage=_STAGE
    )
