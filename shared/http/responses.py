"""HTTP responses: JSON serialized once, with ETag and replay headers."""

from collections.abc import Iterable
from typing import Any

from fastapi import Response
from pydantic import BaseModel

from shared.core.errors import TooLarge
from shared.core.json import dumps
from shared.http.ignored_fields import HEADER, header_of

#: Media type of one JSON value per line.
JSON_LINES = "application/x-ndjson"
#: Bytes of a body within a function's response, at most: Lambda's limit is 6 MB with headers.
MAX_RESPONSE_BYTES = 6_000_000
#: Characters that stay below that limit, however they are escaped and encoded.
_ALWAYS_FITS = MAX_RESPONSE_BYTES // 6


def reply(
    content: BaseModel | list[Any] | dict[str, Any],
    *,
    status: int = 200,
    version: int | None = None,
    replayed: bool = False,
    next_cursor: str | None = None,
    ignored: Iterable[str] = (),
) -> Response:
    """Return a JSON response.

    Parameters
    ----------
    content
        A model, serialized by its aliases, or plain JSON values; a list may hold models.
    version
        Version of the single resource in the response; becomes its ``ETag``.
    replayed
        True if the request repeats an earlier one's idempotency key; sets
        ``Idempotent-Replayed: true``.
    next_cursor
        Cursor of the next page of a list that is a bare array; sets ``X-Next-Cursor``.
    ignored
        Names of what had no effect, where the route's model does not tell them; sets
        ``X-Ignored-Fields``.

    Raises ``TooLarge`` above the size of a function's response.
    """
    headers: dict[str, str] = {}
    if version is not None:
        headers["ETag"] = etag(version)
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    if next_cursor is not None:
        headers["X-Next-Cursor"] = next_cursor
    if names := header_of(ignored):
        headers[HEADER] = names
    if isinstance(content, list):
        text = dumps([_json_value(item) for item in content])
    else:
        text = dumps(_json_value(content))
    _check_size(text)
    return Response(text, status_code=status, headers=headers, media_type="application/json")


def file_reply(
    text: str, media_type: str, name: str, *, next_cursor: str | None = None
) -> Response:
    """Return a text as a file. Raises ``TooLarge`` as :func:`reply`."""
    _check_size(text)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if next_cursor is not None:
        headers["X-Next-Cursor"] = next_cursor
    return Response(text, headers=headers, media_type=media_type)


def see_other(content: BaseModel, location: str) -> Response:
    """Return 303, with the URL where the answer is."""
    found = reply(content, status=303)
    found.headers["Location"] = location
    return found


def _check_size(text: str) -> None:
    # Only a long text is measured as it is sent: as a string within the function's JSON.
    if len(text) > _ALWAYS_FITS and len(dumps(text).encode()) > MAX_RESPONSE_BYTES:
        raise TooLarge("limit: the response would exceed 6 MB; use a smaller limit.")


def no_content() -> Response:
    """Return 204 without a body."""
    return Response(status_code=204)


def etag(version: int) -> str:
    """Return the strong entity tag of a version (RFC 9110, section 8.8.3)."""
    return f'"{version}"'


def _json_value(content: Any) -> Any:
    if isinstance(content, BaseModel):
        return content.model_dump(mode="json", by_alias=True)
    return content
