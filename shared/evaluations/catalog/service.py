"""Catalog service: create, get, update, delete and list entities of one kind."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from shared.core.errors import InvalidInput
from shared.core.ids import ApiKeyId, OrganizationId
from shared.evaluations.catalog.children import ChildFinder
from shared.evaluations.catalog.documents import VERSIONS
from shared.evaluations.catalog.domain import CatalogEntity
from shared.evaluations.catalog.filters import CatalogFilter
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.changes import changeable_fields
from shared.evaluations.client_ids import load_all
from shared.evaluations.list_windows import Window, WindowPage, empty_page, entry, read_window
from shared.storage.conditions import ExpectedVersion
from shared.storage.contention import retry_on_contention
from shared.storage.idempotency import Idempotency
from shared.storage.repository import Created
from shared.storage.transactions import Action, write

#: Read-only fields of all kinds, beside the id of the parent.
_READ_ONLY = ("id", "organization_id", "user_id", "created_at", "deleted_at", "facts")


class CatalogService[E: CatalogEntity]:
    """Use cases of one kind of catalog entity; ``parents`` is None for products."""

    def __init__(
        self,
        repository: CatalogRepository[E],
        parents: CatalogRepository[Any] | None,
        children: ChildFinder,
    ) -> None:
        self._repository = repository
        self._kind = repository.kind
        self._parents = parents
        self._children = children

    def create(
        self,
        organization_id: OrganizationId,
        user_id: ApiKeyId,
        fields: dict[str, Any],
        idempotency: Idempotency | None = None,
    ) -> Created[E]:
        """Create an entity: one read of its parent, one write.

        ``fields`` are those of the entity, with the parent's id as the client's text. Raises
        ``NotFound`` for an unknown parent, and as ``Repository.create``.
        """
        id_type = self._kind.id_type
        identifier = id_type(idempotency.uuid()) if idempotency else id_type.new()

        def build() -> tuple[E, Sequence[Action]]:
            values, actions = dict(fields), list[Action]()
            if self._parents is not None:
                field = self._kind.parent_field
                parent = self._parents.load_named(organization_id, fields[field], field)
                values[field] = parent.entity.id
                actions = self._parents.adding_child(parent, identifier)
                if self._kind.type == VERSIONS.type and not fields["name"]:
                    # As the Galtea API does: a version without a name gets its number.
                    siblings = self._repository.count_children(organization_id, parent.entity.id)
                    values["name"] = f"v{siblings + 1}"
            entity = self._kind.entity(
                id=identifier,
                organization_id=organization_id,
                user_id=user_id,
                created_at=self._repository.clock(),
                **values,
            )
            return entity, actions

        key = self._kind.key(organization_id, identifier)
        return self._repository.create(key, build, idempotency)

    def get(self, organization_id: OrganizationId, identifier: str) -> E:
        """Return an entity: one request. Raises ``NotFound``, also for an invalid id."""
        return self._repository.get(organization_id, self._repository.known_id(identifier))

    def update(
        self,
        organization_id: OrganizationId,
        identifier: str,
        fields: dict[str, Any],
        *,
        expected_version: ExpectedVersion = None,
    ) -> E:
        """Change fields: one read, one write; no write where nothing changes.

        Raises ``NotFound``, ``PreconditionFailed``, and ``InvalidInput`` for a field that
        cannot change.
        """
        read_only = (*_READ_ONLY, self._kind.parent_field) if self._parents else _READ_ONLY
        return self._repository.change(
            organization_id,
            self._repository.known_id(identifier),
            lambda entity: replace(entity, **changeable_fields(entity, fields, read_only)),
            expected_version=expected_version,
        )

    def delete(
        self,
        organization_id: OrganizationId,
        identifier: str,
        *,
        expected_version: ExpectedVersion = None,
    ) -> None:
        """Delete an entity without children: one read and one write if it never had any.

        Else its ``first_child`` is cleared before the last look-up of children: from then on
        the create of a child writes the entity too, and fails if the entity is deleted. A
        child is orphaned only if its create read the entity before that and wrote after the
        look-up: a few milliseconds, and only where children were deleted before.

        Raises ``NotFound``, ``PreconditionFailed``, ``Conflict``, and ``InvalidInput`` that
        names the children.
        """
        known = self._repository.known_id(identifier)
        expected, cleared = expected_version, ""

        def attempt() -> None:
            nonlocal expected, cleared
            loaded = self._repository.load(organization_id, known, expected)
            self._reject_children(loaded.entity)
            if loaded.entity.first_child:
                cleared = loaded.entity.first_child
                loaded = self._repository.replace(loaded, replace(loaded.entity, first_child=None))
                expected = loaded.entity.version if expected else None
            if cleared:
                restored = replace(loaded.entity, first_child=cleared)
                if self._children.find(restored):
                    self._repository.replace(loaded, restored)
                    self._reject_children(restored)
            write(self._repository.table, self._repository.deletion(loaded))

        retry_on_contention(self._repository.table.sleep, attempt)

    def find(
        self, organization_id: OrganizationId, accepted: CatalogFilter, window: Window
    ) -> WindowPage[E]:
        """Return a page of a list. Raises ``NotFound`` if one of ``ids`` does not exist."""
        parent_ids = self._kind.parent.parse_ids(accepted.parent_ids) if self._kind.parent else []
        if accepted.parent_ids and not parent_ids:
            return empty_page()

        def passes(entity: E) -> bool:
            return (
                (not parent_ids or getattr(entity, self._kind.parent_field) in parent_ids)
                and accepted.passes(entity)
                and window.includes(entity.created_at)
            )

        if accepted.ids:
            load = partial(self._repository.load_many, organization_id)
            found = load_all(self._kind.id_type.parse, accepted.ids, load, self._kind.label.lower())
            entries = window.sort(map(entry, found.values()))
        else:
            entries = self._repository.find(organization_id, accepted, window)
        return read_window(entries, window, passes)

    def _reject_children(self, entity: E) -> None:
        if found := self._children.find(entity):
            label = self._kind.label.lower()
            raise InvalidInput(
                f"id: the {label} has {'; '.join(found)}; delete its children first."
            )
