"""What is done with a message of the import queue."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.core.json import loads_strict
from shared.imports.envelope import Envelope
from shared.sessions.captured_conversations import CapturedConversation, read_conversation
from shared.sessions.models import SessionKind


class Importer(Protocol):
    """Makes sessions of one kind."""

    def add(
        self,
        organization_id: OrganizationId,
        conversation: CapturedConversation,
        *,
        import_name: str,
        at: datetime,
    ) -> SessionId:
        """Store a conversation as a session, once however often it is called."""


class Bucket(Protocol):
    """Where large conversations lie."""

    def read(self, key: str) -> bytes:
        """Return an object's content."""


class ImportService:
    """Takes conversations in."""

    def __init__(
        self,
        importers: Mapping[SessionKind, Importer],
        bucket: Callable[[], Bucket],
        exists: Callable[[OrganizationId], bool],
    ) -> None:
        self._importers = importers
        self._bucket = bucket
        self._exists = exists
        self._known: set[OrganizationId] = set()

    def take(self, body: str) -> SessionId:
        """Store the conversation of a message.

        Raises ``InvalidInput`` for a message or a conversation that does not fit,
        ``NotFound`` for an organisation or object that is not there, ``Unprocessable`` for
        another conversation under the same id, and what storing raises.
        """
        envelope = Envelope.from_body(body)
        self._require(envelope.organization_id)
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
            raise InvalidInput("The object holds no JSON.") from error

    def _require(self, organization_id: OrganizationId) -> None:
        if organization_id not in self._known:
            if not self._exists(organization_id):
                raise NotFound("Organization not found")
            self._known.add(organization_id)
