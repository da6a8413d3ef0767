"""Model Context Protocol over HTTP: bodies of requests, and answers of JSON-RPC.

A browser's page may send requests only from an allowed origin (``cors``), also where the
response would stay hidden from it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from fastapi import Request, Response

from shared.core.errors import DomainError, Forbidden
from shared.core.json import dumps
from shared.http.cors import is_allowed_origin
from shared.http.errors import headers_of, status_of


class Reply(Protocol):
    """Answer to the body of a request: none, a body, or a domain error and its body."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> Any: ...
    @property
    def failure(self) -> DomainError | None: ...


class Server(Protocol):
    """Server of one request; ``refuse`` answers one whose body is not read."""

    def answer(self, body: bytes) -> Reply: ...
    def refuse(self, error: DomainError) -> Reply: ...


async def answer(request: Request, serve: Callable[[Mapping[str, str]], Server]) -> Response:
    """Return the answer to a request; ``serve`` gets its headers, in lower case."""
    server = serve(request.headers)
    try:
        origin = request.headers.get("origin")
        if origin is not None and not is_allowed_origin(origin):
            raise Forbidden("Origin: must be one of the allowed origins of this stack.")
        reply = server.answer(await request.body())
    except DomainError as error:
        reply = server.refuse(error)
    failure = reply.failure
    status = reply.status if failure is None else status_of(failure)
    headers = {} if failure is None else headers_of(failure)
    if reply.body is None:
        return Response(status_code=status)
    return Response(dumps(reply.body), status, headers, "application/json")
