"""Table stream in this process: writes, delivered to the functions that react to them."""

import json
from collections.abc import Callable
from functools import cache
from itertools import count
from typing import Any

from tests.support.storage import stored_table
from tests.support.template import functions, stream_sources

type Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
type Entry = dict[str, Any]


class TableStream:
    """Reader of moto's stream; each record is read once."""

    def __init__(self) -> None:
        self._positions = count(1)

    def read(self) -> list[Entry]:
        """Return the records since the last read, in order, in Lambda's form."""
        shard = stored_table().stream_shard
        records, shard.items = shard.items, []
        return [self._in_lambdas_form(record.to_json()) for record in records]

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

    def _in_lambdas_form(self, record: Entry) -> Entry:
        position = next(self._positions)
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
