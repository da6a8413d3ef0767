"""Filtered lists: pages of what passes a condition that is no key, from a bounded read.

Such a condition is compared with each record after it was read. A page ends where so many were
read, with a cursor: a rare match costs further pages, not a longer request.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shared.core.errors import InvalidInput
from shared.storage.lists import MAX_PAGE_BYTES, ListQuery, merged, page_bytes, sort_key
from shared.storage.records import Record
from shared.storage.table import Table

#: Records and bytes that one page reads, at most, and records of one request for a shard.
MAX_READ, MAX_BYTES_READ, _AT_ONCE = 1000, 20_000_000, 250


@dataclass(frozen=True, slots=True)
class FilteredPage:
    """Matching records, the cursor behind the last one read, and the number of matches.

    ``matching`` includes the skipped ones; it is that of the whole list without a cursor.
    """

    records: list[Record]
    next_cursor: str | None
    matching: int


def read_filtered(
    table: Table, query: ListQuery, limit: int, passes: Callable[[Record], bool], *, skip: int = 0
) -> FilteredPage:
    """Return up to ``limit`` records that pass, after the first ``skip`` of them.

    Costs one query a shard for each 250 records or megabyte. Raises ``InvalidInput`` if more
    than ``MAX_READ`` records would be read in order to skip.
    """
    if limit == 0:
        return FilteredPage([], None, 0)
    found: list[Record] = []
    matching, bytes_read, room = 0, 0, MAX_PAGE_BYTES
    last: Record | None = None
    for number, record in enumerate(merged(table, [query], _AT_ONCE)):
        is_match = passes(record)
        is_wanted = is_match and matching >= skip
        room -= page_bytes(record.size) if is_wanted else 0
        is_full = is_wanted and (len(found) == limit or (found and room < 0))
        if last and (is_full or number == MAX_READ or bytes_read > MAX_BYTES_READ):
            if matching < skip:
                raise InvalidInput(
                    f"offset: a page with such a filter reads at most {MAX_READ} items; "
                    "continue with cursor, or use other filters."
                )
            return FilteredPage(found, sort_key(last, query.index), matching)
        last = record
        bytes_read += record.size
        matching += is_match
        found += [record] if is_wanted else []
    return FilteredPage(found, None, matching)
