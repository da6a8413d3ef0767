"""What can be done with products, versions, tests and test cases: the same for all four."""

from dataclasses import dataclass
from typing import Any

from shared.core.clock import Clock, system_clock
from shared.core.errors import NotFound
from shared.core.ids import ApiKeyId, OrganizationId, TypedId
from shared.evaluations.filters import Listed, ParentFilter, Window, page
from shared.evaluations.parent_documents import VERSIONS, ParentKind
from shared.evaluations.parent_repository import ParentRepository, place_of
from shared.evaluations.parents import Parent
from shared.storage.idempotency import Idempotency


@dataclass(frozen=True, slots=True)
class Made[P: Parent]:
    """What a create left, and whether an earlier request had made it."""

    entity: P
    replayed: bool


class ParentService:
    """Products, versions, tests and test cases."""

    def __init__(self, repository: ParentRepository, clock: Clock = system_clock) -> None:
        self._repository = repository
        self._clock = clock

    def create[P: Parent](
        self,
        kind: ParentKind[P],
        organization_id: OrganizationId,
        user_id: ApiKeyId,
        fields: dict[str, Any],
        idempotency: Idempotency | None = None,
    ) -> Made[P]:
        """Store a new one under its parent.

        ``fields`` are those of the domain object; its parent's id is text, not yet looked
        up. Raises ``NotFound`` when the parent does not exist.
        """
        if kind.above is not None:
            parent_id = self._parent_id(kind.above, organization_id, fields[kind.parent_field])
            fields = {**fields, kind.parent_field: parent_id}
        if kind is VERSIONS and not fields["name"]:
            # As the Galtea API does, which gives a version without a name its number.
            siblings = self._repository.count_children(kind, organization_id, fields["product_id"])
            fields["name"] = f"v{siblings + 1}"
        entity = kind.entity(
            id=kind.id_type(idempotency.uuid()) if idempotency else kind.id_type.new(),
            organization_id=organization_id,
            user_id=user_id,
            created_at=self._clock(),
            **fields,
        )
        return Made(*self._repository.add(kind, entity, idempotency))

    def get[P: Parent](
        self, kind: ParentKind[P], organization_id: OrganizationId, identifier: str
    ) -> P:
        """Read one. Raises ``NotFound``, also for an id of another form."""
        known = kind.read_id(identifier)
        entity = self._repository.get(kind, organization_id, known) if known else None
        if entity is None:
            raise NotFound(f"{kind.label} not found")
        return entity

    def find[P: Parent](
        self,
        kind: ParentKind[P],
        organization_id: OrganizationId,
        wanted: ParentFilter,
        window: Window,
    ) -> Listed[P]:
        """Read a page. Raises ``NotFound`` when one of ``ids`` does not exist."""
        parent_ids = kind.above.read_ids(wanted.parent_ids) if kind.above else []
        if wanted.parent_ids and not parent_ids:
            return Listed([], None)

        def passes(entity: Any) -> bool:
            return (
                (not wanted.names or entity.name in wanted.names)
                and (not parent_ids or getattr(entity, kind.parent_field) in parent_ids)
                and (not wanted.types or entity.type in wanted.types)
                and window.created_within(entity.created_at)
            )

        if wanted.ids:
            rows = window.arranged(self._by_ids(kind, organization_id, wanted.ids), place_of)
        else:
            rows = self._repository.listed(kind, organization_id, wanted, window)
        return page(rows, window, passes, place_of)

    def _by_ids[P: Parent](
        self, kind: ParentKind[P], organization_id: OrganizationId, ids: tuple[str, ...]
    ) -> list[P]:
        known = [(kind, one) for text in ids if (one := kind.read_id(text))]
        found = self._repository.get_together(organization_id, known)
        for text in ids:
            if kind.read_id(text) not in found:
                raise NotFound(f"ids: {kind.label.lower()} not found: {text[:60]}")
        return list(found.values())

    def _parent_id(
        self, kind: ParentKind[Any], organization_id: OrganizationId, text: str
    ) -> TypedId:
        known = kind.read_id(text)
        if known is None or self._repository.get(kind, organization_id, known) is None:
            raise NotFound(f"{kind.name}Id: {kind.label.lower()} not found")
        return known
