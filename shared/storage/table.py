"""Reading and writing single items: conditional, and told apart when a condition fails."""

import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import batched, islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from shared.core.backoff import CROWDED, Backoff, Sleep
from shared.core.clock import Clock, system_clock
from shared.core.errors import Busy, Conflict, NotFound, PreconditionFailed, Throttled
from shared.core.settings import settings
from shared.storage.client import dynamodb
from shared.storage.conditions import absent, at_version
from shared.storage.errors import BUSY, THROTTLED, translated
from shared.storage.idempotency import Idempotency
from shared.storage.records import AttributeValues, Key, Record, from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

#: Keys in one batch read, at most (DynamoDB's own limit).
_BATCH = 100
#: Reads of one batch. Three bring 100 items of 400 KB; of a table that is throttled, the
#: rest is waited for: 3.5 seconds at most.
_LEFT_OVER = Backoff(tries=8, first=0.05, longest=1.0)


@dataclass(frozen=True, slots=True)
class Created:
    """What a create left in the table; ``replayed`` when an earlier request made it."""

    record: Record
    replayed: bool


class Table:
    """The one table, as records.

    Reads by key are strongly consistent unless the caller says otherwise. An item past its
    expiry is not there, although DynamoDB removes it up to days later.
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
        """Read one item, or None."""
        with translated():
            found = self.client.get_item(
                TableName=self.name, Key=key.attributes(), ConsistentRead=True
            )
        return self.alive(found.get("Item"))

    def get_many(self, keys: Iterable[Key]) -> dict[Key, Record]:
        """Read items by key, 100 a request; those that do not exist are left out.

        Raises as :meth:`items`.
        """
        found = map(self.alive, self.items(keys))
        return {record.key: record for record in found if record}

    def items(self, keys: Iterable[Key]) -> Iterator[AttributeValues]:
        """Read items by key as they lie in the table, expired ones too: 100 a request.

        What DynamoDB leaves over (above 16 MB, or when throttled) is asked for again.
        Raises ``Throttled`` when it does so time and again.
        """
        for batch in batched(dict.fromkeys(keys), _BATCH):
            waiting: Any = [key.attributes() for key in batch]
            for _ in _LEFT_OVER.attempts(self.sleep):
                with translated():
                    answer: Any = self.client.batch_get_item(
                        RequestItems={self.name: {"Keys": waiting, "ConsistentRead": True}}
                    )
                yield from answer["Responses"].get(self.name, ())
                waiting = answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys")
                if not waiting:
                    break
            else:
                raise Throttled(THROTTLED)

    def create(self, record: Record, idempotency: Idempotency | None = None) -> Created:
        """Write an item that must not exist yet, or has expired: one conditional put.

        Under an idempotency key an existing item is the answer, if it was made with the
        same payload; else ``Unprocessable``. Without a key an existing item raises
        ``Conflict``, unless it says the same: what an attempt wrote whose answer was lost,
        or a thing that is named by its content. A transaction that holds the item is waited
        for; ``Busy`` is raised when all tries met one.
        """
        if idempotency is not None:
            record = replace(record, fingerprint=idempotency.fingerprint)
        item = self._put_new(to_item(record, shards=self.shards))
        if item is None:
            return Created(record, replayed=False)
        existing = from_item(item)
        if idempotency is not None:
            idempotency.check(existing.fingerprint)
            return Created(existing.as_created(), replayed=True)
        if existing.body == record.body:
            return Created(existing, replayed=False)
        raise Conflict("It exists already.")

    def replace(self, record: Record, *, expected_version: int) -> Record:
        """Write the next version of an item, if nobody else did since it was read.

        Raises ``PreconditionFailed`` when the version is not the expected one any more,
        ``NotFound`` when the item is gone.
        """
        following = self.next_version(record, expected_version)
        item = to_item(following, shards=self.shards)
        # Tells whose write it was, when a lost answer made the SDK write twice.
        item["write_id"] = {"S": secrets.token_hex(8)}
        existing = self._put(item, at_version(expected_version, self.now()))
        if existing is None or existing.get("write_id") == item["write_id"]:
            return following
        raise PreconditionFailed

    def query(
        self,
        key: Key,
        *,
        upto: str,
        ascending: bool = True,
        limit: int | None = None,
        consistent: bool = True,
    ) -> Iterator[Record]:
        """Read the items of one partition from ``key.sort`` up to ``upto``, both included.

        One request for each 1 MB; the next page is read when it is asked for. ``limit`` is
        the number of items at most, those that have expired not counted. A read that is
        not ``consistent`` costs half, and may miss what was written in the last moments.
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
        if limit is not None:
            request["Limit"] = limit
        found = map(self.alive, self._queried(request))
        return islice(filter(None, found), limit)

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
        record = from_item(item)
        if record.expires_at is not None and record.expires_at <= self.now():
            return None
        return record

    def _queried(self, request: dict[str, Any]) -> Iterator[AttributeValues]:
        """Read what a query finds as it lies in the table, page by page."""
        while True:
            with translated():
                page = self.client.query(**request)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _conflicting_item(self, error: ClientError) -> AttributeValues | None:
        """Return the item that failed a condition, or None if there is none; else raise."""
        if error.response["Error"]["Code"] == "TransactionConflictException":
            raise Busy(BUSY) from error
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise error
        return error.response.get("Item")  # type: ignore[return-value]  # untyped extra of botocore

    def _put_new(self, item: AttributeValues) -> AttributeValues | None:
        """Put what must not exist; return None, or the item that does."""
        for _ in CROWDED.attempts(self.sleep):
            try:
                return self._put(item, absent(self.now()))
            except (Busy, NotFound):
                continue  # held by a transaction; or what stood there has expired meanwhile
        raise Busy(BUSY)

    def _put(self, item: AttributeValues, condition: dict[str, Any]) -> AttributeValues | None:
        """Put under a condition; return None, or the item that stood against it.

        Raises ``NotFound`` where none stands there any more, ``Busy`` where a transaction
        holds it.
        """
        try:
            with translated():
                self.client.put_item(TableName=self.name, Item=item, **condition)
        except ClientError as error:
            existing = self._conflicting_item(error)
            if self.alive(existing) is None:
                raise NotFound("It does not exist.") from error
            return existing
        return None


@cache
def table() -> Table:
    """Return the table of this process."""
    return Table(dynamodb(), settings().table_name, shards=settings().list_shards)
