"""Counted lists: records of their writes as the stream delivers them, and what was counted."""

from datetime import UTC, datetime
from typing import Any

from shared.storage.counters import COUNTED, COUNTER_SHARDS, counter_key, counter_value
from shared.storage.records import BY_LIST, BY_PARENT, BY_WORK, IndexEntry, Key, Record
from shared.storage.streams import StreamRecord
from shared.storage.table import Table

ALL, ADA, BEN = "org_1#things", "org_1#ada#things", "org_1#ben#things"
SHARD, OTHER = "shardId-00000001760000000000-0a", "shardId-00000001760000000000-0b"
AT = datetime(2026, 1, 1, tzinfo=UTC)


def thing(name: str, parent: str = ADA, **options: Any) -> Record:
    entries: Any = {
        BY_LIST: IndexEntry(ALL, name),
        BY_PARENT: IndexEntry(parent, name),
        BY_WORK: IndexEntry("stack#work", name),
    }
    options = {"index_entries": entries, "stream_attributes": COUNTED, **options}
    return Record(key=Key(f"org_1#thing#{name}", "thing"), type="thing", body={}, **options)


def gone(name: str) -> Record:
    return thing(name, index_entries={}, stream_attributes={"deleted": "yes", **COUNTED})


def stream(*writes: tuple[Record | None, Record | None], start: int = 1) -> list[StreamRecord]:
    """Return the records of writes, in the order of a shard."""
    return [
        StreamRecord(id=f"{at}", position=_position(at), at=AT, old=old, new=new)
        for at, (old, new) in enumerate(writes, start)
    ]


def _position(number: int) -> str:
    """Return a position: of one digit first, then of as many as DynamoDB's may have."""
    return str(10**39 + number if number > 2 else number)


def created(number: int, start: int = 1, parent: str = ADA) -> list[StreamRecord]:
    return stream(*((None, thing(f"{start}.{one}", parent)) for one in range(number)), start=start)


def values(table: Table) -> tuple[int, int, int]:
    all_of_them, of_ada, of_ben = (counter_value(table, name) for name in (ALL, ADA, BEN))
    return all_of_them, of_ada, of_ben


def marks(table: Table) -> list[str]:
    """Return the shards that the items of a counter note."""
    items = table.items(counter_key(ALL, shard) for shard in range(COUNTER_SHARDS))
    return sorted(
        name.removeprefix("counted_")
        for one in items
        for name in one
        if name.startswith("counted_")
    )
