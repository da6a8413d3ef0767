"""Bucket of conversations that exceed the size of a message. The only module that calls S3."""

from typing import Any, Self

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from shared.core.errors import NotFound, Unavailable

#: Bytes of one conversation, at most: a function holds several copies of it in memory.
MAX_OBJECT_BYTES = 50_000_000


class ImportBucket:
    """Reader of the objects of one bucket."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    @classmethod
    def connect(cls, name: str) -> Self:
        """Return a reader with a client of its own."""
        config = Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 3})
        return cls(get_session().create_client("s3", config=config), name)

    def read(self, key: str) -> bytes:
        """Return an object's content. Raises ``NotFound`` if it does not exist any more."""
        try:
            response = self._client.get_object(Bucket=self._name, Key=key)
            content: bytes = response["Body"].read(MAX_OBJECT_BYTES)
        except (BotoCoreError, ClientError) as error:
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else None
            if code in ("NoSuchKey", "AccessDenied"):
                raise NotFound("The conversation is not in the bucket.") from error
            raise Unavailable("The import bucket does not answer; retry.") from error
        return content
