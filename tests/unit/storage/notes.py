"""Notes: an entity of the tests, its codec, and writes to its repository."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.core.ids import OrganizationId
from shared.storage.codec import Codec
from shared.storage.idempotency import Idempotency
from shared.storage.records import BY_LIST, IndexEntry, Key, Record
from shared.storage.repository import Created, Repository
from shared.storage.transactions import Action

ORGANIZATION = OrganizationId.new()


@dataclass(frozen=True, slots=True)
class Note:
    id: str
    text: str
    version: int = 1


class NoteCodec(Codec[Note, str]):
    type = "note"
    label = "Note"

    def key(self, organization_id: OrganizationId, identifier: str) -> Key:
        return Key(f"{organization_id}#note#{identifier}", "note")

    def to_record(self, entity: Note) -> Record:
        return Record(
            key=self.key(ORGANIZATION, entity.id),
            type=self.type,
            version=entity.version,
            index_entries={BY_LIST: IndexEntry("notes", entity.id)},
            body={"id": entity.id, "text": entity.text},
        )

    def from_record(self, record: Record) -> Note:
        return Note(record.body["id"], record.body["text"], record.version)

    def counts_as_deleted(self, entity: Note) -> bool:
        return entity.text == "archived"


type Notes = Repository[Note, str]

KEY = NoteCodec().key(ORGANIZATION, "1")


def idempotency(fingerprint: str = "f") -> Idempotency:
    return Idempotency(
        organization_id=ORGANIZATION, operation="POST /notes", key="k", fingerprint=fingerprint
    )


def create(
    notes: Notes,
    text: str = "first",
    key: Idempotency | None = None,
    also: Sequence[Action] = (),
    **options: Any,
) -> Created[Note]:
    return notes.create(KEY, lambda: (Note("1", text), also), key, **options)


def set_text(notes: Notes, text: str, **options: Any) -> Note:
    return notes.change(ORGANIZATION, "1", lambda note: replace(note, text=text), **options)
