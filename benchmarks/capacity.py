"""Requests and capacity units that DynamoDB would charge, counted from the requests themselves.

The rules are those of the DynamoDB Developer Guide ("Capacity unit consumption"): a write unit
for each begun KB of an item, a read unit for each begun 4 KB, half of it if the read is not
consistent, both twice in a transaction. A global secondary index takes a write for each item
that enters it or changes in it, and one for each that leaves it.

Needs nothing of this project: it also measures programs in other environments.
"""

import base64
import json
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

type Item = dict[str, Any]
type Key = tuple[str, str]


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
    """

    keys: tuple[str, str]
    indexes: tuple[tuple[str, str], ...] = ()
    key_indexes: tuple[tuple[str, str], ...] = ()
    requests: Counter[str] = field(default_factory=Counter)
    writes: float = 0.0
    reads: float = 0.0
    _items: dict[Key, Item] = field(default_factory=dict)

    def attach(self, client: Any) -> None:
        """Count what this client sends from now on."""
        client.meta.events.register("before-call.dynamodb", self._sent)
        client.meta.events.register("after-call.dynamodb", self._answered)

    def reset(self) -> None:
        self.requests.clear()
        self.writes = self.reads = 0.0

    def _sent(self, params: dict[str, Any], context: Any, **_: Any) -> None:
        context["sent"] = json.loads(params["body"])

    def _answered(
        self, http_response: Any, parsed: dict[str, Any], model: Any, context: Any, **_: Any
    ) -> None:
        self.requests[model.name] += 1
        if http_response.status_code < 300:
            getattr(self, f"_count_{model.name}")(context["sent"], parsed)

    # One for each operation; another that is met is an error here, not a free one.

    def _count_PutItem(self, sent: Item, _: Item) -> None:  # noqa: N802  # AWS's name
        self._put(sent["Item"], 1)

    def _count_BatchWriteItem(self, sent: Item, _: Item) -> None:  # noqa: N802  # AWS's name
        for requests in sent["RequestItems"].values():
            for one in requests:
                if "PutRequest" in one:
                    self._put(one["PutRequest"]["Item"], 1)
                else:
                    self._delete(one["DeleteRequest"]["Key"], 1)

    def _count_TransactWriteItems(self, sent: Item, _: Item) -> None:  # noqa: N802  # AWS's name
        for action in sent["TransactItems"]:
            if "Put" in action:
                self._put(action["Put"]["Item"], 2)
            elif "Delete" in action:
                self._delete(action["Delete"]["Key"], 2)
            else:  # a condition of a small item
                self.writes += 2

    def _count_UpdateItem(self, _: Item, parsed: Item) -> None:  # noqa: N802  # AWS's name
        """Count an update that returns all of its item, which is in no index."""
        self.writes += _kilobytes(size(parsed["Attributes"]))

    def _count_GetItem(self, sent: Item, parsed: Item) -> None:  # noqa: N802  # AWS's name
        self._read(size(parsed.get("Item", {})), consistent=sent.get("ConsistentRead", False))

    def _count_DeleteItem(self, sent: Item, _: Item) -> None:  # noqa: N802  # AWS's name
        self._delete(sent["Key"], 1)

    def _count_Query(self, sent: Item, parsed: Item) -> None:  # noqa: N802  # AWS's name
        total = sum(map(size, parsed["Items"]))
        self._read(total, consistent=sent.get("ConsistentRead", False))

    def _count_BatchGetItem(self, sent: Item, parsed: Item) -> None:  # noqa: N802  # AWS's name
        for table, items in parsed["Responses"].items():
            consistent = sent["RequestItems"][table].get("ConsistentRead", False)
            missing = len(sent["RequestItems"][table]["Keys"]) - len(items)
            for bytes_read in [*map(size, items), *[0] * missing]:
                self._read(bytes_read, consistent=consistent)

    def _put(self, item: Item, times: int) -> None:
        key = self._key(item)
        before = self._items.get(key, {})
        self.writes += times * _kilobytes(max(size(item), size(before)))
        self._index_all(before, item)
        self._items[key] = item

    def _delete(self, key_item: Item, times: int) -> None:
        before = self._items.pop(self._key(key_item), {})
        self.writes += times * _kilobytes(size(before))
        self._index_all(before, {})

    def _index_all(self, before: Item, after: Item) -> None:
        for names in self.indexes:
            self._index(names, before, after)
        for names in self.key_indexes:
            was, remains = ([one.get(n) for n in names] for one in (before, after))
            if was != remains:
                # Keys take less than a unit.
                self.writes += (was[0] is not None) + (remains[0] is not None)

    def _index(self, names: tuple[str, str], before: Item, after: Item) -> None:
        was, remains = [
            one.get(names[0]) and [one.get(n) for n in names] for one in (before, after)
        ]
        if was and was != remains:
            self.writes += _kilobytes(size(before))
        if remains:
            self.writes += _kilobytes(size(after))

    def _read(self, total: int, *, consistent: bool) -> None:
        self.reads += max(1, math.ceil(total / 4096)) * (1 if consistent else 0.5)

    def _key(self, item: Item) -> Key:
        first, second = self.keys
        return item[first]["S"], item[second]["S"]


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
