"""Lists on the playground's surface: how a page is asked for, and its envelope."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from shared.http.paging import Cursors


class PageParameters(BaseModel):
    """Which page of a list. What is not known is refused: no filter is silently left out."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = None


Asked = Annotated[PageParameters, Query()]


class CursorPage[T](BaseModel):
    """A page of a list, and the cursor of the next page, or null at the end."""

    items: list[T]
    next_cursor: str | None = None
    has_more: bool

    @classmethod
    def of(cls, items: list[T], cursors: Cursors, after: str | None) -> "CursorPage[T]":
        """Return the page that ends before the position ``after``."""
        return cls(items=items, next_cursor=cursors.write(after), has_more=after is not None)
