"""Responses to lists that are bare arrays: as many items as a response holds, and a cursor."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from fastapi import Response
from pydantic import BaseModel

from shared.core.json import dumps
from shared.http import responses
from shared.http.ignored_fields import HEADER, header_of
from shared.http.paging import Cursors


class PositionedPage(Protocol):
    """A page of a list, with the position of each item."""

    @property
    def items(self) -> Sequence[Any]: ...
    @property
    def positions(self) -> Sequence[str]: ...
    @property
    def next_cursor(self) -> str | None: ...


def reply_list(
    page: PositionedPage, model: type[BaseModel], cursors: Cursors, ignored: Iterable[str] = ()
) -> Response:
    """Return the items of a page that fit into a response; at least one if there is any.

    ``X-Next-Cursor`` continues behind the last one. ``ignored`` are the names of parameters
    that had no effect; ``X-Ignored-Fields`` repeats them.
    """
    texts: list[str] = []
    size, next_cursor = len("[]"), page.next_cursor
    for item in page.items:
        text = dumps(model.model_validate(item).model_dump(mode="json", by_alias=True))
        size += _escaped_size(text) + len(",")
        if texts and size > responses.MAX_RESPONSE_BYTES:
            next_cursor = page.positions[len(texts) - 1]
            break
        texts.append(text)
    headers: dict[str, str] = {}
    if cursor := cursors.write(next_cursor):
        headers["X-Next-Cursor"] = cursor
    if names := header_of(ignored):
        headers[HEADER] = names
    return Response(f"[{','.join(texts)}]", headers=headers, media_type="application/json")


def _escaped_size(text: str) -> int:
    """Return the bytes of JSON text as a string within the function's own JSON."""
    return len(text.encode()) + text.count('"') + text.count("\\")
