"""The list envelope of the playground's surface."""

from pydantic import BaseModel

from shared.http.paging import Cursors


class CursorPage[T](BaseModel):
    """A page of a list, and the cursor of the next page, or null at the end."""

    items: list[T]
    next_cursor: str | None = None
    has_more: bool

    @classmethod
    def of(cls, items: list[T], cursors: Cursors, after: str | None) -> "CursorPage[T]":
        """Return the page that ends before the position ``after``."""
        return cls(items=items, next_cursor=cursors.write(after), has_more=after is not None)
