"""Imports by upload: conversations larger than the body of a request.

The client puts the conversation into the import bucket, at an address that is signed for it,
and then imports it by its id. The key of the object has the organization, so an id is of no use
to any other. The object is deleted after its import; the receipt answers a repeated request.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from shared.core.clock import Clock
from shared.core.errors import InvalidInput, NotFound, TooLarge
from shared.core.ids import OrganizationId, SessionId, UploadId
from shared.core.json import loads_strict
from shared.imports.domain import ImportedSession, ImportOptions, Upload
from shared.imports.service import ImportService
from shared.sessions.domain import SessionKind
from shared.storage.idempotency import Idempotency, receipt, receipt_key
from shared.storage.objects import MAX_OBJECT_BYTES
from shared.storage.repository import Created
from shared.storage.table import Table

#: Time in which an upload must begin.
_VALID = timedelta(minutes=15)
_MISSING = (
    "upload_id: nothing was uploaded under it, or it has expired; create an upload, send the"
    " conversation with PUT, then import it."
)
_TOO_LARGE = f"upload_id: a conversation must not exceed {MAX_OBJECT_BYTES // 1_000_000} MB."


class Bucket(Protocol):
    """Port to the objects of uploads."""

    def read(self, key: str) -> bytes:
        """Return an object's content. Raises ``NotFound`` and ``TooLarge``."""

    def delete(self, keys: list[str]) -> None:
        """Delete objects."""


class UploadBucket(Protocol):
    """Port to the addresses of uploads."""

    def upload_url(self, key: str, *, seconds: int) -> str:
        """Return an address that accepts a PUT of the object."""


class Uploads:
    """Use cases of uploads."""

    def __init__(
        self, service: ImportService, bucket: Callable[[], Bucket], table: Table, clock: Clock
    ) -> None:
        self._service = service
        self._bucket = bucket
        self._table = table
        self._clock = clock

    def add(
        self, organization_id: OrganizationId, upload_id: UploadId, options: ImportOptions
    ) -> Created[ImportedSession]:
        """Import what was uploaded, and delete it.

        Repeated calls, also concurrent ones, store one session; for 30 days they return it.
        Raises ``NotFound`` if there is no such upload, ``TooLarge``, ``InvalidInput`` for
        invalid JSON, and as ``ImportService.add``; the object is then left to expire.
        """
        key = _key(organization_id, upload_id)
        request = Idempotency(
            organization_id=organization_id,
            operation=f"import upload {options.kind}",
            key=str(upload_id),
            fingerprint="",
        )
        try:
            value = loads_strict(self._bucket().read(key))
        except TooLarge as error:
            raise TooLarge(_TOO_LARGE) from error
        except NotFound:
            return self._earlier(request, options.kind)
        except ValueError as error:
            raise InvalidInput(f"upload_id: must be of valid JSON: {error}") from error
        created = self._service.add(organization_id, value, options, at=self._clock())
        # The receipt first: a concurrent import that finds no object finds the receipt.
        imported = created.entity
        body = {"id": imported.conversation_id, "session": str(imported.session_id)}
        self._table.put(receipt(request, body, self._table.now()))
        self._bucket().delete([key])
        return created

    def _earlier(self, request: Idempotency, kind: SessionKind) -> Created[ImportedSession]:
        """Return the result of an earlier import of an upload. Raises ``NotFound``."""
        found = self._table.get(receipt_key(request))
        if found is None:
            raise NotFound(_MISSING)
        session_id = SessionId.parse(found.body["session"])
        return Created(ImportedSession(found.body["id"], session_id, kind), replayed=True)


def open_upload(bucket: UploadBucket, organization_id: OrganizationId, now: datetime) -> Upload:
    """Return an address for one conversation. Nothing is stored, and no request is sent."""
    upload_id = UploadId.new()
    key = _key(organization_id, upload_id)
    url = bucket.upload_url(key, seconds=int(_VALID.total_seconds()))
    return Upload(upload_id, url, now + _VALID)


def _key(organization_id: OrganizationId, upload_id: UploadId) -> str:
    return f"uploads/{organization_id}/{upload_id}"
