"""Products, versions, tests and test cases as stored documents, and back.

One mapping for all four: a document holds the fields of the domain object by name. Only
what is not a JSON value, ids and times, is written and read in a form of its own.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from shared.core.clock import moment, timestamp
from shared.core.ids import (
    ApiKeyId,
    OrganizationId,
    ProductId,
    TestCaseId,
    TestId,
    TypedId,
    VersionId,
)
from shared.evaluations.client_ids import read_id
from shared.evaluations.parents import Parent, Product, Test, TestCase, Version
from shared.sessions.documents import list_sort
from shared.storage.records import BY_LINK, BY_LIST, BY_PARENT, Key, Record, Row


@dataclass(frozen=True, slots=True)
class ParentKind[P: Parent]:
    """One of the four.

    Attributes
    ----------
    name
        In keys and types of stored items.
    label
        In messages to people.
    above
        The kind of its own parent, if it has one.
    """

    name: str
    label: str
    entity: type[P]
    id_type: type[TypedId]
    above: "ParentKind[Any] | None" = None

    @property
    def parent_field(self) -> str:
        """Return the field that holds the parent's id; empty without a parent."""
        return f"{self.above.name}_id" if self.above else ""

    def read_id(self, text: str) -> TypedId | None:
        """Return the id a client wrote, or None for a text that is none."""
        return read_id(self.id_type.parse, text)

    def read_ids(self, texts: Iterable[str]) -> list[TypedId]:
        """Return the ids among what a client wrote."""
        return [one for text in texts if (one := self.read_id(text))]


PRODUCTS = ParentKind("product", "Product", Product, ProductId)
VERSIONS = ParentKind("version", "Version", Version, VersionId, PRODUCTS)
TESTS = ParentKind("test", "Test", Test, TestId, PRODUCTS)
TEST_CASES = ParentKind("test-case", "Test case", TestCase, TestCaseId, TESTS)

#: How the values that are not JSON are read, by field.
_READERS: dict[str, Callable[[str], Any]] = {
    "organization_id": OrganizationId.parse,
    "user_id": ApiKeyId.parse,
    "product_id": ProductId.parse,
    "test_id": TestId.parse,
    "created_at": moment,
    "deleted_at": moment,
}


def parent_key(kind: ParentKind[Any], organization_id: OrganizationId, identifier: TypedId) -> Key:
    """Return the primary key of a product, version, test or test case."""
    return Key(f"{organization_id}#{kind.name}#{identifier.hex}", kind.name)


def all_list(kind: ParentKind[Any], organization_id: OrganizationId) -> str:
    """Return the name of the list of all of a kind."""
    return f"{organization_id}#{kind.name}s"


def children_list(
    kind: ParentKind[Any], organization_id: OrganizationId, parent_id: TypedId
) -> str:
    """Return the name of the list of a parent's children of a kind."""
    return f"{organization_id}#{parent_id}#{kind.name}s"


def named_list(kind: ParentKind[Any], organization_id: OrganizationId, name: str) -> str:
    """Return the name of the list of those of a kind that share a name.

    By digest: a name may be longer than a key, and hold what a key cannot.
    """
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()
    return f"{organization_id}#{kind.name}-names#{digest}"


def to_record[P: Parent](kind: ParentKind[P], entity: P) -> Record:
    """Write one of the four as its item."""
    return Record(
        key=parent_key(kind, entity.organization_id, entity.id),
        type=kind.name,
        version=entity.version,
        rows=_rows(kind, entity),
        body={
            field.name: _written(getattr(entity, field.name))
            for field in fields(entity)
            if field.name != "version"
        },
    )


def from_record[P: Parent](kind: ParentKind[P], record: Record) -> P:
    """Read one of the four from its item; fields of a later day keep their defaults."""
    readers = {**_READERS, "id": kind.id_type.parse}
    values = {
        name: readers[name](value) if name in readers and value is not None else value
        for name, value in record.body.items()
    }
    return kind.entity(**values, version=record.version)


def _rows(kind: ParentKind[Any], entity: Any) -> dict[str, Row]:
    organization_id = entity.organization_id
    place = list_sort(entity.created_at, entity.id.hex)
    rows = {BY_LIST: Row(all_list(kind, organization_id), place)}
    if kind.above is not None:
        parent_id = getattr(entity, kind.parent_field)
        rows[BY_PARENT] = Row(children_list(kind, organization_id, parent_id), place)
    if hasattr(entity, "name"):
        rows[BY_LINK] = Row(named_list(kind, organization_id, entity.name), place)
    return rows


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return timestamp(value)
    return str(value) if isinstance(value, TypedId) else value
