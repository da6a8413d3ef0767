"""Import service: store captured conversations as sessions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from shared.core.errors import Conflict, Deleted, Unprocessable
from shared.core.ids import OrganizationId, SessionId
from shared.imports.domain import ImportedSession, ImportOptions
from shared.sessions.captured_conversations import (
    OWN_FIELDS,
    CapturedConversation,
    read_conversation,
)
from shared.sessions.domain import SessionKind
from shared.storage.repository import Created

_REUSED = "id: was imported before with another conversation; use another id."
_DELETED = "id: was imported before, and the session was deleted; use another id."


class Importer(Protocol):
    """Port to an area: stores sessions of one kind."""

    def add(
        self,
        organization_id: OrganizationId,
        conversation: CapturedConversation,
        *,
        import_name: str,
        at: datetime,
    ) -> Created[SessionId]:
        """Store a conversation as a session; repeated calls store it once."""


class ImportService:
    """Use case of every import."""

    def __init__(self, importers: Mapping[SessionKind, Importer]) -> None:
        self._importers = importers

    def add(
        self,
        organization_id: OrganizationId,
        value: Any,
        options: ImportOptions,
        *,
        at: datetime,
    ) -> Created[ImportedSession]:
        """Store the conversation of a JSON value.

        Raises ``InvalidInput`` for an invalid conversation, ``Unprocessable`` for another one
        under the same id, ``Conflict`` after the session was deleted, and what storing raises.
        """
        conversation = read_conversation(value)
        try:
            created = self._importers[options.kind].add(
                organization_id, conversation, import_name=options.name, at=at
            )
        except Deleted as error:
            raise Conflict(_DELETED, code=error.code) from error
        except Unprocessable as error:
            raise Unprocessable(_REUSED, code=error.code) from error
        ignored = sorted(value.keys() - conversation.source.keys() - OWN_FIELDS)
        imported = ImportedSession(conversation.id, created.entity, options.kind, tuple(ignored))
        return Created(imported, replayed=created.replayed)
