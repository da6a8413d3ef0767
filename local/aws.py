"""AWS clients for a local stack or for the user's own account."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, overload

import boto3
from botocore.config import Config

from local.settings import LocalStack

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_logs import CloudWatchLogsClient

type Target = LocalStack | None
"""A local stack, or None for the account of the user's AWS settings."""


@overload
def client(stack: Target, service: Literal["apigateway"]) -> "APIGatewayClient": ...
@overload
def client(stack: Target, service: Literal["cloudformation"]) -> "CloudFormationClient": ...
@overload
def client(stack: Target, service: Literal["dynamodb"]) -> "DynamoDBClient": ...
@overload
def client(stack: Target, service: Literal["logs"]) -> "CloudWatchLogsClient": ...
@overload
def client(stack: Target, service: Literal["lambda", "sqs", "s3", "events", "ssm"]) -> Any: ...
def client(stack: Target, service: Any) -> Any:
    """Return a client of a service.

    For a local stack, the user's AWS settings are ignored; without one, they apply
    (AWS_PROFILE, AWS_REGION and the rest).
    """
    config = Config(connect_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})
    if stack is None:
        return boto3.client(service, config=config)
    with _environment(stack.aws_environment()):
        return boto3.Session().client(service, config=config)


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Replace the environment for the block.

    Arguments are not enough: the SDK first reads the profile and files that the environment
    names, and fails on unknown ones.
    """
    before = dict(os.environ)
    try:
        os.environ.clear()
        os.environ.update(variables)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
