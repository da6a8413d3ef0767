"""Lists: one query a shard of a sparse index, merged in order.

A list is spread over ``shards`` index partitions, so that a busy organization is not limited
to the 1,000 writes a second of one. Each entry is the whole item: a page needs no look-up. Lists
of the whole stack have keys only; see :func:`work_entries`.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from shared.storage.errors import translated
from shared.storage.records import BY_LIST, BY_WORK, PREFIX, WORK_SHARDS, Key, Record
from shared.storage.table import Table

#: Sort before and after every sort key: DynamoDB sorts text by its UTF-8 bytes, and that is
#: by code point. An empty text is no sort key.
_BEGIN = "\x00"
_END = "\U0010ffff"
#: Entries requested of one list among many, at least.
_MIN_SHARE = 20
#: Entries read of one shard of a list of the whole stack, at most: one megabyte holds more.
_MAX_WORK = 1000
#: Bytes of one page, at most, each record counted by :func:`page_bytes`. A function's response
#: of 6 MB holds them whatever they contain: it is JSON within JSON, in which a quotation mark
#: or a backslash is escaped once more than in a stored body, and takes twice its bytes.
MAX_PAGE_BYTES = 2_900_000
#: Bytes that an answer adds to an entity's body, at most: names of fields, and nulls.
_FRAME_BYTES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """The part of a list to read.

    Attributes
    ----------
    list
        The list, as in ``IndexEntry.list``.
    index
        The index that holds it.
    ascending
        Ascending by sort key; the default is descending, newest first.
    after
        The sort key of the last entry already seen; reading continues behind it.
    lowest, highest
        Bounds of the sort key, both included.
    """

    list: str
    index: str = BY_LIST
    ascending: bool = False
    after: str | None = None
    lowest: str = _BEGIN
    highest: str = _END


@dataclass(frozen=True, slots=True)
class Page[T]:
    """A part of a list in order, and the cursor of the next one; None on the last page."""

    items: list[T]
    next_cursor: str | None


def read_page(
    table: Table,
    query: ListQuery,
    limit: int,
    *,
    skip: int = 0,
) -> Page[Record]:
    """Return ``limit`` records after the first ``skip``.

    Fewer where these exceed ``MAX_PAGE_BYTES``, with a cursor for the rest, but at least one if
    there is any. Costs one query a shard for each megabyte, which is also how far a shard is
    read ahead. Skipped records are read and paid for; those before ``after`` are not.
    """
    if limit == 0:
        return Page([], None)
    rows = islice(merged(table, [query], skip + limit + 1), skip, None)
    records: list[Record] = []
    remaining = MAX_PAGE_BYTES
    for record in rows:
        remaining -= page_bytes(record.size)
        if records and (len(records) == limit or remaining < 0):
            return Page(records, sort_key(records[-1], query.index))
        records.append(record)
    return Page(records, None)


def page_bytes(size: int) -> int:
    """Return what an entity counts against ``MAX_PAGE_BYTES``, from its bytes as stored."""
    return size + _FRAME_BYTES


def count(table: Table, query: ListQuery) -> int:
    """Return the number of entries of a list that have not expired.

    Costs one query a shard for each megabyte of the list.
    """
    if _is_empty(query):
        return 0
    total = 0
    for shard in range(table.shards):
        request = _request(table, query, shard) | {
            "Select": "COUNT",
            "FilterExpression": "attribute_not_exists(expires_at) OR expires_at > :now",
        }
        request["ExpressionAttributeValues"][":now"] = {"N": str(table.now())}
        while True:
            with translated():
                page = table.client.query(**request)
            total += page["Count"]
            if "LastEvaluatedKey" not in page:
                break
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
    return total


def sort_key(record: Record, index: str) -> str:
    """Return the sort key of a record in an index."""
    return record.index_entries[index].sort


def merged(table: Table, queries: Sequence[ListQuery], limit: int) -> Iterator[Record]:
    """Return several lists as one, in order; they must be of one index and one direction.

    Read lazily: one query a shard of each list at first, for about ``limit`` entries in all;
    more only where the caller continues.
    """
    # One list alone is read at once; of several, each holds its share.
    share = limit if len(queries) == 1 else 2 * limit // max(1, len(queries)) + _MIN_SHARE
    shards = [
        _shard(table, query, shard, share) for query in queries for shard in range(table.shards)
    ]
    index, ascending = (queries[0].index, queries[0].ascending) if queries else (BY_LIST, False)
    after = queries[0].after if queries else None
    rows = heapq.merge(*shards, key=lambda record: sort_key(record, index), reverse=not ascending)
    return (row for row in rows if sort_key(row, index) != after)


@dataclass(frozen=True, slots=True)
class WorkEntry:
    """Entry of a list of the whole stack: its sort key there, and the key of its item."""

    sort: str
    key: Key


def work_entries(table: Table, name: str, highest: str) -> list[WorkEntry]:
    """Return the entries of a list in ``by_work`` up to a sort key, in order.

    At most 1,000 a shard, the lowest ones. One query a shard: 64 requests.
    """
    query = ListQuery(list=name, index=BY_WORK, ascending=True, highest=highest)
    found = []
    for shard in range(WORK_SHARDS):
        with translated():
            page = table.client.query(**_request(table, query, shard), Limit=_MAX_WORK)
        found += [
            WorkEntry(item["work_sk"]["S"], Key(item["pk"]["S"], item["sk"]["S"]))
            for item in page["Items"]
        ]
    return sorted(found, key=lambda entry: entry.sort)


def _shard(table: Table, query: ListQuery, shard: int, limit: int) -> Iterator[Record]:
    if _is_empty(query):
        return
    # One more, since the bounds include the entry at ``after``.
    request = _request(table, query, shard) | {"Limit": min(limit + 1, 1000)}
    while True:
        with translated():
            page = table.client.query(**request)
        for item in page["Items"]:
            if record := table.alive(item):
                yield record
        if "LastEvaluatedKey" not in page:
            return
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _is_empty(query: ListQuery) -> bool:
    lowest, highest = _bounds(query)
    return lowest > highest


def _bounds(query: ListQuery) -> tuple[str, str]:
    lowest, highest = query.lowest or _BEGIN, query.highest
    if query.after is None:
        return lowest, highest
    if query.ascending:
        return max(lowest, query.after), highest
    return lowest, min(highest, query.after)


def _request(table: Table, query: ListQuery, shard: int) -> dict[str, Any]:
    prefix = PREFIX[query.index]
    lowest, highest = _bounds(query)
    return {
        "TableName": table.name,
        "IndexName": query.index,
        "KeyConditionExpression": f"{prefix}_pk = :pk AND {prefix}_sk BETWEEN :lowest AND :highest",
        "ExpressionAttributeValues": {
            ":pk": {"S": f"{query.list}#{shard}"},
            ":lowest": {"S": lowest},
            ":highest": {"S": highest},
        },
        "ScanIndexForward": query.ascending,
    }
