"""Numbers that are counted with the writes they count: true at any time, and cheap to read.

A counter is spread over several items, of which each write adds to one: two transactions
that touch the same item at the same moment cannot both be carried out, and a busy
organisation writes many at once. Reading adds the items up: one request.
"""

import zlib

from shared.storage.records import Key
from shared.storage.table import Table
from shared.storage.transactions import Add

#: Items of one counter. It may grow at any time; what has been counted stays where it is.
COUNTER_SHARDS = 16


def added(counter: str, by: int, *, token: str) -> Add:
    """Return the action that adds to a counter.

    ``counter`` starts with the organisation. ``token`` is what is counted: it decides which
    of the counter's items is written.
    """
    return Add(_key(counter, zlib.crc32(token.encode()) % COUNTER_SHARDS), by)


def counted(table: Table, counter: str) -> int:
    """Return a counter's number: one request, whatever the number.

    Raises ``Throttled`` when DynamoDB leaves some of its items over time and again.
    """
    shards = (_key(counter, shard) for shard in range(COUNTER_SHARDS))
    return sum(int(item["amount"]["N"]) for item in table.items(shards))


def _key(counter: str, shard: int) -> Key:
    return Key(f"{counter}#{shard}", "counter")
