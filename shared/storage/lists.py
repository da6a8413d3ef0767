"""Lists: one query a shard of a sparse index, merged in order.

A list is spread over ``shards`` index partitions, so that an organisation which writes a
lot is not held to the 1,000 writes a second of one. Each row is the whole item: a page
needs no look-up.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from shared.storage.errors import translated
from shared.storage.records import BY_LIST, PREFIX, Record
from shared.storage.table import Table

#: Sorts after every sort key in use.
_END = "\uffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """What part of a list to read.

    Attributes
    ----------
    list
        The list, as in ``Row.list``.
    index
        The index that holds it.
    ascending
        By sort key, upwards; the default is downwards, newest first.
    after
        The sort key of the last row already seen; reading goes on behind it.
    lowest, highest
        Bounds of the sort key, both included.
    """

    list: str
    index: str = BY_LIST
    ascending: bool = False
    after: str | None = None
    lowest: str = ""
    highest: str = _END


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order, and the sort key to go on behind, or None at the end."""

    records: list[Record]
    after: str | None


def read_page(table: Table, query: ListQuery, limit: int, *, skip: int = 0) -> Page:
    """Read ``limit`` rows, after passing over ``skip``.

    Costs one query a shard for each megabyte. Rows passed over are read and paid for;
    going on by ``after`` is not.
    """
    wanted = skip + limit
    found = list(islice(_merged(table, query, wanted + 1), skip, wanted + 1))
    records = found[:limit]
    more = len(found) > limit and records
    return Page(records, sort_key(records[-1], query.index) if more else None)


def count(table: Table, query: ListQuery) -> int:
    """Count the rows of a list."""
    total = 0
    for shard in range(table.shards):
        request = _request(table, query, shard) | {"Select": "COUNT"}
        while True:
            with translated():
                page = table.client.query(**request)
            total += page["Count"]
            if "LastEvaluatedKey" not in page:
                break
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
    return total


def sort_key(record: Record, index: str) -> str:
    """Return where a record stands in an index."""
    return record.rows[index].sort


def _merged(table: Table, query: ListQuery, wanted: int) -> Iterator[Record]:
    shards = [_shard(table, query, shard, wanted) for shard in range(table.shards)]
    rows = heapq.merge(
        *shards, key=lambda record: sort_key(record, query.index), reverse=not query.ascending
    )
    return (row for row in rows if sort_key(row, query.index) != query.after)


def _shard(table: Table, query: ListQuery, shard: int, wanted: int) -> Iterator[Record]:
    # One more, since the bounds include the row that reading goes on behind.
    request = _request(table, query, shard) | {"Limit": min(wanted + 1, 1000)}
    while True:
        with translated():
            page = table.client.query(**request)
        for item in page["Items"]:
            if record := table.alive(item):
                yield record
        if "LastEvaluatedKey" not in page:
            return
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _request(table: Table, query: ListQuery, shard: int) -> dict[str, Any]:
    prefix = PREFIX[query.index]
    lowest, highest = query.lowest, query.highest
    if query.after is not None:
        if query.ascending:
            lowest = max(lowest, query.after)
        else:
            highest = min(highest, query.after)
    return {
        "TableName": table.name,
        "IndexName": query.index,
        "KeyConditionExpression": f"{prefix}_pk = :pk AND {prefix}_sk BETWEEN :lowest AND :highest",
        "ExpressionAttributeValues": {
            ":pk": {"S": f"{query.list}#{shard}"},
            ":lowest": {"S": lowest or " "},
            ":highest": {"S": max(highest, lowest or " ")},
        },
        "ScanIndexForward": query.ascending,
    }
