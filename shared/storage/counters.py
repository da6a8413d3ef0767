"""Counters: numbers of the entries of lists, cheap to read; they follow from the table's stream.

A counter is spread over several items, each with a part of its amount: ``counting`` writes
them, and reading adds them up by one request.
"""

from shared.storage.records import Key
from shared.storage.table import Table

#: Items of one counter. The number may grow at any time, but never shrink.
COUNTER_SHARDS = 16
#: Stream attribute of a write after which an entity is in other counted lists than before.
COUNTED = {"counted": "yes"}


def counter_value(table: Table, name: str) -> int:
    """Return the number of entries of a list: one request, whatever the number.

    It lacks the writes that the stream has not delivered yet, so its items are read eventually
    consistent, at half the price. Raises ``Throttled`` when some cannot be read.
    """
    keys = (counter_key(name, shard) for shard in range(COUNTER_SHARDS))
    return sum(int(item["amount"]["N"]) for item in table.items(keys, consistent=False))


def counter_key(name: str, shard: int) -> Key:
    """Return the key of one item of a list's counter."""
    return Key(f"{name}#count#{shard}", "counter")
