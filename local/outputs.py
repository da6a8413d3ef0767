"""Outputs and parameters of a deployed stack."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from local.console import Failure

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef


@dataclass(frozen=True, slots=True)
class Deployed:
    """Outputs of a stack that the local tools use, its number of list shards and its stage."""

    api_id: str
    api_url: str
    table_name: str
    usage_plan_id: str
    import_queue_url: str
    import_bucket: str
    list_shards: int
    stage: str


def describe(cloudformation: "CloudFormationClient", stack_name: str) -> "StackTypeDef | None":
    """Return CloudFormation's description of a stack; None if it does not exist."""
    try:
        return cloudformation.describe_stacks(StackName=stack_name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in error.response["Error"].get("Message", ""):
            return None
        raise


def parameters(described: "StackTypeDef") -> dict[str, str]:
    """Return the parameter values of a deployed stack."""
    return {
        entry["ParameterKey"]: entry["ParameterValue"] for entry in described.get("Parameters", [])
    }


def read_outputs(cloudformation: "CloudFormationClient", stack_name: str) -> Deployed:
    """Return the outputs of a deployed stack. Raises ``Failure`` if it does not exist."""
    described = describe(cloudformation, stack_name)
    if described is None or not described.get("Outputs"):
        raise Failure(f"the stack {stack_name} is not deployed")
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    return Deployed(
        api_id=outputs["ApiId"],
        api_url=outputs["ApiUrl"],
        table_name=outputs["TableName"],
        usage_plan_id=outputs["UsagePlanId"],
        import_queue_url=outputs.get("ImportQueueUrl", ""),
        import_bucket=outputs.get("ImportBucketName", ""),
        list_shards=int(parameters(described)["ListShards"]),
        stage=parameters(described)["StageName"],
    )
