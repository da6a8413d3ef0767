"""Import service: store the conversation of a queue message as a session."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.core.json import loads_strict
from shared.imports.api import Envelope
from shared.sessions.captured_conversations import CapturedConversation, read_conversation
from shared.sessions.domain import SessionKind


class Importer(Protocol):
    """Port to an area: stores sessions of one kind."""

    def add(
        self,
        organization_id: OrganizationId,
        conversation: CapturedConversation,
        *,
        import_name: str,
        at: datetime,
    ) -> SessionId:
        """Store a conversation as a session; repeated calls store it once."""


class Bucket(Protocol):
    """Port to the objects of large conversations."""

    def read(self, key: str) -> bytes:
        """Return an object's content."""


class ImportService:
    """Use case of the import queue. ``organization_exists`` is called once per id."""

    def __init__(
        self,
        importers: Mapping[SessionKind, Importer],
        bucket: Callable[[], Bucket],
        organization_exists: Callable[[OrganizationId], bool],
    ) -> None:
        self._importers = importers
        self._bucket = bucket
        self._organization_exists = organization_exists
        self._known: set[OrganizationId] = set()

    def import_message(self, body: str) -> SessionId:
        """Store the conversation of a message.

        Raises ``InvalidInput`` for an invalid message or conversation, ``NotFound`` for an
        unknown organization or object, ``Unprocessable`` for another conversation under the
        same id, and what storing raises.
        """
        envelope = Envelope.from_body(body)
        if envelope.organization_id not in self._known:
            if not self._organization_exists(envelope.organization_id):
                raise NotFound("Organization not found")
            self._known.add(envelope.organization_id)
        conversation = read_conversation(self._content(envelope))
        return self._importers[envelope.kind].add(
            envelope.organization_id,
            conversation,
            import_name=envelope.import_name,
            at=envelope.sent_at,
        )

    def _content(self, envelope: Envelope) -> Any:
        if envelope.object_key is None:
            return envelope.conversation
        try:
            return loads_strict(self._bucket().read(envelope.object_key))
        except ValueError as error:
            raise InvalidInput("object: must be valid JSON.") from error
