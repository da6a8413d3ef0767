"""Workspace repository: the metadata of a session's files, changed by one conditional write."""

from collections.abc import Callable

from shared.agents.files.documents import (
    entry_from_document,
    entry_to_document,
    workspace_from_record,
    workspace_key,
    workspace_to_record,
)
from shared.agents.files.domain import FileEntry, Workspace
from shared.agents.sessions.repository import AgentSessionRepository
from shared.core.errors import Deleted, DomainError
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import session_key
from shared.storage.contention import ConditionFailed, retry_on_contention
from shared.storage.idempotency import Idempotency, receipt, receipt_among, receipt_key
from shared.storage.records import Record
from shared.storage.repository import Created
from shared.storage.transactions import Action, Check, Create, Replace, write

#: The changed workspace, and the entry that the answer shows.
type Change = Callable[[Workspace], tuple[Workspace, FileEntry]]
#: The entry that the answer shows, and the contents that no file has any more.
type Changed = tuple[Created[FileEntry], frozenset[str]]


class WorkspaceRepository:
    """The workspace of one agent session. The delete of the session deletes it."""

    def __init__(
        self,
        sessions: AgentSessionRepository,
        organization_id: OrganizationId,
        session_id: SessionId,
    ) -> None:
        self._sessions = sessions
        self._organization_id = organization_id
        self._session_id = session_id
        self._session_key = session_key(organization_id, session_id)
        self._key = workspace_key(organization_id, session_id)
        self.table = sessions.table

    def load(self) -> Workspace:
        """Return the workspace: one read, two of a session without files.

        Raises ``NotFound`` for an unknown session.
        """
        record = self.table.get(self._key)
        if record is not None:
            return workspace_from_record(self._organization_id, self._session_id, record)
        session = self._sessions.get(self._organization_id, self._session_id)
        return Workspace(
            organization_id=self._organization_id,
            session_id=self._session_id,
            created_at=session.created_at,
            updated_at=session.created_at,
        )

    def unnamed(self, contents: frozenset[str]) -> frozenset[str]:
        """Return those contents that no file has now: one read, none where there are none.

        None if the storage does not answer.
        """
        try:
            record = self.table.get(self._key) if contents else None
        except DomainError:
            return frozenset()
        named = {one.get("content") for one in record.body["entries"]} if record else set()
        return contents - named

    def change(self, change: Change, idempotency: Idempotency | None = None) -> Changed:
        """Change the workspace: one read, one write.

        ``change`` is called again when a concurrent writer came first; its errors pass. The
        session's existence is a condition of the write. A request under an ``idempotency`` key
        gets its first answer for 30 days. Raises ``NotFound`` for an unknown session.
        """

        def attempt() -> Changed:
            try:
                before = self.load()
                after, entry = change(before)
            except DomainError:
                # A change that is refused now may have been made by a first request.
                if replay := self._find_replay(idempotency):
                    return replay
                raise
            if after == before:
                return Created(entry), frozenset()
            actions = self._actions(before, after)
            if idempotency is not None:
                body = {"entry": entry_to_document(entry)}
                partition, now = self._key.partition, self.table.now()
                actions.append(Create(receipt(idempotency, body, now, partition)))
            try:
                write(self.table, actions)
            except ConditionFailed as failed:
                earlier = receipt_among(failed.existing)
                if idempotency is not None and earlier is not None:
                    return self._replay(earlier, idempotency)
                raise
            return Created(entry), before.contents - after.contents

        return retry_on_contention(self.table.sleep, attempt)

    def _actions(self, before: Workspace, after: Workspace) -> list[Action]:
        record = workspace_to_record(after)
        if before.version:
            return [Replace(record, before.version)]
        return [Create(record), Check(self._session_key)]

    def _find_replay(self, idempotency: Idempotency | None) -> Changed | None:
        if idempotency is None:
            return None
        earlier = self.table.get(receipt_key(idempotency, self._key.partition))
        return self._replay(earlier, idempotency) if earlier else None

    def _replay(self, earlier: Record, idempotency: Idempotency) -> Changed:
        """Return the entry as it was created; raise ``Deleted`` if it is there no more."""
        idempotency.check(earlier.fingerprint)
        entry = entry_from_document(earlier.body["entry"])
        record = self.table.get(self._key)
        if record is None or all(one["id"] != entry.id.hex for one in record.body["entries"]):
            raise Deleted
        return Created(entry, replayed=True), frozenset()
