"""What can be done with products, versions, tests and test cases: the same for all four."""

import time
from dataclasses import dataclass, replace
from typing import Any

from shared.core.backoff import CROWDED, Sleep
from shared.core.clock import Clock, system_clock
from shared.core.errors import (
    Busy,
    Conflict,
    DomainError,
    InvalidInput,
    NotFound,
    PreconditionFailed,
)
from shared.core.ids import ApiKeyId, OrganizationId
from shared.evaluations.changes import without_fixed
from shared.evaluations.filters import Listed, ParentFilter, Window, page
from shared.evaluations.offspring import Offspring
from shared.evaluations.parent_documents import VERSIONS, ParentKind
from shared.evaluations.parent_repository import Kept, ParentRepository, place_of
from shared.evaluations.parents import Parent
from shared.storage.idempotency import Idempotency
from shared.storage.transactions import Refused

_TOO_MANY = "Others are writing at it; try again."
#: What never changes of any of the four, beside the id of its parent.
_FIXED = ("id", "organization_id", "user_id", "created_at", "deleted_at")


@dataclass(frozen=True, slots=True)
class Made[P: Parent]:
    """What a create left, and whether an earlier request had made it."""

    entity: P
    replayed: bool


class ParentService:
    """Products, versions, tests and test cases."""

    def __init__(
        self,
        repository: ParentRepository,
        offspring: Offspring,
        clock: Clock = system_clock,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._repository = repository
        self._offspring = offspring
        self._clock = clock
        self._sleep = sleep

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
        identifier = kind.id_type(idempotency.uuid()) if idempotency else kind.id_type.new()
        for _ in CROWDED.attempts(self._sleep):
            try:
                above = self._above(kind, organization_id, fields)
            except DomainError:
                earlier = idempotency and self._repository.added_before(
                    kind, organization_id, idempotency
                )
                if not earlier:
                    raise
                return Made(earlier, replayed=True)
            entity = kind.entity(
                id=identifier,
                organization_id=organization_id,
                user_id=user_id,
                created_at=self._clock(),
                **self._completed(kind, organization_id, fields, above),
            )
            also = above.adoption(identifier) if above else []
            try:
                return Made(*self._repository.add(kind, entity, idempotency, also))
            except Refused:
                continue  # the parent was written to meanwhile: by a sibling, or deleted
        raise Conflict(_TOO_MANY)

    def get[P: Parent](
        self, kind: ParentKind[P], organization_id: OrganizationId, identifier: str
    ) -> P:
        """Read one. Raises ``NotFound``, also for an id of another form."""
        return self._kept(kind, organization_id, identifier).entity

    def update[P: Parent](
        self,
        kind: ParentKind[P],
        organization_id: OrganizationId,
        identifier: str,
        told: dict[str, Any],
        *,
        expected_version: int | None = None,
    ) -> P:
        """Change what was told, by field: one read, one write.

        Raises ``NotFound``, ``InvalidInput`` for a field that cannot change, and
        ``PreconditionFailed`` when it is not at the expected version.
        """
        fixed = (*_FIXED, kind.parent_field) if kind.above else _FIXED
        for _ in CROWDED.attempts(self._sleep):
            kept = self._kept(kind, organization_id, identifier, expected_version)
            changes = without_fixed(kept.entity, told, fixed)
            if replace(kept.entity, **changes) == kept.entity:
                return kept.entity
            try:
                return self._repository.save(kept, **changes).entity
            except (PreconditionFailed, Busy):
                continue
        raise Conflict(_TOO_MANY)

    def delete(
        self,
        kind: ParentKind[Any],
        organization_id: OrganizationId,
        identifier: str,
        *,
        expected_version: int | None = None,
    ) -> None:
        """Delete one that nothing stands below. Raises ``InvalidInput`` naming what does.

        One read and one write where there never was anything below. Else the mark of the
        first child is taken off before the last look: from then on whoever makes a child
        has to write here, and one of the two fails. What slips through is a child whose
        maker had read the mark before and wrote after that look: a few milliseconds, and
        only where others were made and deleted earlier. Raises ``Conflict`` when others keep
        writing at it.
        """
        taken_off: str | None = None
        for _ in CROWDED.attempts(self._sleep):
            kept = self._kept(kind, organization_id, identifier, expected_version)
            self._refuse_with_children(kept)
            try:
                if first_child := kept.entity.first_child:
                    kept = self._repository.save(kept, first_child=None)
                    expected_version = kept.entity.version if expected_version else None
                    taken_off = first_child
                if taken_off and self._offspring.of(kept.marked(taken_off)):
                    kept = self._repository.save(kept, first_child=taken_off)
                    expected_version = kept.entity.version if expected_version else None
                    continue  # a child came after all: looked at anew, it is refused
                self._repository.bury(kept, deleted_at=self._clock())
            except (PreconditionFailed, Busy):
                continue
            else:
                return
        raise Conflict(_TOO_MANY)

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
                (not parent_ids or getattr(entity, kind.parent_field) in parent_ids)
                and wanted.passes(entity)
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
        return [kept.entity for kept in found.values()]

    def _kept[P: Parent](
        self,
        kind: ParentKind[P],
        organization_id: OrganizationId,
        identifier: str,
        expected_version: int | None = None,
    ) -> Kept[P]:
        known = kind.read_id(identifier)
        kept = self._repository.get(kind, organization_id, known) if known else None
        if kept is None:
            raise NotFound(f"{kind.label} not found")
        if expected_version is not None and kept.entity.version != expected_version:
            raise PreconditionFailed
        return kept

    def _above(
        self, kind: ParentKind[Any], organization_id: OrganizationId, fields: dict[str, Any]
    ) -> Kept[Any] | None:
        above = kind.above
        if above is None:
            return None
        known = above.read_id(fields[kind.parent_field])
        kept = self._repository.get(above, organization_id, known) if known else None
        if kept is None:
            raise NotFound(f"{above.name}Id: {above.label.lower()} not found")
        return kept

    def _completed(
        self,
        kind: ParentKind[Any],
        organization_id: OrganizationId,
        fields: dict[str, Any],
        above: Kept[Any] | None,
    ) -> dict[str, Any]:
        """Return the fields with the parent's id as one, and a version's name."""
        if above is None:
            return fields
        fields = {**fields, kind.parent_field: above.entity.id}
        if kind is VERSIONS and not fields["name"]:
            # As the Galtea API does, which gives a version without a name its number.
            siblings = self._repository.count_children(kind, organization_id, above.entity.id)
            fields["name"] = f"v{siblings + 1}"
        return fields

    def _refuse_with_children(self, kept: Kept[Any]) -> None:
        if found := self._offspring.of(kept):
            label = kept.kind.label.lower()
            raise InvalidInput(
                f"id: the {label} cannot be deleted while it has {'; '.join(map(str, found))}."
            )
