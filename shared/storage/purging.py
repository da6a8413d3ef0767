"""Removing what lies in a partition, however much it is."""

from collections.abc import Callable, Iterator, Sequence
from itertools import batched
from typing import Any

from shared.core.backoff import Backoff
from shared.core.errors import Throttled
from shared.storage.errors import THROTTLED, translated
from shared.storage.table import Table

#: Items in one batch write, at most (DynamoDB's own limit).
_BATCH = 25
#: Tries of a batch of which DynamoDB leaves something over, being throttled.
_LEFT_OVER = Backoff(tries=8, first=0.1, longest=1.0)


def purge_partition(
    table: Table, partition: str, *, keep: str, may_go_on: Callable[[], bool] = lambda: True
) -> bool:
    """Remove all items of a partition but the one whose sort key is ``keep``.

    Stops when ``may_go_on`` says so, and returns whether nothing is left. Called again it
    goes on with what is there: there is no other state that could be lost. Raises
    ``Throttled`` when DynamoDB leaves something over time and again.
    """
    for keys in _pages(table, partition):
        to_go = (key for key in keys if key["sk"]["S"] != keep)
        for batch in batched(to_go, _BATCH):
            if not _remove(table, batch, may_go_on):
                return False
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


def _remove(table: Table, keys: Sequence[dict[str, Any]], may_go_on: Callable[[], bool]) -> bool:
    """Remove one batch, unless it is time to stop; tell whether it is gone."""
    for _ in _LEFT_OVER.attempts(table.sleep):
        if not may_go_on():
            return False
        keys = _delete(table, keys)
        if not keys:
            return True
    raise Throttled(THROTTLED)


def _delete(table: Table, keys: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Send one batch and return the keys that DynamoDB left over."""
    requests: Any = [{"DeleteRequest": {"Key": key}} for key in keys]
    with translated():
        answer = table.client.batch_write_item(RequestItems={table.name: requests})
    left_over: Any = answer.get("UnprocessedItems", {}).get(table.name, [])
    return [one["DeleteRequest"]["Key"] for one in left_over]
