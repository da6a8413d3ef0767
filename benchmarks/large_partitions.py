"""Large partitions: lists and logs of any size, whose items are rendered when they are read.

A list is the positions of its items in each shard, and one stored item as the pattern of all; a
log is the stored items of one round of its conversation, again and again. So a million items take
some megabytes, and read as they would if they had been written by requests.
"""

import json
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from shared.core.clock import timestamp
from shared.sessions.documents import events_sort, list_sort
from shared.storage.records import BY_LINK, BY_LIST, BY_PARENT, PREFIX, IndexEntry

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
    text, found = json.dumps(item), {}
    for index in (BY_LIST, BY_PARENT, BY_LINK):
        prefix = PREFIX[index]
        if not _CREATION.fullmatch(item.get(f"{prefix}_sk", {"S": ""})["S"]):
            continue
        name = item[f"{prefix}_pk"]["S"].rpartition("#")[0]
        created, identifier = item[f"{prefix}_sk"]["S"].split("#")
        for shard, members in enumerate(_members(size, shards)):
            found[f"{prefix}_pk", f"{name}#{shard}"] = _list_shard(
                text, members, created, identifier
            )
    return found


def _list_shard(text: str, members: "array[int]", created: str, identifier: str) -> LargePartition:
    own_uuid = str(UUID(identifier))

    def item(place: int) -> str:
        number = members[place]
        changed = text.replace(identifier, _identifier(number))
        changed = changed.replace(own_uuid, str(UUID(_identifier(number))))
        return changed.replace(created, timestamp(_created(number)))

    return LargePartition(len(members), lambda place: _sort(members[place]), item)


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


def large_log(items: Sequence[Item], rounds: int) -> LargePartition:
    """Return ``rounds`` rounds of a log like that of ``items``, which is the first of them."""
    bodies = [json.loads(item["body"]["S"]) for item in items]
    step = sum(len(body["events"]) for body in bodies)

    def first(place: int) -> int:
        number: int = bodies[place % len(items)]["first"]
        return number + place // len(items) * step

    def sort(place: int) -> str:
        return events_sort(first(place))

    def text(place: int) -> str:
        part = place % len(items)
        body = json.dumps(bodies[part] | {"first": first(place)})
        return json.dumps(items[part] | {"sk": {"S": sort(place)}, "body": {"S": body}})

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
