"""Records: stored items, and their form in DynamoDB's attribute values.

The document of an entity is one JSON string, ``body``: written and read whole, without loss
of number types, in one step; compressed where that saves a write unit. Only what a key, a
condition or a stream filter needs stands beside it as an attribute of its own.
"""

import zlib
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.core.json import dumps, loads
from shared.storage.packing import pack, unpack

type AttributeValues = dict[str, Any]

#: The sparse indexes of the table, as template.yaml declares them.
BY_LIST = "by_list"
BY_PARENT = "by_parent"
BY_LINK = "by_link"
#: Lists of the whole stack, which the scheduled functions read. It holds keys only: a write that
#: does not change an entry does not write the index.
BY_WORK = "by_work"
#: Prefix of the names of an index's two key attributes.
PREFIX = {BY_LIST: "list", BY_PARENT: "parent", BY_LINK: "link", BY_WORK: "work"}
#: Keys whose text is part of a packed document's dictionary. It must not change, nor its order:
#: stored documents need it.
_PACKED_WITH = (
    "pk",
    "list_pk",
    "list_sk",
    "parent_pk",
    "parent_sk",
    "link_pk",
    "link_sk",
    "work_pk",
    "work_sk",
)
#: Bytes of an item for one write unit, and of an item at most. The limit holds for the document as
#: it is read: one that only fits compressed might not fit into a response.
_WRITE_UNIT, _MAX_BYTES = 1024, 400 * 1024
#: Partitions of each list in ``by_work``, whatever the shards of other lists. It may grow at
#: any time; it must not shrink.
WORK_SHARDS = 64


@dataclass(frozen=True, slots=True)
class Key:
    """The primary key of an item."""

    partition: str
    sort: str

    def attributes(self) -> AttributeValues:
        return {"pk": {"S": self.partition}, "sk": {"S": self.sort}}


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """The entry of an item in an index: its list, and its sort key there.

    ``list`` starts with the organization, or with ``stack`` for a list of the whole stack.
    ``sort`` is unique within the list.
    """

    list: str
    sort: str

    def partition(self, shards: int) -> str:
        """Return the index partition: a list is spread evenly over its shards."""
        return f"{self.list}#{zlib.crc32(self.sort.encode()) % shards}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One item of the table.

    Attributes
    ----------
    type, schema_version
        Kind of the body, and its written form; a repository reads all forms ever written.
    version
        Number of writes of this item, from 1; guards against lost updates.
    index_entries
        Entries by index name. An item without an entry is not in that index.
    stream_attributes
        Further attributes, for stream filters.
    expires_at
        Seconds since the epoch after which the item does not exist any more.
    fingerprint
        Digest of the payload, of an item created under an idempotency key.
    original
        The body at creation, in items that an earlier version of this code has changed;
        now it is an item of its own (see ``repository``).
    size
        Bytes of the body's JSON in an item that was read, not compressed; 0 in one to be written.
    """

    key: Key
    type: str
    body: dict[str, Any]
    schema_version: int = 1
    version: int = 1
    index_entries: Mapping[str, IndexEntry] = field(default_factory=dict)
    stream_attributes: Mapping[str, str] = field(default_factory=dict)
    expires_at: int | None = None
    fingerprint: str | None = None
    original: dict[str, Any] | None = None
    size: int = field(default=0, compare=False)


def to_item(record: Record, *, shards: int, write_id: str | None = None) -> AttributeValues:
    """Return a record as attribute values; ``write_id`` identifies a write that is repeated."""
    item: AttributeValues = {
        **record.key.attributes(),
        "type": {"S": record.type},
        "schema_version": {"N": str(record.schema_version)},
        "version": {"N": str(record.version)},
    }
    for index, entry in record.index_entries.items():
        prefix = PREFIX[index]
        number = WORK_SHARDS if index == BY_WORK else shards
        item[f"{prefix}_pk"] = {"S": entry.partition(number)}
        item[f"{prefix}_sk"] = {"S": entry.sort}
    for name, value in record.stream_attributes.items():
        item[f"mark_{name}"] = {"S": value}
    if record.expires_at is not None:
        item["expires_at"] = {"N": str(record.expires_at)}
    if record.fingerprint is not None:
        item["fingerprint"] = {"S": record.fingerprint}
    if record.original is not None:
        item["original"] = {"S": dumps(record.original)}
    if write_id is not None:
        item["write_id"] = {"S": write_id}
    item["body"] = _body(dumps(record.body), item)
    return item


def from_item(item: AttributeValues) -> Record:
    """Return the record that :func:`to_item` wrote (also from a stream's image)."""
    body = body_text(item)
    return Record(
        key=Key(item["pk"]["S"], item["sk"]["S"]),
        type=item["type"]["S"],
        schema_version=int(item["schema_version"]["N"]),
        version=int(item["version"]["N"]),
        body=loads(body),
        size=len(body.encode()),
        index_entries={
            index: IndexEntry(
                item[f"{prefix}_pk"]["S"].rpartition("#")[0], item[f"{prefix}_sk"]["S"]
            )
            for index, prefix in PREFIX.items()
            if f"{prefix}_pk" in item
        },
        stream_attributes={
            name.removeprefix("mark_"): value["S"]
            for name, value in item.items()
            if name.startswith("mark_")
        },
        expires_at=int(item["expires_at"]["N"]) if "expires_at" in item else None,
        fingerprint=item["fingerprint"]["S"] if "fingerprint" in item else None,
        original=loads(item["original"]["S"]) if "original" in item else None,
    )


def _body(text: str, others: AttributeValues) -> dict[str, Any]:
    """Return the attribute value of a document; ``others`` are the item's other attributes."""
    size = len("body") + sum(
        len(name) + len(text.encode()) for name, value in others.items() for text in value.values()
    )
    plain = size + len(text.encode())
    if _WRITE_UNIT < plain <= _MAX_BYTES:
        packed = pack(text, _keys(others))
        if (size + len(packed) - 1) // _WRITE_UNIT < (plain - 1) // _WRITE_UNIT:
            return {"B": packed}
    return {"S": text}


def body_text(item: AttributeValues) -> str:
    """Return the JSON of an item's document."""
    body = item["body"]
    if "S" in body:
        return body["S"]  # type: ignore[no-any-return]  # untyped attribute values
    packed = body["B"]
    # Base64 in a stream's image, and in an answer that our own parser has read.
    return unpack(b64decode(packed) if isinstance(packed, str) else packed, _keys(item))


def _keys(item: AttributeValues) -> str:
    """Return the text of an item's keys, which its document repeats."""
    return "\n".join(item[name]["S"] for name in _PACKED_WITH if name in item)
