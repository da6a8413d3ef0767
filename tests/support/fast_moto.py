"""Moto in a third less time, with the same answers.

Most of the suite's time is moto's, and most of that was spent on what :func:`patch` replaces: a
deep copy of the whole table before each transaction, all ten types tried on each attribute value,
an item's size computed anew for each of its attributes, and expressions, classes and names of
events read again for each request. How a request reaches moto is in
:mod:`tests.support.fast_moto_requests`.
"""

import copy
from collections import defaultdict, deque
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache, wraps
from typing import Any

from botocore.hooks import EventAliaser
from moto.core import responses
from moto.core.models import MockAWS, botocore_stubber
from moto.core.parse import BaseJSONParser
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table


class MockedAws(MockAWS):
    """AWS in this process for botocore; requests of the library ``requests`` are left alone."""

    def _enable_patching(self, reset: bool = True) -> None:  # moto's own
        botocore_stubber.enabled = True
        if reset:
            self.reset()


#: Greatest size of an item by moto's reckoning.
_ITEM_BYTES = 405_000
#: Keys and items of the transaction that is being written.
_named: ContextVar[list[dict[str, Any]]] = ContextVar("named")
#: Partition of the running query, or what its index requires of an item.
_queried: ContextVar[tuple[Any, list[tuple[str, Any]] | None]] = ContextVar(
    "queried", default=(None, None)
)


def patch() -> None:
    """Replace the slow parts in this process; each replacement gives what it replaces."""
    _wrap(Table, "query", _query_partition)
    _wrap(Table, "all_items", _list_queried)
    _wrap(DynamoDBBackend, "transact_write_items", _copy_written)
    Table.__deepcopy__ = _copy_table  # type: ignore[attr-defined]  # moto's own has none
    _wrap(Item, "__init__", _create_item)
    _wrap(DynamoDBBackend, "update_item", _update_copy)
    _wrap(BaseJSONParser, "_parse_structure", _parse_value)
    _wrap(BaseJSONSerializer, "_serialize_type_structure", _serialize_value)
    _wrap(ConditionExpressionParser, "_lex_condition_expression", _lex_once)
    _wrap(EventAliaser, "_alias_event_name", _alias_once)
    responses.BaseResponse._enrich_response = staticmethod(  # type: ignore[method-assign]
        _enrich_xml(responses.BaseResponse._enrich_response)
    )
    # It is imported there from another module, and called as that module's own.
    responses.method_names_from_class = cache(responses.method_names_from_class)  # type: ignore[attr-defined]


def _wrap(owner: type, name: str, replacement: Callable[[Any], Any]) -> None:
    original = getattr(owner, name)
    setattr(owner, name, wraps(original)(replacement(original)))


def _copy_written(write: Any) -> Any:
    """Note the keys of a transaction for the copy of its table."""

    def transact_write_items(backend: Any, transact_items: list[dict[str, Any]]) -> None:
        keys = [
            action.get("Key") or action["Item"]
            for item in transact_items
            for action in item.values()
        ]
        token = _named.set(keys)
        try:
            write(backend, transact_items)
        finally:
            _named.reset(token)

    return transact_write_items


def _copy_table(table: Any, memo: dict[int, Any]) -> Any:
    """Copy a table, with the partitions that a transaction names, and its records.

    Their items are shared: nothing changes them in place.
    """
    copied = copy.copy(table)
    copied.items = defaultdict(dict, table.items)
    for key in _named.get():
        partition = DynamoType(key[table.hash_key_attr])
        if partition in table.items:
            copied.items[partition] = dict(table.items[partition])
    if table.stream_shard is not None:
        copied.stream_shard = copy.copy(table.stream_shard)
        copied.stream_shard.table = copied
        copied.stream_shard.items = list(table.stream_shard.items)
    return copied


def _update_copy(update: Any) -> Any:
    """Update a copy of an item in its place: a copied table may have the same item."""

    def update_item(backend: Any, table_name: str, key: dict[str, Any], **options: Any) -> Any:
        item = backend.get_item(table_name, key)
        if item is not None:
            items, key_of_item = backend.get_table(table_name).items, item.hash_key
            if item.range_key is not None:
                items, key_of_item = items[item.hash_key], item.range_key
            items[key_of_item] = copy.deepcopy(item)
        return update(backend, table_name, key, **options)

    return update_item


