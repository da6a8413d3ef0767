"""Request headers that guard a write: ``Idempotency-Key`` and ``If-Match``."""

import re
from json import JSONDecodeError
from typing import Annotated, Any

from fastapi import Depends, Request

from shared.core.errors import InvalidInput, PreconditionFailed
from shared.core.json import fingerprint
from shared.http.caller import Caller
from shared.storage import conditions
from shared.storage.idempotency import Idempotency

_KEY = re.compile(r"[\x20-\x7e]{1,255}")
#: Entity tag of RFC 9110, and a list of them, which may have empty elements.
_ETAG = r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"'
_ETAGS = re.compile(rf"[\s,]*{_ETAG}(?:\s*,[\s,]*{_ETAG})*[\s,]*")
_OWN_ETAG = re.compile(r"[1-9]\d{0,14}")
_MAX_IF_MATCH = 1000


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


async def _expected_version(request: Request) -> conditions.ExpectedVersion:
    """Parse ``If-Match``: the versions that the client accepts, or None for any.

    A list of tags is met by one of them (RFC 9110, section 13.1.1). A weak ETag counts as its
    strong form: gateways and proxies that compress a response weaken its ETag, which still
    names the same version.
    """
    header = ", ".join(request.headers.getlist("if-match")).strip()
    if header == "*" or "if-match" not in request.headers:
        return None
    tags = re.findall(_ETAG, header) if len(header) <= _MAX_IF_MATCH else []
    versions = frozenset(int(tag) for tag in tags if _OWN_ETAG.fullmatch(tag))
    if not versions or not _ETAGS.fullmatch(header):
        raise PreconditionFailed("If-Match: must be an ETag of this resource, several, or *.")
    return versions if len(versions) > 1 else min(versions)


IdempotencyKey = Annotated[Idempotency | None, Depends(_idempotency)]
ExpectedVersion = Annotated[conditions.ExpectedVersion, Depends(_expected_version)]
