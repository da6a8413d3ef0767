"""Object store: the objects of one S3 bucket. The only module that calls S3."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import batched
from typing import Any, Self

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from shared.core.errors import NotFound, TooLarge, Unavailable

#: Bytes of one object that are read, at most: a function holds several copies in memory.
MAX_OBJECT_BYTES = 50_000_000
#: Bytes of one part of an object that is written piece by piece; S3 wants at least 5 MiB.
_PART_BYTES = 8_000_000
#: Keys in one delete request, at most (S3's own limit).
_BATCH = 1000
#: Without the permission to list, S3 answers a read of a missing object with AccessDenied.
_MISSING = frozenset({"NoSuchKey", "AccessDenied"})


class ObjectStore:
    """Objects by key. Each method raises ``Unavailable`` when S3 does not answer."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    @classmethod
    def connect(cls, bucket: str) -> Self:
        """Return a store with a client of its own.

        Two attempts with the SDK's backoff end before a function's timeout of 10 seconds.
        """
        config = Config(
            connect_timeout=1,
            read_timeout=3,
            retries={"mode": "standard", "total_max_attempts": 2},
            # For signed addresses: those of the default have no region, and not every region
            # accepts their signature.
            signature_version="s3v4",
            s3={"addressing_style": "virtual"},
        )
        return cls(get_session().create_client("s3", config=config), bucket)

    def read(self, key: str) -> bytes:
        """Return an object's content.

        Raises ``NotFound`` if it does not exist any more, and ``TooLarge`` above
        ``MAX_OBJECT_BYTES``.
        """
        with _translated():
            response = self._client.get_object(Bucket=self._bucket, Key=key)
            if response["ContentLength"] > MAX_OBJECT_BYTES:
                response["Body"].close()
                raise TooLarge(f"object: must not exceed {MAX_OBJECT_BYTES // 1_000_000} MB.")
            content: bytes = response["Body"].read()
        return content

    def write(self, key: str, content: bytes) -> None:
        """Store an object, in place of one with this key."""
        with _translated():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content)

    def upload_url(self, key: str, *, seconds: int) -> str:
        """Return an address that accepts one PUT of an object, without a request."""
        url: str = self._client.generate_presigned_url(
            "put_object", {"Bucket": self._bucket, "Key": key}, ExpiresIn=seconds
        )
        return url

    def write_parts(self, key: str, pieces: Iterable[str], media_type: str) -> None:
        """Store an object of any size: one request for each 8 MB, one part in memory.

        Nothing is left of it if ``pieces`` raises.
        """
        place = {"Bucket": self._bucket, "Key": key}
        with _translated():
            upload = self._client.create_multipart_upload(**place, ContentType=media_type)
        place["UploadId"] = upload["UploadId"]
        try:
            parts = []
            for number, part in enumerate(_parts(pieces), 1):
                with _translated():
                    answer = self._client.upload_part(**place, PartNumber=number, Body=part)
                parts.append({"PartNumber": number, "ETag": answer["ETag"]})
            with _translated():
                self._client.complete_multipart_upload(**place, MultipartUpload={"Parts": parts})
        except BaseException:
            with _translated():
                self._client.abort_multipart_upload(**place)
            raise

    def link(self, key: str, *, seconds: int, file_name: str) -> str:
        """Return a URL that anyone can download an object from for a time: no request."""
        disposition = f'attachment; filename="{file_name}"'
        place = {"Bucket": self._bucket, "Key": key, "ResponseContentDisposition": disposition}
        url: str = self._client.generate_presigned_url("get_object", place, ExpiresIn=seconds)
        return url

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects, 1,000 a request; those that do not exist are no error."""
        for batch in batched(keys, _BATCH):
            objects = [{"Key": key} for key in batch]
            with _translated():
                answer = self._client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True}
                )
            if answer.get("Errors"):
                raise Unavailable("Some objects could not be deleted; retry.")

    def keys(self, prefix: str) -> Iterator[str]:
        """Return the keys that begin with a text: one request for each 1,000."""
        request = {"Bucket": self._bucket, "Prefix": prefix}
        while True:
            with _translated():
                page = self._client.list_objects_v2(**request)
            yield from (one["Key"] for one in page.get("Contents", ()))
            if not page.get("IsTruncated"):
                return
            request["ContinuationToken"] = page["NextContinuationToken"]


def _parts(pieces: Iterable[str]) -> Iterator[bytes]:
    """Yield texts as parts, all but the last one of the same size or more."""
    part = bytearray()
    for piece in pieces:
        part += piece.encode()
        if len(part) >= _PART_BYTES:
            yield bytes(part)
            part.clear()
    if part:
        yield bytes(part)


@contextmanager
def _translated() -> Iterator[None]:
    """Translate AWS errors into those of the domain."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else None
        if code in _MISSING:
            raise NotFound("The object is not in the bucket.") from error
        raise Unavailable("The bucket does not answer; retry.") from error
