"""Numbers that are counted with the writes they count: true at any time, and cheap to read.

A counter is spread over several items, of which each write adds to one: two transactions
that touch the same item at the same moment cannot both be carried out, and a busy
organisation writes many at once. Reading adds the items up: one request.
"""

import zlib
from typing import Any

from shared.storage.errors import translated
from shared.storage.records import Key
from shared.storage.table import Table
from shared.storage.transactions import Add

#: Items of one counter. It may grow at any time; what has been counted stays where it is.
COUNTER_SHARDS = 16
_AMOUNT = "amount"


def added(counter: str, by: int, *, token: str) -> Add:
    """Return the action that adds to a counter.

    ``counter`` starts with the organisation. ``token`` is what is counted: it decides which
    of the counter's items is written.
    """
    return Add(_key(counter, zlib.crc32(token.encode()) % COUNTER_SHARDS), by)


def counted(table: Table, counter: str) -> int:
    """Return a counter's number: one request, whatever the number."""
    waiting: Any = [_key(counter, shard).attributes() for shard in range(COUNTER_SHARDS)]
    total = 0
    while waiting:
        with translated():
            answer: Any = table.client.batch_get_item(
                RequestItems={table.name: {"Keys": waiting, "ConsistentRead": True}}
            )
        items = answer["Responses"].get(table.name, [])
        total += sum(int(item[_AMOUNT]["N"]) for item in items)
        waiting = answer.get("UnprocessedKeys", {}).get(table.name, {}).get("Keys", [])
    return total


def _key(counter: str, shard: int) -> Key:
    return Key(f"{counter}#{shard}", "counter")
