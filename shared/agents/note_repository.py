"""The notes of a session as an item of its partition, and back."""

from shared.agents.domain import AgentSession
from shared.agents.tools.notes import Notes
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import session_key
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import Action, Create, Replace

_TYPE = "session_notes"


class NoteRepository:
    """Where notes are kept: with the session, and gone with it."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, organization_id: OrganizationId, session_id: SessionId) -> Notes:
        """Read the notes of a session, empty if there are none: one request."""
        record = self._table.get(_key(organization_id, session_id))
        return Notes(record.body["notes"], record.version) if record else Notes()

    def writing(
        self, organization_id: OrganizationId, session_id: SessionId, notes: Notes
    ) -> list[Action]:
        """Return what stores changed notes, as a part of another write."""
        if not notes.changed:
            return []
        key = _key(organization_id, session_id)
        record = Record(key=key, type=_TYPE, body={"notes": notes.texts})
        return [Replace(record, notes.version) if notes.version else Create(record)]


class NotesInUse:
    """The notes of a session for one step of a turn, read when a tool asks for them."""

    def __init__(self, repository: NoteRepository, session: AgentSession) -> None:
        self._repository = repository
        self._place = (session.organization_id, session.id)
        self._notes: Notes | None = None

    def read(self) -> Notes:
        if self._notes is None:
            self._notes = self._repository.get(*self._place)
        return self._notes

    def writing(self) -> list[Action]:
        return self._repository.writing(*self._place, self._notes) if self._notes else []


def _key(organization_id: OrganizationId, session_id: SessionId) -> Key:
    # Behind the session's own item: a query of events and session does not meet it.
    return Key(session_key(organization_id, session_id).partition, f"tool#{_TYPE}")
