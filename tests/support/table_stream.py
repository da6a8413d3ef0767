"""Table stream in this process: writes, delivered to the functions that react to them."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from shared.storage.counting import count_entries
from shared.storage.streams import stream_records
from shared.storage.table import table
from tests.support.storage import stored_table
from tests.support.template import functions, stream_sources
from tests.support.watch import running

PUBLISH_CHANGES = "triggers.publish_changes"
#: The shard of moto's stream, as an event of a mapping with a window names it.
SHARD = "shardId-00000001760000000000-00000001"

type Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
type Entry = dict[str, Any]


class TableStream:
    """Reader of moto's stream; each record is read once."""

    def read(self) -> list[Entry]:
        """Return the records since the last read, in order, in Lambda's form."""
        entries, shard = _written(), stored_table().stream_shard
        new = entries[len(_log()) :]
        shard.log, shard.items = entries, []
        return new

    def deliver(self, module: str, handler: Handler, *, limit: int = 100) -> int:
        """Deliver the records that pass the function's filter, until no new ones arise.

        Returns the number of delivered records.
        """
        delivered = 0
        for _ in range(limit):
            records = [entry for entry in self.read() if passes(module, entry)]
            if not records:
                return delivered
            answer = handler({"Records": records}, None)
            assert answer == {"batchItemFailures": []}
            delivered += len(records)
        raise AssertionError("the stream does not end")


def counted_writes() -> list[Entry]:
    """Return all records since the table exists that reach the function that counts."""
    return [entry for entry in _written() if passes(PUBLISH_CHANGES, entry)]


def count_sessions() -> None:
    """Bring the totals up to date: deliver all records to the function that counts.

    Those that were counted before are delivered again, and those that others read, too.
    """
    with running("PublishChangesFunction"):
        records = stream_records({"Records": counted_writes()})
        assert count_entries(table(), SHARD, records) is None


def _written() -> list[Entry]:
    """Return all records since the table exists, read or not, in Lambda's form."""
    log, shard = _log(), stored_table().stream_shard
    new = (record.to_json() for record in shard.items)
    return log + [_in_lambdas_form(one, number) for number, one in enumerate(new, len(log) + 1)]


def _log() -> list[Entry]:
    """Return the records that were read."""
    log: list[Entry] = getattr(stored_table().stream_shard, "log", [])
    return log


def _in_lambdas_form(record: Entry, position: int) -> Entry:
    written = record["dynamodb"] | {
        "ApproximateCreationDateTime": 1_760_000_000.0 + position,
        "SequenceNumber": f"{position:021d}",
    }
    return record | {"dynamodb": written}


def passes(module: str, entry: Entry) -> bool:
    """Return whether an entry passes the template's filter of a function."""
    return any(_matches(pattern, entry) for pattern in _patterns(module))


@cache
def _patterns(module: str) -> list[dict[str, Any]]:
    [function] = [
        name
        for name, properties in functions().items()
        if properties["Handler"] == f"{module}.handler"
    ]
    [stream] = stream_sources(function)
    return [json.loads(one["Pattern"]) for one in stream["FilterCriteria"]["Filters"]]


def _matches(pattern: Any, value: Any) -> bool:
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(
            name in value and _matches(inner, value[name]) for name, inner in pattern.items()
        )
    return value in pattern
