"""Requests and capacity units that DynamoDB would charge, counted from the requests themselves.

The rules are those of the DynamoDB Developer Guide ("Capacity unit consumption"): a write unit
for each begun KB of an item, before or after the write, a read unit for each begun 4 KB, half of
it if the read is not consistent, both twice in a transaction. A write whose condition fails is
charged too. A global secondary index takes a write for each item that enters it or changes in it,
and one for each that leaves it.

Needs nothing of this project: it also measures programs in other environments.
"""

import base64
import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from contextvars import Context, ContextVar
from dataclasses import dataclass, field
from typing import Any, NamedTuple

type Item = dict[str, Any]
#: Name of the table, and values of the key attributes.
type Key = tuple[str, ...]

#: Whether a request is the meter's own: it reads items that a request does not contain.
_is_own: ContextVar[bool] = ContextVar("is_own", default=False)
#: Parts of a read that make its answer smaller than what it is charged for.
_REDUCING = ("ProjectionExpression", "FilterExpression", "Select")
#: Errors of writes that are charged.
_CHARGED = {"ConditionalCheckFailedException", "TransactionCanceledException"}
_PARTITION_CONDITION = re.compile(r"(#?\w+)\s*=\s*(:\w+)")
_PLACEHOLDER = re.compile(r"[#:]\w+")


class Partition(NamedTuple):
    """A partition key of the table or of an index: the attribute's name, and its value."""

    attribute: str
    value: str


class _Write(NamedTuple):
    """One item that a request writes: ``factor`` is 2 in a transaction."""

    table: str
    verb: str
    action: Item
    factor: int


@dataclass
class Meter:
    """Counts what a client sends.

    Attributes
    ----------
    keys
        The table's own key attributes.
    indexes
        The key attributes of its indexes that project whole items.
    key_indexes
        Those of its indexes that project keys only.
    writes, reads
        Units of all requests.
    written, read
        The same units by partition key, of the table and of the indexes.
    is_on
        Whether requests are counted now.
    """

    keys: tuple[str, ...]
    indexes: tuple[tuple[str, str], ...] = ()
    key_indexes: tuple[tuple[str, str], ...] = ()
    requests: Counter[str] = field(default_factory=Counter)
    writes: float = 0.0
    reads: float = 0.0
    written: Counter[Partition] = field(default_factory=Counter)
    read: dict[Partition, float] = field(default_factory=dict)
    is_on: bool = True
    _items: dict[Key, Item] = field(default_factory=dict)

    def attach(self, client: Any) -> None:
        """Count what this client sends from now on."""

        def sent(params: dict[str, Any], model: Any, context: Any, **_: Any) -> None:
            if self.is_on and not _is_own.get():
                context["sent"] = content = json.loads(params["body"])
                context["before"] = [
                    self._stored(client, one.table, self._key_of(one))
                    for one in _writes(model.name, content)
                ]

        def answered(
            http_response: Any, parsed: dict[str, Any], model: Any, context: Any, **_: Any
        ) -> None:
            if self.is_on and not _is_own.get():
                self.requests[model.name] += 1
                is_done = http_response.status_code < 300
                if is_done or parsed.get("Error", {}).get("Code") in _CHARGED:
                    self._count_writes(client, model.name, context, is_done=is_done)
                if is_done and (count := getattr(self, f"_count_{model.name}", None)):
                    count(client, context["sent"], parsed)

        client.meta.events.register("before-call.dynamodb", sent)
        client.meta.events.register("after-call.dynamodb", answered)

    def reset(self) -> None:
        self.requests.clear()
        self.written.clear()
        self.read.clear()
        self.writes = self.reads = 0.0

    def _count_writes(self, client: Any, name: str, context: Any, *, is_done: bool) -> None:
        for one, before in zip(_writes(name, context["sent"]), context["before"], strict=True):
            key = self._key_of(one)
            after = self._after(client, one, before) if is_done else before
            largest = max(map(size, (before, after, one.action.get("Item", {}))))
            self._write(Partition(self.keys[0], key[1]), one.factor * _kilobytes(largest))
            self._index_all(before, after)
            self._items[key] = after

    def _after(self, client: Any, one: _Write, before: Item) -> Item:
        if one.verb == "Put":
            return one.action["Item"]  # type: ignore[no-any-return]  # JSON
        if one.verb == "Update":
            return self._look_up(client, one.table, one.action["Key"])
        return {} if one.verb == "Delete" else before

    def _stored(self, client: Any, table: str, key: Key) -> Item:
        """Return an item as it was before a write."""
        if key not in self._items:
            attributes = {n: {"S": v} for n, v in zip(self.keys, key[1:], strict=True)}
            self._items[key] = self._look_up(client, table, attributes)
        return self._items[key]

    def _look_up(self, client: Any, table: str, key: Item) -> Item:
        answer = unmeasured(client.get_item, TableName=table, Key=key, ConsistentRead=True)
        return answer.get("Item", {})  # type: ignore[no-any-return]  # JSON

    def _key_of(self, one: _Write) -> Key:
        attributes = one.action.get("Key") or one.action["Item"]
        return one.table, *(attributes[name]["S"] for name in self.keys)

    # Reads: one for each operation.

    def _count_GetItem(self, client: Any, sent: Item, parsed: Item) -> None:  # noqa: N802  # AWS's name
        if "ProjectionExpression" in sent:
            parsed = unmeasured(client.get_item, **_whole(sent))
        self._read(sent["Key"], [parsed.get("Item", {})], sent)

    def _count_Query(self, client: Any, sent: Item, parsed: Item) -> None:  # noqa: N802  # AWS's name
        if any(one in sent for one in _REDUCING):
            parsed = unmeasured(client.query, **_whole(sent))
        condition = _PARTITION_CONDITION.search(sent["KeyConditionExpression"])
        assert condition is not None
        name, value = condition.groups()
        name = sent.get("ExpressionAttributeNames", {}).get(name, name)
        typed = sent["ExpressionAttributeValues"][value]
        self._read({name: typed}, parsed["Items"], sent)

    def _count_BatchGetItem(self, client: Any, sent: Item, parsed: Item) -> None:  # noqa: N802  # AWS's name
        for table, request in sent["RequestItems"].items():
            items = parsed["Responses"].get(table, [])
            unread = parsed.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
            keys = [key for key in request["Keys"] if key not in unread]
            if "ProjectionExpression" in request:
                whole = {"RequestItems": {table: _whole(request | {"Keys": keys})}}
                items = unmeasured(client.batch_get_item, **whole)["Responses"].get(table, [])
            found = {self._plain(item): item for item in items}
            for key in keys:
                self._read(key, [found.get(self._plain(key), {})], request)

    def _count_TransactGetItems(self, _: Any, sent: Item, parsed: Item) -> None:  # noqa: N802  # AWS's name
        for action, answer in zip(sent["TransactItems"], parsed["Responses"], strict=True):
            for _half in range(2):
                item = answer.get("Item", {})
                self._read(action["Get"]["Key"], [item], {"ConsistentRead": True})

    def _plain(self, item: Item) -> tuple[str, ...]:
        return tuple(item[name]["S"] for name in self.keys)

    def _read(self, key: Item, items: list[Item], sent: Item) -> None:
        pages = max(1, math.ceil(sum(map(size, items)) / 4096))
        units = pages * (1 if sent.get("ConsistentRead") else 0.5)
        attribute = next(iter(key)) if len(key) == 1 else self.keys[0]
        partition = Partition(attribute, key[attribute]["S"])
        self.reads += units
        self.read[partition] = self.read.get(partition, 0) + units

    def _write(self, partition: Partition, units: int) -> None:
        self.writes += units
        self.written[partition] += units

    def _index_all(self, before: Item, after: Item) -> None:
        for names in self.indexes:
            if before != after:
                self._index(names, before, after)
        for names in self.key_indexes:
            self._index(names, *({n: one[n] for n in names if n in one} for one in (before, after)))

    def _index(self, names: tuple[str, str], before: Item, after: Item) -> None:
        was, remains = (
            one.get(names[0]) and [one[name]["S"] for name in names] for one in (before, after)
        )
        if was and was != remains:
            self._write(Partition(names[0], was[0]), _kilobytes(size(before)))
        if remains and before != after:
            self._write(Partition(names[0], remains[0]), _kilobytes(size(after)))


