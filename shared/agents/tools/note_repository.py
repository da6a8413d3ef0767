"""Note repository: the notes of a session, stored in the session's partition."""

from shared.agents.tools.notes import Notes
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import session_key
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import Action, Create, Replace

_TYPE = "session_notes"


class NoteRepository:
    """The notes of one session, for one step of a turn. They are purged with the session."""

    def __init__(
        self, table: Table, organization_id: OrganizationId, session_id: SessionId
    ) -> None:
        self._table = table
        # Sorts behind the session's own item, so that a query of events and session ends before.
        self._key = Key(session_key(organization_id, session_id).partition, f"tool#{_TYPE}")
        self._notes: Notes | None = None

    def get(self) -> Notes:
        """Return the notes, empty if there are none: one request, at the first call."""
        if self._notes is None:
            record = self._table.get(self._key)
            self._notes = Notes(record.body["notes"], record.version) if record else Notes()
        return self._notes

    def write_actions(self) -> list[Action]:
        """Return the writes that store the notes if a tool changed them."""
        notes = self._notes
        if notes is None or not notes.changed:
            return []
        record = Record(key=self._key, type=_TYPE, body={"notes": notes.texts})
        return [Replace(record, notes.version) if notes.version else Create(record)]
