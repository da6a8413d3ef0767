"""A change as it is published: see docs/events.md."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.core.clock import timestamp
from shared.core.ids import OrganizationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something of an organisation was created, updated or deleted.

    Attributes
    ----------
    id
        The same each time the change is published: listeners that must act once keep it.
    name
        ``session.created``, ``agent.updated``, …
    subject
        What changed; changes of one subject are published in their order.
    version
        The subject's version after the change; of a deleted one, the last.
    details
        The subject's id under its own name, and what else tells it apart. No content:
        events pass through systems that may not hold what was said.
    """

    id: str
    name: str
    organization_id: OrganizationId
    subject: str
    version: int
    occurred_at: datetime
    details: dict[str, str] = field(default_factory=dict)

    def detail(self) -> dict[str, Any]:
        """Return the event's ``detail``."""
        return {
            "id": self.id,
            "organization_id": str(self.organization_id),
            **self.details,
            "version": self.version,
            "occurred_at": timestamp(self.occurred_at),
        }
