"""Removal of the items of a partition, however many they are."""

from collections.abc import Callable, Iterator, Sequence
from itertools import batched
from typing import Any

from shared.core.backoff import Backoff
from shared.core.errors import Throttled
from shared.storage.errors import THROTTLED, translated
from shared.storage.table import Table

#: Items in one batch write, at most (DynamoDB's own limit).
_BATCH = 25
#: Tries of a batch that DynamoDB, being throttled, leaves partly unprocessed.
_UNPROCESSED = Backoff(tries=8, first=0.1, longest=1.0)


def purge_partition(
    table: Table,
    partition: str,
    *,
    keep: Callable[[str], bool],
    has_time: Callable[[], bool] = lambda: True,
) -> bool:
    """Remove the items of a partition but those whose sort key ``keep`` accepts.

    Stops when ``has_time`` is false, and returns whether nothing is left. Called again, it
    continues with what is there: there is no other state. Raises ``Throttled`` when DynamoDB
    leaves some items unprocessed.
    """
    for keys in _pages(table, partition):
        doomed = (key for key in keys if not keep(key["sk"]["S"]))
        for batch in batched(doomed, _BATCH):
            if not _remove(table, batch, has_time):
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


def _remove(table: Table, keys: Sequence[dict[str, Any]], has_time: Callable[[], bool]) -> bool:
    """Remove one batch, unless the time is up; return whether it is gone."""
    for _ in _UNPROCESSED.attempts(table.sleep):
        if not has_time():
            return False
        keys = _delete(table, keys)
        if not keys:
            return True
    raise Throttled(THROTTLED)


def _delete(table: Table, keys: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Send one batch and return the unprocessed keys."""
    requests: Any = [{"DeleteRequest": {"Key": key}} for key in keys]
    with translated():
        answer = table.client.batch_write_item(RequestItems={table.name: requests})
    unprocessed: Any = answer.get("UnprocessedItems", {}).get(table.name, [])
    return [one["DeleteRequest"]["Key"] for one in unprocessed]
