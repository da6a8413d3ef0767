"""Persona directory: the keys and names of personas, for areas other than their own."""

from collections.abc import Iterable
from uuid import UUID

from shared.core.ids import OrganizationId
from shared.storage.records import Key
from shared.storage.table import Table
from shared.storage.tombstones import is_tombstone

PERSONA = "persona"


def persona_key(organization_id: OrganizationId, persona_id: UUID) -> Key:
    """Return the primary key of a persona."""
    return Key(f"{organization_id}#persona#{persona_id.hex}", PERSONA)


class PersonaDirectory:
    """Current names of personas."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def names(
        self, organization_id: OrganizationId, persona_ids: Iterable[UUID]
    ) -> dict[UUID, str]:
        """Return the names of the personas that exist: one batch read for 100, none without ids."""
        keys = {persona_key(organization_id, one): one for one in persona_ids}
        found = self._table.get_many(keys) if keys else {}
        return {
            keys[key]: record.body["content"]["name"]
            for key, record in found.items()
            if not is_tombstone(record)
        }
