"""What a deployed stack says of itself: its outputs and the parameters that tools depend on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from local.console import Failure

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef


@dataclass(frozen=True, slots=True)
class Deployed:
    """The outputs of a stack that the local tools use, and its number of list shards."""

    api_id: str
    api_url: str
    table_name: str
    usage_plan_id: str
    import_queue_url: str
    import_bucket: str
    list_shards: int


def describe(cloudformation: "CloudFormationClient", stack_name: str) -> "StackTypeDef | None":
    """Return CloudFormation's description of a stack; None when it does not exist."""
    try:
        return cloudformation.describe_stacks(StackName=stack_name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in error.response["Error"].get("Message", ""):
            return None
        raise


def parameters(described: "StackTypeDef") -> dict[str, str]:
    """Return the values that a stack was deployed with."""
    return {
        entry["ParameterKey"]: entry["ParameterValue"] for entry in described.get("Parameters", [])
    }


def read_outputs(cloudformation: "CloudFormationClient", stack_name: str) -> Deployed:
    """Read the outputs of a deployed stack, or fail when it is not there."""
    described = describe(cloudformation, stack_name)
    if described is None or not described.get("Outputs"):
        raise Failure(f"the stack {stack_name} is not deployed")
    found = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    return Deployed(
        api_id=found["ApiId"],
        api_url=found["ApiUrl"],
        table_name=found["TableName"],
        usage_plan_id=found["UsagePlanId"],
        import_queue_url=found.get("ImportQueueUrl", ""),
        import_bucket=found.get("ImportBucketName", ""),
        list_shards=int(parameters(described)["ListShards"]),
    )
