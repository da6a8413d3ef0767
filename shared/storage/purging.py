"""Removing what lies in a partition, however much it is."""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from shared.storage.errors import translated
from shared.storage.table import Table

#: Items in one batch write, at most (DynamoDB's own limit).
_BATCH = 25
#: Seconds that a throttled batch waits before it is sent again, at most.
_MAX_PAUSE = 1.0


def purge_partition(
    table: Table, partition: str, *, keep: str, may_go_on: Callable[[], bool] = lambda: True
) -> bool:
    """Remove all items of a partition but the one whose sort key is ``keep``.

    Stops when ``may_go_on`` says so, and returns whether nothing is left. Called again it
    goes on with what is there: there is no other state that could be lost.
    """
    for keys in _pages(table, partition):
        waiting = [key for key in keys if key["sk"]["S"] != keep]
        while waiting:
            if not may_go_on():
                return False
            batch, waiting = waiting[:_BATCH], waiting[_BATCH:]
            left_over = _delete(table, batch)
            if left_over:
                waiting += left_over
                time.sleep(random.uniform(0, _MAX_PAUSE))  # noqa: S311  # jitter
    return True


def _pages(table: Table, partition: str) -> Iterator[list[dict[str, Any]]]:
    request: dict[str, Any] = {
        "TableName": table.name,
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": partition}},
        "ProjectionExpression": "pk, sk",
        "ConsistentRead": True,
    }
    while True:
        with translated():
            page = table.client.query(**request)
        yield page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _delete(table: Table, keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Send one batch and return the keys that DynamoDB left over."""
    requests: Any = [{"DeleteRequest": {"Key": key}} for key in keys]
    with translated():
        answer = table.client.batch_write_item(RequestItems={table.name: requests})
    left_over: Any = answer.get("UnprocessedItems", {}).get(table.name, [])
    return [one["DeleteRequest"]["Key"] for one in left_over]
