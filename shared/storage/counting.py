"""Counting: the counters of lists, from the records of the table's stream, each exactly once.

The stream delivers a record again when its batch fails, whole or in part, and its shards are
delivered concurrently. So each item of a counter notes, for each shard of the stream, the last
position that its amount contains, in the same write as the amount: within a shard, Lambda
delivers no record for the first time after a later one. That holds for one batch of a shard at
a time only (``ParallelizationFactor`` 1), and an event names its shard only with a
``TumblingWindowInSeconds``.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from shared.core.errors import Busy, Throttled, Unavailable
from shared.core.observability import logger
from shared.storage.counters import COUNTED, COUNTER_SHARDS, counter_key
from shared.storage.errors import translated
from shared.storage.records import BY_LIST, BY_PARENT, AttributeValues, Key, Record
from shared.storage.streams import StreamRecord, earliest
from shared.storage.table import Table, failed_item

#: Indexes whose lists are counted.
_COUNTED_INDEXES = (BY_LIST, BY_PARENT)
#: Counters written at once: each is a request of its own, which waits for its answer.
_WRITERS = 8
#: Prefix of the attributes with the last counted position of a shard of the stream.
_MARK = "counted_"
#: Seconds after which a mark protects nothing: the stream retains a record for 24 hours.
_MARK_RETENTION = 25 * 3600
#: Old marks of an item that are removed together, by a write of their own.
_MARKS_REMOVED = 4


@dataclass(frozen=True, slots=True)
class _Change:
    """Change of a counter by one record of the stream."""

    position: str
    by: int


def count_entries(
    table: Table, stream_shard: str | None, records: Iterable[StreamRecord]
) -> str | None:
    """Add the records of a batch to the counters: one write for each counter they change.

    Returns the first position that a counter lacks, from which the stream must deliver again:
    a counter that has it does not count it twice. Returns None when all are counted. Without
    the shard nothing is counted: the mapping is not set up for it yet.
    """
    changes = _changes(records)
    if not changes:
        return None
    if stream_shard is None:
        logger.error("the event names no shard: its mapping has no tumbling window")
        return earliest(one.position for found in changes.values() for one in found)
    with ThreadPoolExecutor(min(_WRITERS, len(changes))) as threads:
        return earliest(
            threads.map(lambda name: _add(table, stream_shard, name, changes[name]), changes)
        )


def _changes(records: Iterable[StreamRecord]) -> dict[str, list[_Change]]:
    """Return the changes of each counter, by its list, in the order of the stream."""
    changes: defaultdict[str, list[_Change]] = defaultdict(list)
    for write in records:
        if write.new is None or not COUNTED.items() <= write.new.stream_attributes.items():
            continue
        before, after = _lists(write.old), _lists(write.new)
        for name in sorted(before ^ after):
            changes[name].append(_Change(write.position, 1 if name in after else -1))
    return changes


def _lists(record: Record | None) -> set[str]:
    """Return the counted lists that an item is in."""
    entries = record.index_entries if record else {}
    return {entries[index].list for index in _COUNTED_INDEXES if index in entries}


def _add(table: Table, shard: str, name: str, changes: Sequence[_Change]) -> str | None:
    """Add changes to a counter, without those that it contains.

    Returns the first position that could not be added. A sum of 0 is written too: a part of
    the batch may be delivered again.
    """
    # By the shard: only one batch of it is in progress, so writers of an item rarely meet.
    key = counter_key(name, zlib.crc32(shard.encode()) % COUNTER_SHARDS)
    pending = list(changes)
    while pending:
        try:
            with translated():
                _write(table, key, f"{_MARK}{shard}", pending)
        except ClientError as error:
            counted = _position_in(error, f"{_MARK}{shard}")
            if counted is None:  # a transaction of an earlier version of this code holds the item
                return pending[0].position
            pending = [one for one in pending if int(one.position) > counted]
        except (Throttled, Unavailable) as error:
            logger.warning("a counter was not written", extra={"reason": str(error)})
            return pending[0].position
        else:
            return None
    return None


def _write(table: Table, key: Key, mark: str, changes: Sequence[_Change]) -> None:
    response = table.client.update_item(
        TableName=table.name,
        Key=key.attributes(),
        UpdateExpression="ADD amount :by SET #type = :type, #mark = :last",
        ConditionExpression="attribute_not_exists(#mark) OR #mark < :first",
        ExpressionAttributeNames={"#type": "type", "#mark": mark},
        ExpressionAttributeValues={
            ":by": {"N": str(sum(one.by for one in changes))},
            ":type": {"S": "counter"},
            ":first": {"S": _sortable(changes[0].position)},
            ":last": {"S": f"{_sortable(changes[-1].position)} {table.now()}"},
        },
        ReturnValues="ALL_NEW",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
    _remove_old_marks(table, key, response["Attributes"])


def _sortable(position: str) -> str:
    """Return a position, of 40 digits at most, in a form that strings are compared in."""
    return f"{int(position):040d}"


def _position_in(error: ClientError, mark: str) -> int | None:
    """Return the position that an item had counted, by the error of its condition."""
    try:
        item = failed_item(error)
    except Busy:
        return None
    return int(item[mark]["S"].split()[0]) if item else None


def _remove_old_marks(table: Table, key: Key, item: AttributeValues) -> None:
    """Remove the marks of shards that have no records any more: one write for several."""
    oldest = table.now() - _MARK_RETENTION
    old = [
        name
        for name, value in item.items()
        if name.startswith(_MARK) and int(value["S"].split()[1]) < oldest
    ]
    if len(old) < _MARKS_REMOVED:
        return
    numbers = range(len(old))
    request: dict[str, Any] = {
        "UpdateExpression": "REMOVE " + ", ".join(f"#m{number}" for number in numbers),
        "ConditionExpression": " AND ".join(f"#m{number} = :m{number}" for number in numbers),
        "ExpressionAttributeNames": {f"#m{number}": old[number] for number in numbers},
        "ExpressionAttributeValues": {f":m{number}": item[old[number]] for number in numbers},
    }
    try:
        with translated():
            table.client.update_item(TableName=table.name, Key=key.attributes(), **request)
    except (ClientError, Throttled, Unavailable) as error:
        logger.warning("old marks of a counter remain", extra={"reason": str(error)})
