"""Change of an entity, as published: see docs/events.md."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.core.clock import timestamp
from shared.core.ids import OrganizationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Creation, update or deletion of an organization's entity.

    Attributes
    ----------
    id
        The same each time the change is published, for deduplication by listeners.
    name
        ``session.created``, ``agent.updated``, …
    subject
        The changed entity; changes of one subject are published in order.
    version
        The subject's version after the change; of a deleted one, its last.
    details
        The subject's id under its own name, its kind, and the simulation that a turn is part
        of. No content: events pass through
        systems that must not store conversations.
    """

    id: str
    name: str
    organization_id: OrganizationId
    subject: str
    version: int
    occurred_at: datetime
    details: dict[str, Any] = field(default_factory=dict)

    def detail(self) -> dict[str, Any]:
        """Return the ``detail`` of the event."""
        return {
            "id": self.id,
            "organization_id": str(self.organization_id),
            **self.details,
            "version": self.version,
            "occurred_at": timestamp(self.occurred_at),
        }