def _query_partition(query: Any) -> Any:
    """Note the partition of a query for the listing of items."""

    def queried(table: Any, hash_key: Any, *arguments: Any, **options: Any) -> Any:
        # The sixth argument behind the key is the name of an index.
        of_index = options["hash_key_conditions"] if arguments[6] else None
        token = _queried.set((hash_key, of_index))
        try:
            return query(table, hash_key, *arguments, **options)
        finally:
            _queried.reset(token)

    return queried


def _list_queried(list_all: Any) -> Any:
    """List the items of a query's partition; moto sorts the whole table for each query."""

    def all_items(table: Any) -> list[Any]:
        hash_key, of_index = _queried.get()
        if hash_key is not None and not of_index:
            return list(table.items.get(hash_key, {}).values())
        if not of_index:
            items: list[Any] = list_all(table)
            return items
        found = [
            one
            for partition in table.items.values()
            for one in partition.values()
            if _is_in(one, of_index)
        ]
        return sorted(found, key=lambda one: (one.hash_key, one.range_key))

    return all_items


def _is_in(item: Any, conditions: list[tuple[str, Any]]) -> bool:
    for name, wanted in conditions:
        found = item.attrs.get(name)
        if found is None or found.value != wanted.value:
            return False
    return True


def _create_item(create: Any) -> Any:
    """Compute the size of a new item once, and not again for each attribute."""

    def initialize(item: Any, hash_key: Any, range_key: Any, attrs: dict[str, Any]) -> None:
        create(item, hash_key, range_key, {})
        item.attrs = LimitedSizeDict()
        for key, value in attrs.items():
            dict.__setitem__(item.attrs, key, DynamoType(value))
        if item.size() > _ITEM_BYTES:
            raise ItemSizeTooLarge

    return initialize


def _parse_value(parse: Any) -> Any:
    """Read the one member of an attribute value instead of looking for each of the ten."""

    def parse_structure(parser: Any, shape: Any, value: Any) -> Any:
        if not _is_value(shape, value):
            return parse(parser, shape, value)
        parsed = parser.MAP_TYPE()
        for name, content in value.items():
            parsed[name] = parser._parse_shape(shape.members[name], content)
        return parsed

    return parse_structure


def _serialize_value(serialize: Any) -> Any:
    """Write the one member of an attribute value instead of looking for each of the ten."""

    def serialize_structure(writer: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if not key or not _is_value(shape, value):
            serialize(writer, serialized, value, shape, key)
            return
        wrapper = writer.MAP_TYPE()
        for name, content in value.items():
            writer._serialize(wrapper, content, shape.members[name], name)
        writer._default_serialize(serialized, wrapper, shape, key)

    return serialize_structure


def _is_value(shape: Any, value: Any) -> bool:
    """Return whether a value is a well-formed attribute value."""
    return (
        shape.name == "AttributeValue"
        and type(value) is dict
        and all(name in shape.members and content is not None for name, content in value.items())
    )


def _enrich_xml(enrich: Any) -> Any:
    """Search only bodies of XML for the request's id: it takes a second in megabytes of JSON."""

    def enriched(headers: dict[str, str], body: Any) -> tuple[dict[str, str], Any]:
        if isinstance(body, str) and "<RequestId>" not in body:
            headers, _ = enrich(headers, "")
            return headers, body
        enriched: tuple[dict[str, str], Any] = enrich(headers, body)
        return enriched

    return enriched


def _lex_once(lex: Any) -> Any:
    """Split each expression into its words once a process."""
    words: dict[str, tuple[Any, ...]] = {}

    def lexed(parser: Any) -> deque[Any]:
        expression = parser.condition_expression
        if expression not in words:
            words[expression] = tuple(lex(parser))
        return deque(words[expression])

    return lexed


def _alias_once(alias: Any) -> Any:
    """Look up the SDK's name of each event once a process: all its clients have the same ones."""
    names: dict[str, str] = {}

    def aliased(emitter: Any, event_name: str) -> str:
        if event_name not in names:
            names[event_name] = alias(emitter, event_name)
        return names[event_name]

    return aliased
