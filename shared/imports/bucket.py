"""The bucket for conversations too large for a message. The only module that names S3."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared.core.errors import NotFound, Unavailable
from shared.core.settings import settings

#: Bytes of one conversation, at most: a function holds it in memory, several times over.
MAX_OBJECT_BYTES = 50_000_000


class ImportBucket:
    """Reads objects of one bucket."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def read(self, key: str) -> bytes:
        """Return an object's content. Raises ``NotFound`` when it is not there any more."""
        try:
            found = self._client.get_object(Bucket=self._name, Key=key)
            content: bytes = found["Body"].read(MAX_OBJECT_BYTES)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "AccessDenied"):
                raise NotFound("The conversation is not in the bucket.") from error
            raise Unavailable("The bucket does not answer.") from error
        except BotoCoreError as error:
            raise Unavailable("The bucket does not answer.") from error
        return content


@cache
def import_bucket() -> ImportBucket:
    """Return the bucket of this process."""
    config = Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 3})
    return ImportBucket(boto3.client("s3", config=config), settings().import_bucket)
