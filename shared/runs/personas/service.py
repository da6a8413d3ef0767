"""Persona service: create, get, list, update, delete."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from shared.core.clock import Clock, system_clock
from shared.core.ids import OrganizationId, new_uuid
from shared.runs.personas.documents import persona_list
from shared.runs.personas.domain import Persona, PersonaContent, PersonaQuery
from shared.storage.conditions import ExpectedVersion
from shared.storage.idempotency import Idempotency
from shared.storage.lists import ListQuery, Page
from shared.storage.repository import Created, Repository


class PersonaService:
    """Personas of an organization.

    Methods that take a persona's id raise ``NotFound`` if it does not exist or belongs to
    another organization; those that take an expected version raise ``PreconditionFailed`` at
    another.
    """

    def __init__(self, personas: Repository[Persona, UUID], clock: Clock = system_clock) -> None:
        self._personas = personas
        self._clock = clock

    def create(
        self,
        organization_id: OrganizationId,
        created_by: str,
        content: PersonaContent,
        idempotency: Idempotency | None = None,
    ) -> Created[Persona]:
        """Create a persona: one write. Raises ``TooLarge`` above the item limit."""
        now = self._clock()
        persona = Persona(
            id=idempotency.uuid() if idempotency else new_uuid(),
            organization_id=organization_id,
            content=content,
            created_by=created_by,
            created_at=now,
            updated_at=now,
        )
        key = self._personas.codec.key(organization_id, persona.id)
        return self._personas.create(key, lambda: (persona, ()), idempotency)

    def get(self, organization_id: OrganizationId, persona_id: UUID) -> Persona:
        """Return a persona: one read."""
        return self._personas.get(organization_id, persona_id)

    def list(self, organization_id: OrganizationId, query: PersonaQuery) -> Page[Persona]:
        """Return a page of the personas that match, newest first; see ``read_filtered``."""
        personas = ListQuery(list=persona_list(organization_id), after=query.after)
        return self._personas.filtered_page(personas, query.limit, query.matches)

    def update(
        self,
        organization_id: OrganizationId,
        persona_id: UUID,
        changes: dict[str, Any],
        expected_version: ExpectedVersion = None,
    ) -> Persona:
        """Set fields of ``PersonaContent``: one read, one write."""
        now = self._clock()
        return self._personas.change(
            organization_id,
            persona_id,
            lambda one: replace(one, content=replace(one.content, **changes), updated_at=now),
            expected_version=expected_version,
        )

    def delete(
        self,
        organization_id: OrganizationId,
        persona_id: UUID,
        expected_version: ExpectedVersion = None,
    ) -> None:
        """Delete a persona: one read, one write. Simulations that began with it continue."""
        self._personas.delete(organization_id, persona_id, expected_version=expected_version)
