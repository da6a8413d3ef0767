"""A stored item, and its form in DynamoDB's attribute values.

What a document says is one JSON string, ``body``: written and read whole, without loss of
number types, in one step. Only what a key, a condition or a stream filter needs stands
beside it as an attribute of its own.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shared.core.json import dumps, loads

type AttributeValues = dict[str, Any]

#: The sparse indexes of the table, as template.yaml declares them.
BY_LIST = "by_list"
BY_PARENT = "by_parent"
BY_LINK = "by_link"
#: What the names of an index's two key attributes begin with.
PREFIX = {BY_LIST: "list", BY_PARENT: "parent", BY_LINK: "link"}


@dataclass(frozen=True, slots=True)
class Key:
    """The primary key of an item."""

    partition: str
    sort: str

    def attributes(self) -> AttributeValues:
        return {"pk": {"S": self.partition}, "sk": {"S": self.sort}}


@dataclass(frozen=True, slots=True)
class Row:
    """A place in an index: the list it belongs to, and where it stands in it.

    ``list`` starts with the organisation. ``sort`` is unique within the list and sorts it.
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
        What the body is, and which of its written forms; a repository reads all forms
        ever written.
    version
        Counts the writes of this item, from 1; guards it against lost updates.
    rows
        The index rows, by index name. An item without a row is not in that index.
    marks
        Further attributes that a stream filter looks at.
    expires_at
        Seconds since the epoch after which the item does not exist any more.
    fingerprint, original
        Of an item made under an idempotency key: the payload's digest, and, once the
        item has been changed, the body it was created with, so that a replay is answered
        as the first time.
    size
        Bytes of the body's JSON in an item that was read; 0 in one to be written.
    """

    key: Key
    type: str
    body: dict[str, Any]
    schema_version: int = 1
    version: int = 1
    rows: Mapping[str, Row] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    expires_at: int | None = None
    fingerprint: str | None = None
    original: dict[str, Any] | None = None
    size: int = field(default=0, compare=False)

    def as_created(self) -> "Record":
        """Return the record as it was when it was created."""
        if self.original is None:
            return self
        return replace(self, body=self.original, original=None, version=1)

    def followed_by(self, following: "Record") -> "Record":
        """Return the record that takes this one's place, keeping what a replay needs."""
        original = self.original
        if original is None and self.fingerprint is not None:
            original = self.body
        return replace(following, fingerprint=self.fingerprint, original=original)


def to_item(record: Record, *, shards: int) -> AttributeValues:
    """Write a record as attribute values."""
    item: AttributeValues = {
        **record.key.attributes(),
        "type": {"S": record.type},
        "schema_version": {"N": str(record.schema_version)},
        "version": {"N": str(record.version)},
        "body": {"S": dumps(record.body)},
    }
    for index, row in record.rows.items():
        prefix = PREFIX[index]
        item[f"{prefix}_pk"] = {"S": row.partition(shards)}
        item[f"{prefix}_sk"] = {"S": row.sort}
    for name, value in record.marks.items():
        item[f"mark_{name}"] = {"S": value}
    if record.expires_at is not None:
        item["expires_at"] = {"N": str(record.expires_at)}
    if record.fingerprint is not None:
        item["fingerprint"] = {"S": record.fingerprint}
    if record.original is not None:
        item["original"] = {"S": dumps(record.original)}
    return item


def from_item(item: AttributeValues) -> Record:
    """Read what :func:`to_item` wrote (also from a stream's image)."""
    body = item["body"]["S"]
    return Record(
        key=Key(item["pk"]["S"], item["sk"]["S"]),
        type=item["type"]["S"],
        schema_version=int(item["schema_version"]["N"]),
        version=int(item["version"]["N"]),
        body=loads(body),
        size=len(body.encode()),
        rows={
            index: Row(item[f"{prefix}_pk"]["S"].rpartition("#")[0], item[f"{prefix}_sk"]["S"])
            for index, prefix in PREFIX.items()
            if f"{prefix}_pk" in item
        },
        marks={
            name.removeprefix("mark_"): value["S"]
            for name, value in item.items()
            if name.startswith("mark_")
        },
        expires_at=int(item["expires_at"]["N"]) if "expires_at" in item else None,
        fingerprint=item["fingerprint"]["S"] if "fingerprint" in item else None,
        original=loads(item["original"]["S"]) if "original" in item else None,
    )
