"""Where products, versions, tests and test cases are kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
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
from shared.storage.records import BY_LINK, BY_LIST, BY_PARENT, Record
from shared.storage.table import Table
from shared.storage.transactions import Action, Replace, create_together

#: How long the rest of a deleted one stays, in no list and unreadable: so long a repeated
#: create under the same idempotency key makes no second one.
_KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Kept[P: Parent]:
    """One of the four as it is stored: what a writer must hold to change it."""

    kind: ParentKind[P]
    entity: P
    record: Record

    def replaced(self, **changes: Any) -> Replace:
        """Return the action that changes fields, if nobody else writes first."""
        following = to_record(self.kind, replace(self.entity, **changes))
        return Replace(self.record.followed_by(following), self.record.version)

    def marked(self, first_child: str) -> "Kept[P]":
        """Return it as if this were known to have been made below it, which is not written."""
        return replace(self, entity=replace(self.entity, first_child=first_child))

    def adoption(self, child: Any) -> list[Action]:
        """Return what must be written along with a child: nothing, but with the first."""
        return [] if self.entity.first_child else [self.replaced(first_child=str(child))]


class ParentRepository:
    """All four kinds, each by its :class:`ParentKind`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add[P: Parent](
        self,
        kind: ParentKind[P],
        entity: P,
        idempotency: Idempotency | None,
        also: list[Action],
    ) -> tuple[P, bool]:
        """Store a new one: one request. Return it, or what an earlier request made, and which.

        ``also`` is written with it; where that is refused, :class:`Refused` is raised.
        """
        record = to_record(kind, entity)
        if also:
            created = create_together(self._table, record, also, idempotency)
        else:
            created = self._table.create(record, idempotency)
        return from_record(kind, created.record), created.replayed

    def added_before[P: Parent](
        self, kind: ParentKind[P], organization_id: OrganizationId, idempotency: Idempotency
    ) -> P | None:
        """Return what the same request made before, or None: one request."""
        key = parent_key(kind, organization_id, kind.id_type(idempotency.uuid()))
        record = self._table.get(key)
        if record is None:
            return None
        idempotency.check(record.fingerprint)
        return from_record(kind, record.as_created())

    def save[P: Parent](self, kept: Kept[P], **changes: Any) -> Kept[P]:
        """Change fields: one request. Raises ``PreconditionFailed`` if others wrote first."""
        action = kept.replaced(**changes)
        record = self._table.replace(action.record, expected_version=action.expected_version)
        return Kept(kept.kind, from_record(kept.kind, record), record)

    def bury(self, kept: Kept[Any], **changes: Any) -> None:
        """Leave of one what a deletion leaves: in no list, and removed after a while.

        One request. Raises ``PreconditionFailed`` if others wrote first.
        """
        action = kept.replaced(**changes)
        expires_at = self._table.now() + int(_KEPT_FOR.total_seconds())
        grave = replace(action.record, rows={}, expires_at=expires_at)
        self._table.replace(grave, expected_version=action.expected_version)

    def get[P: Parent](
        self, kind: ParentKind[P], organization_id: OrganizationId, identifier: TypedId
    ) -> Kept[P] | None:
        """Read one: one request. None if there is none, or it was deleted."""
        return _alive(kind, self._table.get(parent_key(kind, organization_id, identifier)))

    def get_together(
        self, organization_id: OrganizationId, wanted: Iterable[tuple[ParentKind[Any], TypedId]]
    ) -> dict[TypedId, Kept[Any]]:
        """Read some of any kinds: one request for 100. Those there are not are left out."""
        keys = {parent_key(kind, organization_id, one): (kind, one) for kind, one in wanted}
        found: dict[TypedId, Kept[Any]] = {}
        for key, record in self._table.get_many(keys).items():
            kind, identifier = keys[key]
            if kept := _alive(kind, record):
                found[identifier] = kept
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


def _alive[P: Parent](kind: ParentKind[P], record: Record | None) -> Kept[P] | None:
    entity = from_record(kind, record) if record else None
    if record is None or entity is None or entity.deleted_at is not None:
        return None
    return Kept(kind, entity, record)


def place_of(thing: Any) -> str:
    """Return where a thing stands in order of creation."""
    return list_sort(thing.created_at, thing.id.hex)
