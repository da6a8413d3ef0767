"""Token buckets in the table: a rate, a burst and a total, taken from by many processes.

A bucket is one item with two numbers: the time at which it will be full again, from which its
level at any time follows, and what was taken in all. Nothing refills it: an item that nobody
uses costs nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from shared.core.errors import Busy
from shared.storage.errors import translated
from shared.storage.records import AttributeValues, Key
from shared.storage.table import Table, failed_item

#: Writes of one take. The second is for a bucket that filled or was used meanwhile; a third
#: needs another process to write between two of this one.
_TRIES = 4
#: Seconds that a bucket's item outlives its last day; clocks may differ.
_LIFETIME = 172_800


@dataclass(frozen=True, slots=True)
class Bucket:
    """State of a bucket, as a process saw it last.

    ``full_at`` is in microseconds since the epoch; it may be past. ``is_shared`` says that other
    processes had taken from the bucket when this one expected it to be full.
    """

    full_at: int = 0
    taken: int = 0
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class BucketSize:
    """Tokens of a bucket: refilled per second, at once at most, and in all."""

    rate: int
    burst: int
    total: int

    def level(self, bucket: Bucket, now: int) -> float:
        """Return the tokens that are in a bucket at a time (microseconds)."""
        return self.burst - max(0, bucket.full_at - now) * self.rate / 1_000_000

    def duration(self, tokens: int) -> int:
        """Return the microseconds in which so many tokens are refilled, rounded up."""
        return -(-tokens * 1_000_000 // self.rate)

    def holds(self, bucket: Bucket, tokens: int, now: int) -> bool:
        """Return whether so many tokens may be taken from a bucket."""
        latest = now + self.duration(self.burst) - self.duration(tokens)
        return bucket.taken + tokens <= self.total and bucket.full_at <= latest


#: :func:`take` of a table.
type Take = Callable[[Key, int, BucketSize, int, Bucket], tuple[Bucket, bool]]


def take(
    table: Table, key: Key, tokens: int, size: BucketSize, now: int, known: Bucket
) -> tuple[Bucket, bool]:
    """Take tokens from a bucket, all or none; return its state and whether they were taken.

    One write of one unit, also of a refused take, if ``known`` still says whether the bucket is
    full; else two. Concurrent takes of a bucket in use do not disturb each other. Raises ``Busy``
    if the bucket changes at each write, and ``Throttled`` above 1,000 writes per second.
    """
    is_shared = known.is_shared
    is_used = is_shared or known.full_at >= now
    for _ in range(_TRIES):
        change = _from_used if is_used else _from_full
        try:
            with translated():
                answer = table.client.update_item(
                    TableName=table.name,
                    Key=key.attributes(),
                    ReturnValues="UPDATED_NEW",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                    **change(tokens, size, now),
                )
        except ClientError as error:
            found = _state(failed_item(error), is_shared=is_shared)
        else:
            return _state(answer["Attributes"], is_shared=is_shared), True
        if not size.holds(found, tokens, now):
            return found, False
        is_shared = is_used = found.full_at >= now
    raise Busy


def _from_full(tokens: int, size: BucketSize, now: int) -> dict[str, Any]:
    """Return the change of a bucket that is full, or does not exist yet."""
    return {
        "UpdateExpression": "SET full_at = :full_at, expires_at = :expires_at ADD taken :tokens",
        "ConditionExpression": ("attribute_not_exists(pk) OR (full_at < :now AND taken <= :most)"),
        "ExpressionAttributeValues": _numbers(
            full_at=now + size.duration(tokens),
            expires_at=now // 1_000_000 + _LIFETIME,
            tokens=tokens,
            now=now,
            most=size.total - tokens,
        ),
    }


def _from_used(tokens: int, size: BucketSize, now: int) -> dict[str, Any]:
    """Return the change of a bucket that is not full."""
    return {
        "UpdateExpression": "SET full_at = full_at + :duration ADD taken :tokens",
        "ConditionExpression": "full_at BETWEEN :now AND :latest AND taken <= :most",
        "ExpressionAttributeValues": _numbers(
            duration=size.duration(tokens),
            tokens=tokens,
            now=now,
            latest=max(now, now + size.duration(size.burst) - size.duration(tokens)),
            most=size.total - tokens,
        ),
    }


def _numbers(**values: int) -> AttributeValues:
    return {f":{name}": {"N": str(value)} for name, value in values.items()}


def _state(item: AttributeValues | None, *, is_shared: bool) -> Bucket:
    if not item:
        return Bucket()
    return Bucket(int(item["full_at"]["N"]), int(item["taken"]["N"]), is_shared)
