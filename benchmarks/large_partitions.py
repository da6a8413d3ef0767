"""Large partitions: lists and logs of any size, whose items are rendered when they are read.

A list is the positions of its items in each shard, and one stored item as the pattern of all; a
log is the stored items of one round of its conversation, again and again. So a million items take
some megabytes, and read as they would if they had been written by requests.
"""

import json
import re
from array import array
from base64 import b64encode
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from shared.core.clock import timestamp
from shared.core.json import dumps, loads
from shared.sessions.documents import events_sort, list_sort
from shared.storage.records import BY_WORK, PREFIX, IndexEntry, Key, Record, from_item, to_item

_START = datetime(2026, 3, 1, tzinfo=UTC)
#: Sort keys in order of creation: time and id.
_CREATION = re.compile(r"[0-9T:.-]+Z#[0-9a-f]{32}")
#: Odd, so that the numbers of items are spread over all ids, and no two have the same.
_SPREAD, _ID_BITS = 0x9E3779B97F4A7C15F39CC0605CEDC835, 2**128 - 1

type Item = dict[str, Any]
#: A partition key: its attribute and its value.
type PartitionKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LargePartition:
    """Items of one partition key by position, in order of their sort keys, as JSON."""

    size: int
    sort: Callable[[int], str]
    text: Callable[[int], str]

    def between(self, lowest: str, highest: str, *, ascending: bool) -> Iterator[tuple[str, str]]:
        """Yield sort keys and items of a range of sort keys, in order."""
        first = bisect_left(range(self.size), lowest, key=self.sort)
        last = bisect_right(range(self.size), highest, key=self.sort)
        places = range(first, last) if ascending else range(last - 1, first - 1, -1)
        return ((self.sort(place), self.text(place)) for place in places)


def large_lists(item: Item, size: int, shards: int) -> dict[PartitionKey, LargePartition]:
    """Return the partitions of each list that has an item, with ``size`` items of its form.

    Lists of one organization that are in order of creation.
    """
    record, found = from_item(item), {}
    for index, entry in record.index_entries.items():
        if index == BY_WORK or not _CREATION.fullmatch(entry.sort):
            continue
        for shard, members in enumerate(_members(size, shards)):
            key = f"{PREFIX[index]}_pk", f"{entry.list}#{shard}"
            found[key] = _list_shard(record, members, entry.sort, shards)
    return found


def _list_shard(
    record: Record, members: "array[int]", own_sort: str, shards: int
) -> LargePartition:
    created, identifier = own_sort.split("#")
    body = dumps(record.body)

    def item(place: int) -> str:
        new = _identifier(members[place])
        changes = (
            (identifier, new),
            (str(UUID(identifier)), str(UUID(new))),
            (created, timestamp(_created(members[place]))),
        )

        def changed(text: str) -> str:
            for old, other in changes:
                text = text.replace(old, other)
            return text

        entries = {
            index: IndexEntry(entry.list, changed(entry.sort))
            for index, entry in record.index_entries.items()
        }
        key = Key(changed(record.key.partition), record.key.sort)
        other = replace(record, key=key, body=loads(changed(body)), index_entries=entries)
        return as_json(to_item(other, shards=shards))

    return LargePartition(len(members), lambda place: _sort(members[place]), item)


def as_json(item: Item) -> str:
    """Return an item as DynamoDB sends it: bytes in base64."""
    return json.dumps(item, default=lambda value: b64encode(value).decode())


@cache
def _members(size: int, shards: int) -> "list[array[int]]":
    """Return the numbers of the items in each shard, placed by the list's own function."""
    found = {f"list#{shard}": array("I") for shard in range(shards)}
    for number in range(size):
        found[IndexEntry("list", _sort(number)).partition(shards)].append(number)
    return list(found.values())


def _sort(number: int) -> str:
    return list_sort(_created(number), _identifier(number))


def _created(number: int) -> datetime:
    return _START + timedelta(seconds=number)


def _identifier(number: int) -> str:
    return f"{number * _SPREAD & _ID_BITS:032x}"


def large_log(items: Sequence[Item], rounds: int, shards: int) -> LargePartition:
    """Return ``rounds`` rounds of a log like that of ``items``, which is the first of them."""
    records = [from_item(item) for item in items]
    step = sum(len(record.body["events"]) for record in records)

    def first(place: int) -> int:
        number: int = records[place % len(items)].body["first"]
        return number + place // len(items) * step

    def sort(place: int) -> str:
        return events_sort(first(place))

    def text(place: int) -> str:
        record = records[place % len(items)]
        key, body = Key(record.key.partition, sort(place)), record.body | {"first": first(place)}
        return as_json(to_item(replace(record, key=key, body=body), shards=shards))

    return LargePartition(rounds * len(items), sort, text)


def extrapolated(before: Any, after: Any, rounds: int) -> Any:
    """Return a document ``rounds`` rounds after ``after``; ``before`` is that of a round earlier.

    Numbers grow by the same in each round; everything else stays.
    """
    if isinstance(after, dict) and isinstance(before, dict):
        return {
            name: extrapolated(before.get(name), value, rounds) for name, value in after.items()
        }
    is_number = isinstance(after, int) and isinstance(before, int) and not isinstance(after, bool)
    return after + rounds * (after - before) if is_number else after
