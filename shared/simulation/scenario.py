"""Inputs of a simulation: its scenario and its persona, and the ports that read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from shared.core.ids import OrganizationId
from shared.simulation.judging.domain import JudgedCriterion


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedScenario:
    """Scenario as a simulation uses it.

    ``recorded_turns`` are the recorded user's messages with invented values, ``checks`` the
    deterministic rules as stored. The thresholds of ``criteria`` are set by the run.
    """

    id: UUID
    name: str
    intent: str
    journey: str = ""
    mock_world: dict[str, Any] = field(default_factory=dict)
    criteria: tuple[JudgedCriterion, ...] = ()
    recorded_turns: tuple[str, ...] = ()
    checks: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedPersona:
    """Person that the simulated user plays; ``language`` is a tag of BCP 47, or None."""

    id: UUID
    name: str
    description: str
    language: str | None = None


class Scenarios(Protocol):
    """Scenarios of organizations, as runs read them."""

    def missing(self, organization_id: OrganizationId, ids: Sequence[UUID]) -> list[UUID]:
        """Return the ids without a scenario, in their order: one batch read for 100."""

    def tagged(self, organization_id: OrganizationId, tags: Sequence[str], most: int) -> list[UUID]:
        """Return up to ``most`` scenarios with all tags, newest first."""

    def read(self, organization_id: OrganizationId, scenario_id: UUID) -> SimulatedScenario:
        """Return a scenario. Raises ``NotFound``."""


class Personas(Protocol):
    """Personas of organizations, as runs read them."""

    def find(
        self, organization_id: OrganizationId, ids: Iterable[UUID]
    ) -> dict[UUID, SimulatedPersona]:
        """Return the personas that exist, by id: one batch read for 100."""
