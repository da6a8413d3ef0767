"""The table: reads by key and by partition, and single conditional puts."""

import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import batched, islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from shared.core.backoff import Backoff, Sleep
from shared.core.clock import Clock, system_clock
from shared.core.errors import Busy, Throttled
from shared.core.settings import settings
from shared.storage.client import dynamodb
from shared.storage.conditions import absent, at_version
from shared.storage.contention import ConditionFailed
from shared.storage.errors import THROTTLED, translated
from shared.storage.records import AttributeValues, Key, Record, from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

#: Keys in one batch read, at most (DynamoDB's own limit).
_BATCH = 100
#: Reads of one batch. Three return 100 items of 400 KB; the rest of a throttled table is
#: retried for 3.5 seconds at most.
_UNPROCESSED = Backoff(tries=8, first=0.05, longest=1.0)


class Table:
    """The one table, as records.

    Reads by key are strongly consistent unless the caller says otherwise. An item past its
    expiry does not exist, although DynamoDB removes it up to days later.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        name: str,
        *,
        shards: int,
        clock: Clock = system_clock,
        sleep: Sleep = time.sleep,
    ) -> None:
        self.client = client
        self.name = name
        self.shards = shards
        self.sleep = sleep
        self._clock = clock

    def get(self, key: Key) -> Record | None:
        """Return one item, or None."""
        with translated():
            response = self.client.get_item(
                TableName=self.name, Key=key.attributes(), ConsistentRead=True
            )
        return self.alive(response.get("Item"))

    def get_many(self, keys: Iterable[Key], *, consistent: bool = True) -> dict[Key, Record]:
        """Return items by key, 100 a request; those that do not exist are left out.

        Raises as :meth:`items`.
        """
        records = map(self.alive, self.items(keys, consistent=consistent))
        return {record.key: record for record in records if record}

    def present(self, keys: Iterable[Key], kind: str, *, consistent: bool) -> set[Key]:
        """Return the keys of items of a type that are not deleted, without their bodies.

        One request for 100, however large the items are. Raises as :meth:`items`.
        """
        projection = {
            "ProjectionExpression": "pk, sk, #type, mark_deleted, expires_at",
            "ExpressionAttributeNames": {"#type": "type"},
        }
        found = self.items(keys, consistent=consistent, projection=projection)
        return {
            Key(item["pk"]["S"], item["sk"]["S"])
            for item in found
            if item["type"]["S"] == kind
            and "mark_deleted" not in item
            and not self._has_expired(item)
        }

    def items(
        self,
        keys: Iterable[Key],
        *,
        consistent: bool = True,
        projection: Mapping[str, Any] | None = None,
    ) -> Iterator[AttributeValues]:
        """Return items by key as they are stored, expired ones too: 100 a request.

        A ``projection`` names the attributes to be returned, of all by default.
        A read that is not ``consistent`` costs half, and may miss what was written in the last
        moments. Keys that DynamoDB leaves unprocessed (above 16 MB, or when throttled) are
        requested again. Raises ``Throttled`` when some stay unprocessed.
        """
        for batch in batched(dict.fromkeys(keys), _BATCH):
            remaining: Any = [key.attributes() for key in batch]
            for _ in _UNPROCESSED.attempts(self.sleep):
                with translated():
                    request: Any = {"Keys": remaining, "ConsistentRead": consistent}
                    response: Any = self.client.batch_get_item(
                        RequestItems={self.name: request | dict(projection or {})}
                    )
                yield from response["Responses"].get(self.name, ())
                remaining = response.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys")
                if not remaining:
                    break
            else:
                raise Throttled(THROTTLED)

    def create(self, record: Record) -> Record:
        """Put an item that must not exist yet, or has expired: one request.

        Raises :class:`ConditionFailed` with the item that exists, and ``Busy`` when a
        transaction holds it or it has expired meanwhile.
        """
        self._put(record, absent(self.now()))
        return record

    def replace(self, record: Record, *, expected_version: int) -> Record:
        """Put the next version of an item that must be at ``expected_version``: one request.

        Raises :class:`ConditionFailed` with the item at another version, or None where it
        does not exist, and ``Busy`` when a transaction holds it.
        """
        following = self.next_version(record, expected_version)
        self._put(following, at_version(expected_version, self.now()), must_exist=True)
        return following

    def put(self, record: Record) -> None:
        """Put an item, whatever it replaces: one request."""
        with translated():
            self.client.put_item(TableName=self.name, Item=to_item(record, shards=self.shards))

    def delete(self, key: Key, *, expected_version: int | None = None) -> None:
        """Remove an item: at ``expected_version``, or whether it exists or not: one request.

        With a version it raises as :meth:`replace`.
        """
        condition = {} if expected_version is None else at_version(expected_version, self.now())
        try:
            with translated():
                self.client.delete_item(TableName=self.name, Key=key.attributes(), **condition)
        except ClientError as error:
            raise ConditionFailed({0: self.alive(failed_item(error))}) from error

    def query(
        self,
        key: Key,
        *,
        upto: str,
        ascending: bool = True,
        limit: int | None = None,
        at_once: int | None = None,
        consistent: bool = True,
    ) -> Iterator[Record]:
        """Return the items of one partition from ``key.sort`` up to ``upto``, both included.

        One request for each 1 MB; the next page is read when it is asked for. ``limit`` is
        the number of items at most, expired ones not counted; ``at_once`` that of one request,
        for a caller that may stop before the end. A read that is not
        ``consistent`` costs half, and may miss what was written in the last moments.
        """
        request: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :from AND :upto",
            "ExpressionAttributeValues": {
                ":pk": {"S": key.partition},
                ":from": {"S": key.sort},
                ":upto": {"S": upto},
            },
            "ConsistentRead": consistent,
            "ScanIndexForward": ascending,
        }
        if at_once is not None or limit is not None:
            request["Limit"] = at_once or limit
        records = map(self.alive, self._query(request))
        return islice(filter(None, records), limit)

    def next_version(self, record: Record, expected_version: int) -> Record:
        """Return the record numbered as the successor of a version."""
        return replace(record, version=expected_version + 1)

    def now(self) -> int:
        """Return the time in seconds since the epoch, as expiry is counted."""
        return int(self._clock().timestamp())

    def alive(self, item: AttributeValues | None) -> Record | None:
        """Return the record of an item that has not expired."""
        if not item:
            return None
        return None if self._has_expired(item) else from_item(item)

    def _has_expired(self, item: AttributeValues) -> bool:
        return "expires_at" in item and int(item["expires_at"]["N"]) <= self.now()

    def _query(self, request: dict[str, Any]) -> Iterator[AttributeValues]:
        while True:
            with translated():
                page = self.client.query(**request)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _put(self, record: Record, condition: dict[str, Any], *, must_exist: bool = False) -> None:
        # Identifies this write: after a lost answer the SDK puts the item a second time.
        item = to_item(record, shards=self.shards, write_id=secrets.token_hex(8))
        try:
            with translated():
                self.client.put_item(TableName=self.name, Item=item, **condition)
        except ClientError as error:
            existing = failed_item(error)
            if existing and existing.get("write_id") == item["write_id"]:
                return
            found = self.alive(existing)
            if found is None and not must_exist:
                raise Busy from error  # expired between the condition and now
            raise ConditionFailed({0: found}) from error


def failed_item(error: ClientError) -> AttributeValues | None:
    """Return the item that failed a condition, or None if there is none; else raise."""
    code = error.response["Error"]["Code"]
    if code == "TransactionConflictException":
        raise Busy from error
    if code != "ConditionalCheckFailedException":
        raise error
    return error.response.get("Item")  # type: ignore[return-value]  # untyped extra of botocore


@cache
def table() -> Table:
    """Return the table of this process."""
    return Table(dynamodb(), settings().table_name, shards=settings().list_shards)
