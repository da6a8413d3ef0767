"""List windows: creation bounds, order and page of a list, whatever it contains."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.core.clock import timestamp
from shared.core.errors import InvalidInput
from shared.evaluations.list_names import creation_key
from shared.storage.lists import ListQuery, Page
from shared.storage.repository import Loaded

#: Entries and bytes read for one page, at most: more would exceed a request's time.
MAX_ENTRIES = 50_000
MAX_READ_BYTES = 32_000_000
#: Bytes of the entities of one page as stored, at most; a response holds 6 MB.
MAX_PAGE_BYTES = 6_000_000
#: Sorts after the id that follows the time in a sort key.
_AFTER_IDS = "#g"


@dataclass(frozen=True, slots=True)
class Entry[T]:
    """An entity of a list, its sort key there, and its bytes as stored."""

    entity: T
    position: str
    size: int


@dataclass(frozen=True, slots=True)
class WindowPage[T](Page[T]):
    """A page, with the sort key of each of its items: a response may end after any of them."""

    positions: list[str]


def empty_page() -> WindowPage[Any]:
    """Return the page of a list that cannot have entries."""
    return WindowPage([], None, [])


def entry[T](loaded: Loaded[T]) -> Entry[T]:
    """Return the entry of an entity in a list in creation order."""
    return Entry(loaded.entity, creation_key(loaded.entity), loaded.record.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Part of a list, and its order.

    Attributes
    ----------
    created_from, created_to
        Bounds of the creation time, both included.
    sort_by
        Field to sort by, as named in the API; empty for the list's own order.
    ascending
        Ascending order; the default is descending, newest first.
    limit, offset
        Maximum number of entries, and number of skipped entries, which are read too.
    after
        Sort key of the last entry already returned.
    """

    created_from: datetime | None = None
    created_to: datetime | None = None
    sort_by: str = ""
    ascending: bool = False
    limit: int = 10_000
    offset: int = 0
    after: str | None = None

    @property
    def lowest(self) -> str:
        return timestamp(self.created_from) if self.created_from else ""

    @property
    def highest(self) -> str:
        return timestamp(self.created_to) + _AFTER_IDS if self.created_to else "\uffff"

    def query(self, list_name: str, index: str) -> ListQuery:
        """Return the query of a list that is stored in creation order."""
        return ListQuery(
            list=list_name,
            index=index,
            ascending=self.ascending,
            after=self.after,
            lowest=self.lowest,
            highest=self.highest,
        )

    def includes(self, created_at: datetime) -> bool:
        """Return whether a creation time is within the bounds."""
        return self.lowest <= timestamp(created_at) < self.highest

    def is_behind(self, position: str) -> bool:
        """Return whether a sort key is behind ``after`` in the window's order."""
        if self.after is None:
            return True
        return position > self.after if self.ascending else position < self.after

    def sort[T](self, entries: Iterable[Entry[T]]) -> Iterator[Entry[T]]:
        """Return entries in order, without those up to ``after``."""
        ordered = sorted(entries, key=lambda one: one.position, reverse=not self.ascending)
        return (one for one in ordered if self.is_behind(one.position))


def read_window[T](
    entries: Iterable[Entry[T]], window: Window, passes: Callable[[T], bool]
) -> WindowPage[T]:
    """Return the page of a window from entries in its order; only those that pass count.

    It ends before its limit where its items reach ``MAX_PAGE_BYTES``, or where
    ``MAX_ENTRIES`` or ``MAX_READ_BYTES`` were read; its cursor continues there. Raises
    ``InvalidInput`` if as much was read before the offset was reached.
    """
    found: list[Entry[T]] = []
    skipped = page_bytes = read_bytes = 0
    last = ""

    def page(next_cursor: str | None) -> WindowPage[T]:
        return WindowPage([e.entity for e in found], next_cursor, [e.position for e in found])

    for count, one in enumerate(entries):
        if count >= MAX_ENTRIES or read_bytes > MAX_READ_BYTES:
            if skipped < window.offset:
                raise InvalidInput(
                    "offset: is too large for this list; narrow it, or continue with cursor."
                )
            return page(last)
        read_bytes, last = read_bytes + one.size, one.position
        if not passes(one.entity):
            continue
        if skipped < window.offset:
            skipped += 1
            continue
        page_bytes += one.size
        if found and (len(found) == window.limit or page_bytes > MAX_PAGE_BYTES):
            return page(found[-1].position)
        found.append(one)
    return page(None)


def matches(value: str | None, accepted: tuple[str, ...]) -> bool:
    """Return whether a filter accepts a value; an empty filter accepts every value."""
    return not accepted or value in accepted
