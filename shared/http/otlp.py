"""OTLP over HTTP: bodies of requests, and answers in the content type of the request."""

from collections.abc import Callable

from fastapi import Request, Response

from shared.core.errors import DomainError
from shared.core.json import dumps
from shared.http.endpoint import PROTOBUF
from shared.http.errors import headers_of, status_of

JSON = "application/json"
#: Characters of a text in protobuf that is valid UTF-8 as a whole: lengths have one byte.
_SHORT = 100
#: Codes of google.rpc.Status, by HTTP status.
_CODES = {400: 3, 413: 8, 429: 8, 503: 14}

#: Takes a body and returns the number of rejected items and the reasons; True for JSON.
type Export = Callable[[bytes, bool], tuple[int, str]]


async def answer(request: Request, export: Export) -> Response:
    """Return the answer to an export request: its result, or its error as google.rpc.Status."""
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = sent != PROTOBUF
    is_whole = is_json or request.headers.get("accept", "").startswith(PROTOBUF)
    try:
        rejected, reason = export(await request.body(), is_json)
    except DomainError as error:
        status = status_of(error)
        code = _CODES.get(status, 2)
        body = (
            dumps({"code": code, "error": error.code, "message": error.message}).encode()
            if is_json
            else _number(1, code) + _bytes(2, _text(error.message, is_whole=is_whole))
        )
        return _response(body, is_json=is_json, status=status, headers=headers_of(error))
    if is_json:
        partial = {"partialSuccess": {"rejectedSpans": str(rejected), "errorMessage": reason}}
        return _response(dumps(partial if rejected else {}).encode(), is_json=True)
    content = _number(1, rejected) + _bytes(2, _text(reason, is_whole=is_whole))
    return _response(_bytes(1, content) if rejected else b"", is_json=False)


def _response(
    body: bytes, *, is_json: bool, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    return Response(body, status, headers, JSON if is_json else PROTOBUF)


def _text(text: str, *, is_whole: bool) -> bytes:
    """Return a text, cut for a client to which the gateway sends no binary answers."""
    if is_whole:
        return text.encode()
    ascii_only = text.encode("ascii", "replace")
    return ascii_only if len(ascii_only) <= _SHORT else ascii_only[: _SHORT - 3] + b"..."


def _number(field: int, value: int) -> bytes:
    """Return a field of protobuf with a number."""
    return bytes([field << 3]) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    """Return a field of protobuf with a text or a message."""
    return bytes([field << 3 | 2]) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])
