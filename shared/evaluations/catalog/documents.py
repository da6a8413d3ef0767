"""Catalog entities as stored documents, and back.

One mapping for all four kinds: a document has the fields of the entity by name; ids and times
are stored as text.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import fields
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
from shared.evaluations.catalog.domain import CatalogEntity, Product, Test, TestCase, Version
from shared.evaluations.client_ids import parse_id
from shared.evaluations.list_names import children_list, creation_key
from shared.storage.codec import Codec
from shared.storage.records import BY_LINK, BY_LIST, BY_PARENT, IndexEntry, Key, Record

#: Parsers of the fields that are stored as text, beside ``id``.
_PARSERS: dict[str, Callable[[str], Any]] = {
    "organization_id": OrganizationId.parse,
    "user_id": ApiKeyId.parse,
    "product_id": ProductId.parse,
    "test_id": TestId.parse,
    "created_at": moment,
    "deleted_at": moment,
}


class CatalogKind[E: CatalogEntity](Codec[E, TypedId]):
    """Kind of catalog entity, and its codec; ``parent`` is the kind of its parent, if any."""

    def __init__(
        self,
        type_: str,
        label: str,
        entity: type[E],
        id_type: type[TypedId],
        parent: "CatalogKind[Any] | None" = None,
    ) -> None:
        self.type = type_
        self.label = label
        self.entity = entity
        self.id_type = id_type
        self.parent = parent
        #: Field of the parent's id; empty without a parent.
        self.parent_field = f"{parent.type}_id" if parent else ""
        self._parsers = _PARSERS | {"id": id_type.parse}

    def parse_id(self, text: str) -> TypedId | None:
        """Return the id in a client's text, or None if it is not one."""
        return parse_id(self.id_type.parse, text)

    def parse_ids(self, texts: Iterable[str]) -> list[TypedId]:
        """Return the valid ids among a client's texts."""
        return [one for text in texts if (one := self.parse_id(text))]

    def key(self, organization_id: OrganizationId, identifier: TypedId) -> Key:
        return Key(f"{organization_id}#{self.type}#{identifier.hex}", self.type)

    def list_of_all(self, organization_id: OrganizationId) -> str:
        """Return the name of the list of all entities of this kind."""
        return f"{organization_id}#{self.type}s"

    def list_of_name(self, organization_id: OrganizationId, name: str) -> str:
        """Return the name of the list of the entities that share a name.

        It has a digest, because a name may be longer than a key.
        """
        digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()
        return f"{organization_id}#{self.type}-names#{digest}"

    def to_record(self, entity: E) -> Record:
        return Record(
            key=self.key(entity.organization_id, entity.id),
            type=self.type,
            version=entity.version,
            index_entries=self._index_entries(entity),
            body={
                field.name: _to_json(getattr(entity, field.name))
                for field in fields(entity)
                if field.name != "version"
            },
        )

    def from_record(self, record: Record) -> E:
        # Fields that were added later keep their defaults.
        values: dict[str, Any] = {
            name: self._parsers[name](value) if name in self._parsers and value else value
            for name, value in record.body.items()
        }
        return self.entity(**values, version=record.version)

    def _index_entries(self, entity: Any) -> dict[str, IndexEntry]:
        organization_id, sort = entity.organization_id, creation_key(entity)
        entries = {BY_LIST: IndexEntry(self.list_of_all(organization_id), sort)}
        if self.parent is not None:
            parent_id = getattr(entity, self.parent_field)
            name = children_list(organization_id, parent_id, self.type)
            entries[BY_PARENT] = IndexEntry(name, sort)
        if hasattr(entity, "name"):
            entries[BY_LINK] = IndexEntry(self.list_of_name(organization_id, entity.name), sort)
        return entries


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return timestamp(value)
    return str(value) if isinstance(value, TypedId) else value


PRODUCTS = CatalogKind("product", "Product", Product, ProductId)
VERSIONS = CatalogKind("version", "Version", Version, VersionId, PRODUCTS)
TESTS = CatalogKind("test", "Test", Test, TestId, PRODUCTS)
TEST_CASES = CatalogKind("test-case", "Test case", TestCase, TestCaseId, TESTS)
