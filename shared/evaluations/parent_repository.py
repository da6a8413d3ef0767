"""Where products, versions, tests and test cases are kept."""

from collections.abc import Iterable, Iterator
from typing import Any

from shared.core.ids import OrganizationId, TypedId
from shared.evaluations.filters import ParentFilter, Window
from shared.evaluations.parent_documents import (
    ParentKind,
    all_list,
    children_list,
    from_record,
    named_list,
    parent_key,
    to_record,
)
from shared.evaluations.parents import Parent
from shared.sessions.documents import list_sort
from shared.storage.idempotency import Idempotency
from shared.storage.lists import ListQuery, count, merged
from shared.storage.records import BY_LINK, BY_LIST, BY_PARENT
from shared.storage.table import Table


class ParentRepository:
    """All four kinds, each by its :class:`ParentKind`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add[P: Parent](
        self, kind: ParentKind[P], entity: P, idempotency: Idempotency | None
    ) -> tuple[P, bool]:
        """Store a new one: one request. Return it, or what an earlier request made, and which."""
        created = self._table.create(to_record(kind, entity), idempotency)
        return from_record(kind, created.record), created.replayed

    def get[P: Parent](
        self, kind: ParentKind[P], organization_id: OrganizationId, identifier: TypedId
    ) -> P | None:
        """Read one: one request. None if there is none, or it was deleted."""
        record = self._table.get(parent_key(kind, organization_id, identifier))
        entity = from_record(kind, record) if record else None
        return entity if entity and entity.deleted_at is None else None

    def get_together(
        self, organization_id: OrganizationId, wanted: Iterable[tuple[ParentKind[Any], TypedId]]
    ) -> dict[TypedId, Any]:
        """Read some of any kinds: one request for 100. Those there are not are left out."""
        keys = {parent_key(kind, organization_id, one): (kind, one) for kind, one in wanted}
        found: dict[TypedId, Any] = {}
        for key, record in self._table.get_many(keys).items():
            kind, identifier = keys[key]
            entity = from_record(kind, record)
            if entity.deleted_at is None:
                found[identifier] = entity
        return found

    def listed[P: Parent](
        self,
        kind: ParentKind[P],
        organization_id: OrganizationId,
        wanted: ParentFilter,
        window: Window,
    ) -> Iterator[P]:
        """Read a list in the window's order, from the index that holds the fewest others.

        One query a shard for each name, or else each parent, asked for.
        """
        if wanted.names:
            index = BY_LINK
            names = [named_list(kind, organization_id, name) for name in wanted.names]
        elif wanted.parent_ids and kind.above is not None:
            index = BY_PARENT
            parents = kind.above.read_ids(wanted.parent_ids)
            names = [children_list(kind, organization_id, parent) for parent in parents]
        else:
            index, names = BY_LIST, [all_list(kind, organization_id)]
        queries = [window.query(name, index) for name in names]
        records = merged(self._table, queries, window.offset + window.limit + 1)
        return (from_record(kind, record) for record in records)

    def children[P: Parent](
        self,
        kind: ParentKind[P],
        organization_id: OrganizationId,
        parent_ids: Iterable[TypedId],
        most: int,
    ) -> list[P] | None:
        """Read the children of some parents, or None if they are more than ``most``."""
        found: list[P] = []
        queries = [
            ListQuery(list=children_list(kind, organization_id, parent_id), index=BY_PARENT)
            for parent_id in parent_ids
        ]
        for record in merged(self._table, queries, most + 1):
            if len(found) == most:
                return None
            found.append(from_record(kind, record))
        return found

    def count_children(
        self, kind: ParentKind[Any], organization_id: OrganizationId, parent_id: TypedId
    ) -> int:
        """Count the children of a parent: one query a shard."""
        name = children_list(kind, organization_id, parent_id)
        return count(self._table, ListQuery(list=name, index=BY_PARENT))


def place_of(thing: Any) -> str:
    """Return where a thing stands in order of creation."""
    return list_sort(thing.created_at, thing.id.hex)
