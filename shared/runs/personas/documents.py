"""Persona documents: entity to stored record and back."""

from dataclasses import asdict
from uuid import UUID

from shared.core.clock import moment, timestamp
from shared.core.ids import OrganizationId
from shared.runs.personas.domain import Persona, PersonaContent
from shared.simulation.persona_directory import PERSONA, persona_key
from shared.storage.codec import Codec
from shared.storage.records import BY_LIST, IndexEntry, Key, Record


def persona_list(organization_id: OrganizationId) -> str:
    """Return the name of the list of an organization's personas."""
    return f"{organization_id}#personas"


class PersonaCodec(Codec[Persona, UUID]):
    """Codec of personas."""

    type = PERSONA
    label = "Persona"

    def key(self, organization_id: OrganizationId, identifier: UUID) -> Key:
        return persona_key(organization_id, identifier)

    def to_record(self, entity: Persona) -> Record:
        sort = f"{timestamp(entity.created_at)}#{entity.id.hex}"
        return Record(
            key=self.key(entity.organization_id, entity.id),
            type=self.type,
            version=entity.version,
            index_entries={BY_LIST: IndexEntry(persona_list(entity.organization_id), sort)},
            body={
                "id": entity.id.hex,
                "organization_id": entity.organization_id.hex,
                "content": asdict(entity.content),
                "created_by": entity.created_by,
                "created_at": timestamp(entity.created_at),
                "updated_at": timestamp(entity.updated_at),
            },
        )

    def from_record(self, record: Record) -> Persona:
        body = record.body
        return Persona(
            id=UUID(body["id"]),
            organization_id=OrganizationId(UUID(body["organization_id"])),
            content=PersonaContent(**body["content"]),
            created_by=body["created_by"],
            created_at=moment(body["created_at"]),
            updated_at=moment(body["updated_at"]),
            version=record.version,
        )
