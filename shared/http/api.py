"""API models common to all surfaces: page parameters, page envelope, documented errors."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from shared.core.api_types import Cursor, Line

if TYPE_CHECKING:
    from shared.http.paging import Cursors


#: ``{id}`` in the path of a surface that answers 404 to any text that is not an id.
EntityId = Annotated[Line, Path(alias="id", description="Id of the entity.")]


class PageParameters(BaseModel):
    """Query parameters of a list. Unknown parameters are rejected, not ignored."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=200)
    """Number of items of a page, at most; a page also ends at its bytes."""
    cursor: Cursor | None = None
    """`next_cursor` of the previous page, with the same filters."""


PageQuery = Annotated[PageParameters, Query()]


class PageResponse[T](BaseModel):
    """A page of a list and the cursor of the next page; null on the last page."""

    items: list[T]
    """The items of this page."""
    next_cursor: str | None = None
    """Cursor of the next page; null on the last page."""
    has_more: bool
    """True if there is a next page."""

    @classmethod
    def of(cls, items: list[T], cursors: "Cursors", after: str | None) -> "PageResponse[T]":
        """Return a page; ``after`` is the position of its last item, None on the last page."""
        return cls(items=items, next_cursor=cursors.write(after), has_more=after is not None)


class ErrorResponse(BaseModel):
    """Error body: a code for programs, a message for people."""

    error: str
    """Code of the error, for programs."""
    message: str
    """Field, rule and what to do, for people."""


_DESCRIPTIONS = {
    400: "Bad request",
    401: "Authentication required",
    403: "The API key lacks the required scope",
    404: "Resource not found",
    409: "The current state of the resource does not allow the operation",
    412: "The resource has changed since the version in `If-Match`",
}


def error_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI documentation of a playground route's error statuses.

    Always includes 401, which API Gateway sends before a function runs.
    """
    return {
        status: {"description": _DESCRIPTIONS[status], "model": ErrorResponse}
        for status in sorted({401, *statuses})
    }
