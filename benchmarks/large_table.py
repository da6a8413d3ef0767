"""In-process table with large partitions: their queries are answered here, the rest by moto.

The answers follow DynamoDB's rules: order, bounds, limit, a megabyte a page. Moto's own items in a
log, such as those of a measured append, belong to it. The processor time of all answers is noted,
so that a measurement can leave it out.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from heapq import merge
from typing import Any
from unittest.mock import patch

from botocore.awsrequest import AWSResponse
from moto.core.models import botocore_stubber
from moto.dynamodb.models.dynamo_type import DynamoType

from benchmarks.large_partitions import (
    Item,
    LargePartition,
    PartitionKey,
    as_json,
    extrapolated,
    large_lists,
    large_log,
)
from shared.sessions.documents import EVENTS, SESSION
from shared.storage.client import dynamodb
from shared.storage.records import PREFIX, from_item, to_item
from tests.support.storage import TABLE, stored_table

#: Bytes that one page of a query reads (DynamoDB's limit).
_PAGE_BYTES = 1_000_000
_BETWEEN = re.compile(r"BETWEEN (:\w+) AND (:\w+)")


@dataclass
class LargeTable:
    """Answers of queries of large partitions.

    ``seconds`` is the processor time of these answers and of moto's, since the begin.
    """

    shards: int
    seconds: float = 0.0
    _partitions: dict[PartitionKey, LargePartition] = field(default_factory=dict)
    _depth: int = 0

    @contextmanager
    def attached(self, client: Any) -> Iterator[None]:
        """Answer this client's requests, and note the time of moto's answers."""
        client.meta.events.register_first("before-send.dynamodb", self._send)
        stubber = type(botocore_stubber)
        with patch.object(stubber, "__call__", self._timed(stubber.__call__)):
            yield

    def fill_lists(self, owner: str, size: int) -> None:
        """Fill each list that has an item of an owner with ``size`` items of its form."""
        for partition in list(stored_table().items):
            if partition.value.startswith(owner):
                for item in items_of(partition.value).values():
                    if "body" in item:
                        self._partitions |= large_lists(item, size, self.shards)

    def fill_log(self, partition: str, converse: Callable[[], object], events: int) -> None:
        """Make a session as if ``converse`` had been called until its log has ``events`` events.

        It is called three times; all later rounds are like the third.
        """
        logs, sessions = [], []
        for _ in range(3):
            converse()
            stored = items_of(partition)
            logs.append({sort: one for sort, one in stored.items() if sort.startswith(EVENTS)})
            sessions.append(from_item(stored[SESSION]))
        items = [one for sort, one in logs[2].items() if sort not in logs[1]]
        step = sum(len(from_item(one).body["events"]) for one in items)
        before, after = (one.body for one in sessions[1:])
        rounds = max(1, (events - after["last_sequence"]) // step + 1)
        self._partitions["pk", partition] = large_log(items, rounds, self.shards)
        body = extrapolated(before, after, rounds - 1)
        session = to_item(replace(sessions[2], body=body), shards=self.shards)
        dynamodb().put_item(TableName=TABLE, Item=session)
        for item in items:
            key = {"pk": item["pk"], "sk": item["sk"]}
            dynamodb().delete_item(TableName=TABLE, Key=key)

    def _timed[**P, R](self, call: Callable[P, R]) -> Callable[P, R]:
        def timed(*arguments: P.args, **options: P.kwargs) -> R:
            self._depth += 1
            started = time.process_time()
            try:
                return call(*arguments, **options)
            finally:
                self._depth -= 1
                if not self._depth:
                    self.seconds += time.process_time() - started

        return timed

    def _send(self, request: Any, **_: Any) -> AWSResponse | None:
        return self._timed(self._answer)(request)

    def _answer(self, request: Any) -> AWSResponse | None:
        target = request.headers["X-Amz-Target"]
        if not (target if isinstance(target, str) else target.decode()).endswith(".Query"):
            return None
        query = json.loads(request.body)
        prefix = f"{PREFIX[query['IndexName']]}_" if "IndexName" in query else ""
        values = query["ExpressionAttributeValues"]
        key = f"{prefix}pk", values[":pk"]["S"]
        if key not in self._partitions:
            return None
        lowest, highest = (values[one]["S"] for one in _range(query))
        ascending, start = query.get("ScanIndexForward", True), ""
        if "ExclusiveStartKey" in query:
            start = query["ExclusiveStartKey"][f"{prefix}sk"]["S"]
            lowest, highest = (start, highest) if ascending else (lowest, start)
        entries = self._partitions[key].between(lowest, highest, ascending=ascending)
        if not prefix:
            own = [one for one in _texts(key[1]).items() if lowest <= one[0] <= highest]
            own.sort(reverse=not ascending)
            entries = merge(entries, own, key=lambda one: one[0], reverse=not ascending)
        headers: Any = {}
        page = _page((one for one in entries if one[0] != start), query, prefix)
        return AWSResponse(request.url, 200, headers, _Body(page.encode()))


def _range(query: Item) -> tuple[str, str]:
    found = _BETWEEN.search(query["KeyConditionExpression"])
    assert found is not None, query
    return found[1], found[2]


def _page(entries: Iterator[tuple[str, str]], query: Item, prefix: str) -> str:
    """Return the response of a query: up to its limit and a megabyte, with the key to continue."""
    texts: list[str] = []
    room = _PAGE_BYTES
    last = "{}"
    for _, text in entries:
        texts.append(text)
        room -= len(text)
        if room < 0 or len(texts) == query.get("Limit"):
            item, names = json.loads(text), ("pk", "sk", f"{prefix}pk", f"{prefix}sk")
            last = json.dumps({name: item[name] for name in names})
            break
    counts = f'"Count": {len(texts)}, "ScannedCount": {len(texts)}'
    items = "" if query.get("Select") == "COUNT" else f'"Items": [{", ".join(texts)}], '
    following = "" if last == "{}" else f', "LastEvaluatedKey": {last}'
    return f"{{{items}{counts}{following}}}"


def _typed(text: str) -> Any:
    return DynamoType({"S": text})


def items_of(partition: str) -> dict[str, Item]:
    """Return moto's items of a partition by sort key."""
    found = stored_table().items.get(_typed(partition), {})
    return {sort.value: item.to_json()["Attributes"] for sort, item in sorted(found.items())}


def _texts(partition: str) -> dict[str, str]:
    return {sort: as_json(item) for sort, item in items_of(partition).items()}


class _Body:
    """Response body with the interface that the SDK reads."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> list[bytes]:
        return [self._content]
