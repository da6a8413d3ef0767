"""Answers: JSON written once, with the entity's tag and the marks of a replay."""

from typing import Any

from fastapi import Response
from pydantic import BaseModel

from shared.core.errors import TooLarge
from shared.core.json import dumps

#: Bytes of a body within a function's answer, at most: Lambda's own limit is 6 MB, with
#: the headers.
MAX_ANSWER_BYTES = 6_000_000
#: Characters that no escaping and no encoding makes longer than that.
_SURELY_SENT = MAX_ANSWER_BYTES // 6


def reply(
    content: BaseModel | list[Any] | dict[str, Any],
    *,
    status: int = 200,
    version: int | None = None,
    replayed: bool = False,
    next_cursor: str | None = None,
) -> Response:
    """Answer with JSON.

    Parameters
    ----------
    content
        A model, written by its aliases, or plain JSON values; a list may hold models.
    version
        The version of the single resource answered; becomes its ``ETag``.
    replayed
        True where an idempotency key has been seen before; the client can tell by
        ``Idempotent-Replayed: true``.
    next_cursor
        Where a list that is answered as a bare array goes on; ``X-Next-Cursor``.

    Raises ``TooLarge`` for more than a function can answer.
    """
    headers: dict[str, str] = {}
    if version is not None:
        headers["ETag"] = etag(version)
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    if next_cursor is not None:
        headers["X-Next-Cursor"] = next_cursor
    if isinstance(content, list):
        text = dumps([_plain(item) for item in content])
    else:
        text = dumps(_plain(content))
    _check_size(text)
    return Response(text, status_code=status, headers=headers, media_type="application/json")


def no_content() -> Response:
    """Answer 204: done, nothing to say."""
    return Response(status_code=204)


def etag(version: int) -> str:
    """Return the strong entity tag of a version (RFC 9110, section 8.8.3)."""
    return f'"{version}"'


def _plain(content: Any) -> Any:
    if isinstance(content, BaseModel):
        return content.model_dump(mode="json", by_alias=True)
    return content


def _check_size(text: str) -> None:
    # Only a long text is measured as it will be sent: as a string within the answer's JSON.
    if len(text) > _SURELY_SENT and len(dumps(text).encode()) > MAX_ANSWER_BYTES:
        raise TooLarge("The answer would be larger than 6 MB; ask for less with limit.")