def _writes(name: str, sent: Item) -> Iterator[_Write]:
    """Return the items that a request writes, in order."""
    if name in ("PutItem", "UpdateItem", "DeleteItem"):
        yield _Write(sent["TableName"], name.removesuffix("Item"), sent, 1)
    elif name == "BatchWriteItem":
        for table, requests in sent["RequestItems"].items():
            for request in requests:
                [(verb, action)] = request.items()
                yield _Write(table, verb.removesuffix("Request"), action, 1)
    elif name == "TransactWriteItems":
        for transacted in sent["TransactItems"]:
            [(verb, action)] = transacted.items()
            yield _Write(action["TableName"], verb, action, 2)


def unmeasured(request: Any, **parameters: Any) -> Any:
    """Send a request that is not counted, also not by who counts those of its caller."""

    def send() -> Any:
        _is_own.set(True)
        return request(**parameters)

    return Context().run(send)


def _whole(sent: Item) -> Item:
    """Return a read without what reduces its answer, and without the names of those parts."""
    kept = {name: value for name, value in sent.items() if name not in _REDUCING}
    used = set(_PLACEHOLDER.findall(kept.get("KeyConditionExpression", "")))
    for name in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        if name in kept:
            kept[name] = {one: value for one, value in kept[name].items() if one in used}
            if not kept[name]:
                del kept[name]
    return kept


def size(item: Item) -> int:
    """Return the bytes of an item: of its names and its values."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def _value(typed: dict[str, Any]) -> int:
    [(kind, value)] = typed.items()
    if kind == "S":
        return len(value.encode())
    if kind == "N":
        return len(value) // 2 + 1
    if kind == "B":
        return len(value) if isinstance(value, bytes) else len(base64.b64decode(value))
    if kind == "M":
        return 3 + size(value) + len(value)
    if kind == "L":
        return 3 + sum(_value(one) + 1 for one in value)
    return 1


def _kilobytes(total: int) -> int:
    return max(1, math.ceil(total / 1024))
