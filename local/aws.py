"""AWS's client library, aimed at a local stack or at the user's own account."""

from typing import TYPE_CHECKING, Any, Literal, overload

import boto3
from botocore.config import Config

from local.settings import REGION, LocalStack

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_logs import CloudWatchLogsClient

type Target = LocalStack | None
"""A local stack, or None for the account that the user's own settings lead to."""


@overload
def client(stack: Target, service: Literal["apigateway"]) -> "APIGatewayClient": ...
@overload
def client(stack: Target, service: Literal["cloudformation"]) -> "CloudFormationClient": ...
@overload
def client(stack: Target, service: Literal["dynamodb"]) -> "DynamoDBClient": ...
@overload
def client(stack: Target, service: Literal["logs"]) -> "CloudWatchLogsClient": ...
@overload
def client(stack: Target, service: Literal["sqs", "s3"]) -> Any: ...
def client(stack: Target, service: Any) -> Any:
    """Return a client of a service.

    With a local stack, the user's own AWS settings have no say; without one, they alone do
    (AWS_PROFILE, AWS_REGION and the rest).
    """
    config = Config(connect_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})
    if stack is None:
        return boto3.client(service, config=config)
    return boto3.client(
        service,
        config=config,
        endpoint_url=stack.endpoint_url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
