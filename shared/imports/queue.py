"""Imports from the queue: messages with a conversation, or with the key of its object."""

from collections.abc import Callable
from typing import Any, Protocol

from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.core.json import loads_strict
from shared.imports.domain import ImportOptions
from shared.imports.envelopes import Envelope
from shared.imports.service import ImportService


class Bucket(Protocol):
    """Port to the objects of large conversations."""

    def read(self, key: str) -> bytes:
        """Return an object's content."""


class QueueImports:
    """Use case of the import queue. ``organization_exists`` is called once per id."""

    def __init__(
        self,
        service: ImportService,
        bucket: Callable[[], Bucket],
        organization_exists: Callable[[OrganizationId], bool],
    ) -> None:
        self._service = service
        self._bucket = bucket
        self._organization_exists = organization_exists
        self._known: set[OrganizationId] = set()

    def add(self, body: str) -> SessionId:
        """Store the conversation of a message.

        Raises ``InvalidInput`` for an invalid message, ``NotFound`` for an unknown
        organization or object, and as ``ImportService.add``.
        """
        envelope = Envelope.from_body(body)
        if envelope.organization_id not in self._known:
            if not self._organization_exists(envelope.organization_id):
                raise NotFound("Organization not found")
            self._known.add(envelope.organization_id)
        imported = self._service.add(
            envelope.organization_id,
            self._content(envelope),
            ImportOptions(envelope.kind, envelope.import_name),
            at=envelope.sent_at,
        )
        return imported.entity.session_id

    def _content(self, envelope: Envelope) -> Any:
        if envelope.object_key is None:
            return envelope.conversation
        try:
            return loads_strict(self._bucket().read(envelope.object_key))
        except ValueError as error:
            raise InvalidInput("object: must be valid JSON.") from error
