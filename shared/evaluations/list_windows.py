"""List windows: creation bounds, order and page of a list, whatever it contains."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from shared.core.clock import timestamp
from shared.core.errors import InvalidInput
from shared.evaluations.list_names import creation_key
from shared.storage.lists import ListQuery, Page

#: Entries read for one page, at most: more would exceed a request's time.
MAX_ENTRIES = 50_000
#: Sorts after the id that follows the time in a sort key.
_AFTER_IDS = "#g"


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

    def sort[T](self, entities: Iterable[T], sort_key: Callable[[T], str]) -> Iterator[T]:
        """Return entities in order, without those up to ``after``."""
        keyed = sorted(((sort_key(one), one) for one in entities), key=lambda pair: pair[0])
        if not self.ascending:
            keyed.reverse()
        after = self.after
        if after is None:
            return (one for _, one in keyed)
        return (one for key, one in keyed if (key > after if self.ascending else key < after))


def read_window[T](
    entities: Iterable[T],
    window: Window,
    passes: Callable[[T], bool],
    sort_key: Callable[[T], str] = creation_key,
) -> Page[T]:
    """Return the page of a window from entities in its order; only those that pass count."""
    matching = (one for one in bounded(entities) if passes(one))
    found = list(islice(matching, window.offset, window.offset + window.limit + 1))
    items = found[: window.limit]
    return Page(items, sort_key(items[-1]) if len(found) > window.limit else None)


def bounded[T](entities: Iterable[T]) -> Iterator[T]:
    """Yield up to ``MAX_ENTRIES`` entities. Raises ``InvalidInput`` if there are more."""
    for count, entity in enumerate(entities):
        if count >= MAX_ENTRIES:
            raise InvalidInput(
                f"The request would read more than {MAX_ENTRIES} entries; narrow it by ids, "
                "parent ids or fromCreatedAt and toCreatedAt, or continue with cursor."
            )
        yield entity


def matches(value: str | None, accepted: tuple[str, ...]) -> bool:
    """Return whether a filter accepts a value; an empty filter accepts every value."""
    return not accepted or value in accepted
