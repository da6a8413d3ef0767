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
_TAG = re.compile(r'(?:W/)?"(\d{1,15})"')


async def _idempotency(request: Request) -> Idempotency | None:
    """Read ``Idempotency-Key``; the same key with another payload is refused later on.

    The payload is the body, and the query where there is one. The scope of a key is the
    organisation and the operation: one key may serve a session and an agent without the
    two getting in each other's way.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise InvalidInput("Idempotency-Key: expected 1 to 255 printable ASCII characters.")
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
        except JSONDecodeError:  # refused by the endpoint's model, or of no interest to it
            payload = body.decode("latin-1")
    query = request.scope["query_string"].decode("latin-1")
    return {"body": payload, "query": query} if query else payload


async def _expected_version(request: Request) -> int | None:
    """Read ``If-Match``: the version the client last saw, or None for any.

    A weak tag is taken for its strong one: gateways and proxies that compress weaken
    the tag of what they pass on, and the version in it is still the version.
    """
    header = request.headers.get("if-match")
    if header is None or header.strip() == "*":
        return None
    found = _TAG.fullmatch(header.strip())
    if found is None:
        raise PreconditionFailed("If-Match names no version of this resource.")
    return int(found[1])


IdempotencyKey = Annotated[Idempotency | None, Depends(_idempotency)]
ExpectedVersion = Annotated[int | None, Depends(_expected_version)]
