"""Batch writes: items that are named by their content, put whether they exist or not."""

from collections.abc import Sequence
from itertools import batched
from typing import Any

from shared.core.backoff import Backoff
from shared.core.errors import Throttled
from shared.storage.errors import THROTTLED, translated
from shared.storage.records import Record, to_item
from shared.storage.table import Table

#: Items in one batch write, at most (DynamoDB's own limit).
_BATCH = 25
#: Tries of a batch that DynamoDB, being throttled, leaves partly unprocessed.
_UNPROCESSED = Backoff(tries=6, first=0.05, longest=1.0)


def put_all(table: Table, records: Sequence[Record]) -> None:
    """Put items, 25 a request. Raises ``Throttled`` when some stay unprocessed."""
    for batch in batched(records, _BATCH):
        pending: Any = [
            {"PutRequest": {"Item": to_item(one, shards=table.shards)}} for one in batch
        ]
        for _ in _UNPROCESSED.attempts(table.sleep):
            with translated():
                answer = table.client.batch_write_item(RequestItems={table.name: pending})
            pending = answer.get("UnprocessedItems", {}).get(table.name)
            if not pending:
                break
        else:
            raise Throttled(THROTTLED)
