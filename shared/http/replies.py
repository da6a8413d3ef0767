"""Answers: JSON written once, with the entity's tag and the marks of a replay."""

from typing import Any

from fastapi import Response
from pydantic import BaseModel

from shared.core.json import dumps


def reply(
    content: BaseModel | list[Any] | dict[str, Any],
    *,
    status: int = 200,
    version: int | None = None,
    replayed: bool = False,
) -> Response:
    """Answer with JSON.

    Parameters
    ----------
    content
        A model, written by its aliases, or plain JSON values.
    version
        The version of the single resource answered; becomes its ``ETag``.
    replayed
        True where an idempotency key has been seen before; the client can tell by
        ``Idempotent-Replayed: true``.
    """
    headers: dict[str, str] = {}
    if version is not None:
        headers["ETag"] = etag(version)
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    if isinstance(content, BaseModel):
        content = content.model_dump(mode="json", by_alias=True)
    return Response(
        dumps(content), status_code=status, headers=headers, media_type="application/json"
    )


def no_content() -> Response:
    """Answer 204: done, nothing to say."""
    return Response(status_code=204)


def etag(version: int) -> str:
    """Return the strong entity tag of a version (RFC 9110, section 8.8.3)."""
    return f'"{version}"'
