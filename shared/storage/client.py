"""The one DynamoDB client of a process."""

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@cache
def dynamodb() -> "DynamoDBClient":
    """Return the low-level client: it starts faster than the resource and hides nothing.

    Time-outs are in seconds. Three attempts with the SDK's own back-off (3 seconds at most)
    end before a function's 10 seconds do, so that the caller hears 429 or 503 and may try
    again. DynamoDB answers in milliseconds, a page of 1 MB in a tenth of a second.
    """
    return boto3.client(
        "dynamodb",
        config=Config(
            connect_timeout=1,
            read_timeout=2,
            retries={"mode": "standard", "total_max_attempts": 3},
            tcp_keepalive=True,
            parameter_validation=False,
            # A fixed text: the SDK would put its own together anew for every request.
            user_agent="agent-sessions",
        ),
    )
