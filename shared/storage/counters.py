"""Counters: numbers written with what they count, exact at any time and cheap to read.

A counter is spread over several items, of which each write adds to one: two transactions
cannot both write the same item at the same moment, and a busy organization writes many at
once. Reading adds the items up: one request.
"""

import zlib

from shared.storage.records import Key
from shared.storage.table import Table
from shared.storage.transactions import Add

#: Items of one counter. The number may grow at any time, but never shrink.
COUNTER_SHARDS = 16


def increment(counter: str, by: int, *, token: str) -> Add:
    """Return the action that adds to a counter.

    ``counter`` starts with the organization. ``token`` identifies the counted entity: it
    decides which of the counter's items is written.
    """
    return Add(_key(counter, zlib.crc32(token.encode()) % COUNTER_SHARDS), by)


def counter_value(table: Table, counter: str) -> int:
    """Return the value of a counter: one request, whatever the value.

    Raises ``Throttled`` when some of its items cannot be read.
    """
    shards = (_key(counter, shard) for shard in range(COUNTER_SHARDS))
    return sum(int(item["amount"]["N"]) for item in table.items(shards))


def _key(counter: str, shard: int) -> Key:
    return Key(f"{counter}#{shard}", "counter")
