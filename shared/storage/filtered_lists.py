"""Filtered lists: pages of records that match a condition without an index, from a bounded read.

Such a condition is compared with each record after it was read. A page ends where so many were
read, with a cursor: a rare match costs further pages, not a longer request.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.core.errors import InvalidInput
from shared.storage.lists import MAX_PAGE_BYTES, ListQuery, Page, merged, page_bytes, sort_key
from shared.storage.records import Record
from shared.storage.table import Table

#: Records and bytes that one page reads, at most, and records of one request for a shard.
MAX_READ, MAX_BYTES_READ, _AT_ONCE = 1000, 20_000_000, 250


@dataclass(frozen=True, slots=True)
class FilteredPage[T](Page[T]):
    """Matching items, the cursor behind the last record read, and the number of known matches.

    ``matching`` counts from the query's ``after``: the skipped ones, those of the page, and one
    more where the page ends at a further match. It is that of the whole rest without a cursor.
    """

    matching: int


def read_filtered[T](
    table: Table,
    queries: Sequence[ListQuery],
    limit: int,
    decode: Callable[[Record], T],
    passes: Callable[[T], bool],
    *,
    skip: int = 0,
    at_once: int = _AT_ONCE,
    max_bytes: int = MAX_PAGE_BYTES,
) -> FilteredPage[T]:
    """Return up to ``limit`` decoded records that pass, after the first ``skip`` of them.

    Several lists are read as one, in order (see ``lists.merged``). Costs one query a shard for
    each ``at_once`` records or megabyte. ``max_bytes`` limits the page by the bytes of its
    records, for answers that contain them. Raises ``InvalidInput`` if more than ``MAX_READ``
    records would be read in order to skip.
    """
    if limit == 0:
        return FilteredPage([], None, 0)
    found: list[T] = []
    matching, bytes_read, room = 0, 0, max_bytes
    last: Record | None = None
    for number, record in enumerate(merged(table, queries, at_once)):
        item = decode(record)
        is_match = passes(item)
        is_wanted = is_match and matching >= skip
        room -= page_bytes(record.size) if is_wanted else 0
        is_full = is_wanted and (len(found) == limit or bool(found and room < 0))
        if last and (is_full or number == MAX_READ or bytes_read > MAX_BYTES_READ):
            if matching < skip:
                raise InvalidInput(
                    f"offset: a page with such a filter reads at most {MAX_READ} items; "
                    "continue with cursor, or use other filters."
                )
            return FilteredPage(found, sort_key(last, queries[0].index), matching + is_match)
        last = record
        bytes_read += record.size
        matching += is_match
        found += [item] if is_wanted else []
    return FilteredPage(found, None, matching)
