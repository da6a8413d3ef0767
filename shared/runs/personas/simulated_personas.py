"""Personas as simulations play them."""

from collections.abc import Iterable
from uuid import UUID

from shared.core.ids import OrganizationId
from shared.runs.personas.documents import PersonaCodec
from shared.runs.personas.domain import Persona
from shared.simulation.scenario import SimulatedPersona
from shared.storage.repository import Repository
from shared.storage.table import Table


class StoredPersonas:
    """Personas of organizations; see ``Personas``."""

    def __init__(self, table: Table) -> None:
        self._repository = Repository(table, PersonaCodec())

    def find(
        self, organization_id: OrganizationId, ids: Iterable[UUID]
    ) -> dict[UUID, SimulatedPersona]:
        """See ``Personas.find``: no request without ids."""
        wanted = list(ids)
        if not wanted:
            return {}
        loaded = self._repository.load_many(organization_id, wanted)
        return {one: _simulated(found.entity) for one, found in loaded.items()}


def _simulated(persona: Persona) -> SimulatedPersona:
    language = persona.content.behavior.get("language")
    return SimulatedPersona(
        id=persona.id,
        name=persona.content.name,
        description=persona.content.body,
        language=language if isinstance(language, str) else None,
    )
