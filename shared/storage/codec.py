"""Codec: the stored form of one kind of entity."""

from abc import ABC, abstractmethod
from typing import Protocol

from shared.core.ids import OrganizationId
from shared.storage.records import Key, Record


class Entity(Protocol):
    """A domain object with the version of its stored item."""

    @property
    def version(self) -> int: ...


class Codec[E: Entity, I](ABC):
    """The stored form of one kind of entity.

    Attributes
    ----------
    type
        ``type`` of its records; an item of another type under its key is not found.
    label
        Name of the kind in messages, as in "Workflow not found".
    """

    type: str
    label: str

    @abstractmethod
    def key(self, organization_id: OrganizationId, identifier: I) -> Key:
        """Return the primary key of an entity."""

    @abstractmethod
    def to_record(self, entity: E) -> Record:
        """Return the record of an entity, with its index entries."""

    @abstractmethod
    def from_record(self, record: Record) -> E:
        """Return the entity of a record, in any form ever written."""

    def counts_as_deleted(self, entity: E) -> bool:  # noqa: ARG002  # for kinds that stay readable
        """Return whether a repeated create of this entity is refused as deleted."""
        return False
