"""Catalog repository: entities of one kind, by id, parent and name."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pydantic.alias_generators import to_camel

from shared.core.clock import Clock, system_clock
from shared.core.errors import NotFound
from shared.core.ids import OrganizationId, TypedId
from shared.evaluations.catalog.documents import CatalogKind
from shared.evaluations.catalog.domain import CatalogEntity
from shared.evaluations.catalog.filters import CatalogFilter
from shared.evaluations.client_ids import known_id
from shared.evaluations.list_names import children_list
from shared.evaluations.list_windows import Entry, Window, entry
from shared.storage.lists import ListQuery, count, merged
from shared.storage.records import BY_LINK, BY_LIST, BY_PARENT, Key
from shared.storage.repository import Loaded, Repository
from shared.storage.table import Table
from shared.storage.transactions import Action


class CatalogRepository[E: CatalogEntity](Repository[E, TypedId]):
    """Catalog entities of one kind."""

    def __init__(self, table: Table, kind: CatalogKind[E], clock: Clock = system_clock) -> None:
        super().__init__(table, kind, clock)
        self.kind = kind

    def known_id(self, text: str) -> TypedId:
        """Return the id in a client's text. Raises ``NotFound``."""
        return known_id(self.kind.id_type.parse, text, f"{self.kind.label} not found")

    def key_of(self, organization_id: OrganizationId, text: str | None) -> Key | None:
        """Return the key of the entity that a client's text names, if it is an id."""
        identifier = self.kind.parse_id(text) if text else None
        return self.kind.key(organization_id, identifier) if identifier else None

    def load_named(self, organization_id: OrganizationId, text: str, field: str) -> Loaded[E]:
        """Return the entity that a field of a request names. Raises ``NotFound``."""
        try:
            return self.load(organization_id, self.known_id(text))
        except NotFound as error:
            raise NotFound(f"{to_camel(field)}: {self.kind.label.lower()} not found") from error

    def adding_child(self, parent: Loaded[E], child: TypedId) -> list[Action]:
        """Return the actions to write with a new child: none but for the first one."""
        if parent.entity.first_child:
            return []
        return self.replacement(parent, replace(parent.entity, first_child=str(child)))

    def find(
        self, organization_id: OrganizationId, accepted: CatalogFilter, window: Window
    ) -> Iterator[Entry[E]]:
        """Yield a list in the window's order, from the index that has the fewest others.

        One query a shard for each name or, without names, for each parent.
        """
        if accepted.names:
            index = BY_LINK
            names = [self.kind.list_of_name(organization_id, name) for name in accepted.names]
        elif accepted.parent_ids:
            index, names = BY_PARENT, self._children_lists(organization_id, accepted.parent_ids)
        else:
            index, names = BY_LIST, [self.kind.list_of_all(organization_id)]
        queries = [window.query(name, index) for name in names]
        records = merged(self.table, queries, window.offset + window.limit + 1)
        return (entry(Loaded(self.kind.from_record(record), record)) for record in records)

    def ids_of_children(
        self, organization_id: OrganizationId, parent_ids: Iterable[str], limit: int
    ) -> list[TypedId] | None:
        """Return the ids of these parents' children, or None if they are more than ``limit``."""
        found: list[TypedId] = []
        names = self._children_lists(organization_id, parent_ids)
        queries = [ListQuery(list=name, index=BY_PARENT) for name in names]
        for record in merged(self.table, queries, limit + 1):
            if len(found) == limit:
                return None
            found.append(self.kind.from_record(record).id)
        return found

    def count_children(self, organization_id: OrganizationId, parent_id: TypedId) -> int:
        """Return the number of a parent's children: one query a shard."""
        name = children_list(organization_id, parent_id, self.kind.type)
        return count(self.table, ListQuery(list=name, index=BY_PARENT))

    def _children_lists(
        self, organization_id: OrganizationId, parent_ids: Iterable[str]
    ) -> list[str]:
        """Return the lists of the children of these parents; products have no parents."""
        parents = self.kind.parent.parse_ids(parent_ids) if self.kind.parent else []
        return [children_list(organization_id, one, self.kind.type) for one in parents]
