"""Staged files: changes of one step of a turn, written in the transaction of its events.

Tools use the same service as the API, over a workspace in memory. Contents are stored before
the transaction; when another writer changed the files meanwhile, the step's tools run again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from shared.agents.files.contents import FileContents, missing_content
from shared.agents.files.documents import workspace_to_record
from shared.agents.files.domain import FileEntry, FileLimits, Workspace
from shared.agents.files.repository import Change, Changed, WorkspaceRepository
from shared.agents.files.search import FileSearch
from shared.agents.files.service import SessionFiles
from shared.agents.sessions.repository import AgentSessionRepository
from shared.core.errors import NotFound, Throttled, Unavailable
from shared.storage.contention import ConditionFailed
from shared.storage.idempotency import Idempotency
from shared.storage.repository import Created
from shared.storage.transactions import Action, Create, Replace


class FilesChanged(Exception):
    """Another writer changed the files since the step read them; nothing was written."""


def raise_files_changed(_: ConditionFailed) -> None:
    """Raise the error: of what a step writes beside its session, only the files changed."""
    raise FilesChanged


class _StagedRepository(WorkspaceRepository):
    """Workspace in memory, loaded at the first use."""

    _before: Workspace | None = None
    _after: Workspace | None = None

    def load(self) -> Workspace:
        if self._after is None:
            self._before = self._after = super().load()
        return self._after

    def is_stored(self, content: str) -> bool:
        """Return whether a file has this content in the stored workspace as it is now."""
        return content in super().load().contents

    def change(self, change: Change, _: Idempotency | None = None) -> Changed:
        before = self.load()
        self._after, entry = change(before)
        return Created(entry), before.contents - self._after.contents

    def write_actions(self) -> list[Action]:
        """Return the write of the changes; the session's own write checks that it exists."""
        if self._before is None or self._after is None or self._after == self._before:
            return []
        record = workspace_to_record(self._after)
        return [Replace(record, self._before.version) if self._before.version else Create(record)]


class _StagedContents(FileContents):
    """Contents of which the new ones are in memory."""

    def __init__(self, stored: FileContents, is_stored: Callable[[str], bool]) -> None:
        self._stored = stored
        self._is_stored = is_stored
        self.new: dict[str, bytes] = {}
        self.unused: set[str] = set()

    def read(self, entry: FileEntry) -> bytes:
        """Return a content.

        Raises :class:`FilesChanged` if another writer removed it, and ``ContentLost``.
        """
        staged = self.new.get(entry.content or "")
        if staged is not None:
            return staged
        try:
            return self._stored.read(entry)
        except NotFound as error:
            if self._is_lost(entry):
                raise missing_content(entry) from error
            raise FilesChanged from error

    def _is_lost(self, entry: FileEntry) -> bool:
        try:
            return entry.content is not None and self._is_stored(entry.content)
        except NotFound:  # the session was deleted
            return False

    def write(self, name: str, content: bytes) -> None:
        self.new[name] = content

    def discard(self, names: frozenset[str]) -> None:
        self.unused |= {name for name in names if self.new.pop(name, None) is None}


class StagedFiles:
    """Files of a session for one step of a turn.

    Attributes
    ----------
    files, search
        What tools use; nothing is written before :meth:`written`.
    """

    def __init__(
        self,
        sessions: AgentSessionRepository,
        contents: FileContents,
        limits: FileLimits,
        *ids: Any,
    ) -> None:
        self._repository = _StagedRepository(sessions, *ids)
        self._staged = _StagedContents(contents, self._repository.is_stored)
        self._contents = contents
        self.files = SessionFiles(self._repository, self._staged, limits)
        self.search = FileSearch(self._repository, self._staged)

    @contextmanager
    def written(self) -> Iterator[list[Action]]:
        """Store the new contents; yield the actions that the caller writes with its own.

        The block raises :class:`FilesChanged` when only these fail. The contents of a write that
        was refused are deleted; those of one whose outcome is not known stay with the session.
        """
        actions = self._repository.write_actions()
        try:
            for name, content in self._staged.new.items() if actions else ():
                self._contents.write(name, content)
            yield actions
        except Exception as error:
            if actions and not isinstance(error, Unavailable | Throttled):
                unnamed = self._repository.unnamed(frozenset(self._staged.new))
                self._contents.discard(unnamed)
            raise
        self._contents.discard(frozenset(self._staged.unused))
