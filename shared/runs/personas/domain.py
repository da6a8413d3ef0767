"""Persona entity and the filters of a list."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.core.ids import OrganizationId


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonaContent:
    """Fields of a persona that can be changed.

    ``body`` describes the person to the model that plays it. ``behavior`` is stored as the
    Feather API sends it; of its settings a text conversation uses ``first_speaker`` and
    ``language``, the others are for voice.
    """

    name: str
    body: str
    description: str | None = None
    is_active: bool = True
    traits: dict[str, Any] = field(default_factory=dict)
    behavior: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Person that a simulated user plays; ``version`` counts its writes (``ETag``)."""

    id: UUID
    organization_id: OrganizationId
    content: PersonaContent
    created_by: str
    created_at: datetime
    updated_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonaQuery:
    """Filters and page of a list; ``search`` is part of name or description, in any case."""

    limit: int
    search: str | None = None
    is_active: bool | None = None
    after: str | None = None

    def matches(self, persona: Persona) -> bool:
        """Check all filters."""
        content = persona.content
        if self.is_active not in (None, content.is_active):
            return False
        text = f"{content.name}\n{content.description or ''}".casefold()
        return (self.search or "").casefold() in text
