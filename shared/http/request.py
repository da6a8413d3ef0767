"""HTTP request with strict JSON, a size limit and one request id."""

from typing import Any

from fastapi import Request

from shared.core.errors import TooLarge
from shared.core.json import loads_strict
from shared.http.request_ids import request_id_of

#: Bytes of a request body, at most. API Gateway accepts 10 MB, and a function's event 6 MB.
MAX_BODY_BYTES = 1024 * 1024


class ApiRequest(Request):
    """Starlette's request, with this API's limits on the body."""

    max_body_bytes = MAX_BODY_BYTES

    async def body(self) -> bytes:
        body = await super().body()
        if len(body) > self.max_body_bytes:
            raise TooLarge(f"body: must be at most {self.max_body_bytes // 1024} KiB.")
        return body

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = loads_strict(await self.body())
        return self._json


def request_id(request: Request) -> str:
    """Return the request's id; see :func:`request_id_of`."""
    return request_id_of(request.headers.get("x-request-id"), request.scope.get("aws.event", {}))
