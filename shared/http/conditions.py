"""Request headers that guard a write: ``Idempotency-Key`` and ``If-Match``."""

import re
from json import JSONDecodeError
from typing import Annotated, Any

from fastapi import Depends, Request

from shared.core.errors import InvalidInput, PreconditionFailed
from shared.core.json import fingerprint
from shared.http.caller import Caller
from shared.storage.idempotency import Idempotency

_KEY = re.compile(r"[\x20-\x7e]{1,255}")
_ETAG = re.compile(r'(?:W/)?"(\d{1,15})"')


async def _idempotency(request: Request) -> Idempotency | None:
    """Parse ``Idempotency-Key``. Storage rejects a key that was used with another payload.

    The payload is the body, and the query if there is one. A key is scoped to organization
    and operation: creating a session and an agent under one key is no conflict.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise InvalidInput("Idempotency-Key: must be 1 to 255 printable ASCII characters.")
    return Idempotency(
        organization_id=Caller.of(request).organization_id,
        operation=f"{request.method} {request.scope['path']}",
        key=key,
        fingerprint=fingerprint(await _payload(request)),
    )


async def _payload(request: Request) -> Any:
    body = await request.body()
    payload: Any = None
    if body:
        try:
            payload = await request.json()
        except JSONDecodeError:  # the endpoint's model rejects it, or the endpoint has no body
            payload = body.decode("latin-1")
    query = request.scope["query_string"].decode("latin-1")
    return {"body": payload, "query": query} if query else payload


async def _expected_version(request: Request) -> int | None:
    """Parse ``If-Match``: the version that the client last read, or None for any.

    A weak ETag counts as its strong form: gateways and proxies that compress a response
    weaken its ETag, which still names the same version.
    """
    header = request.headers.get("if-match")
    if header is None or header.strip() == "*":
        return None
    match = _ETAG.fullmatch(header.strip())
    if match is None:
        raise PreconditionFailed("If-Match: must be an ETag of this resource, or *.")
    return int(match[1])


IdempotencyKey = Annotated[Idempotency | None, Depends(_idempotency)]
ExpectedVersion = Annotated[int | None, Depends(_expected_version)]
