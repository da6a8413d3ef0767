"""Session file service: list, read, create, update, delete, move and copy."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from shared.agents.file_contents import decode
from shared.agents.file_paths import ROOT, file_path, named_path
from shared.agents.files.contents import FileContents, missing_content
from shared.agents.files.domain import (
    FileEntry,
    FileInput,
    FileLimits,
    FileWithContent,
    Workspace,
    new_directory,
    new_file,
)
from shared.agents.files.repository import WorkspaceRepository
from shared.core.clock import Clock, system_clock
from shared.core.errors import (
    CONCURRENTLY_MODIFIED,
    Conflict,
    DomainError,
    InvalidInput,
    NotFound,
    Throttled,
    TooLarge,
    Unavailable,
)
from shared.core.ids import new_uuid
from shared.storage.conditions import ExpectedVersion, check_version
from shared.storage.contention import CONTENTION
from shared.storage.idempotency import Idempotency
from shared.storage.repository import Created

#: The change of a workspace by a file whose content has this name; None of an empty one.
type _ContentChange = Callable[[Workspace, str | None], tuple[Workspace, FileEntry]]


class SessionFiles:
    """Use cases of the files of one agent session.

    Each raises ``NotFound`` for an unknown session, and ``InvalidInput`` for a path that no
    file can have.
    """

    def __init__(
        self,
        repository: WorkspaceRepository,
        contents: FileContents,
        limits: FileLimits,
        clock: Clock = system_clock,
    ) -> None:
        self._repository = repository
        self._contents = contents
        self.limits = limits
        self._clock = clock

    def list_root(self, *, recursive: bool) -> tuple[Workspace, list[FileEntry]]:
        """Return the workspace and the entries of its root, by path: one read, or two.

        ``recursive`` returns all entries.
        """
        workspace = self._repository.load()
        return workspace, workspace.below(ROOT, recursive=recursive)

    def stat(self, path: str) -> FileEntry:
        """Return a file or directory without its content: one read, or two."""
        normal = file_path(path)
        return self._repository.load().get(normal)

    def read(self, path: str) -> tuple[Workspace, FileWithContent]:
        """Return a file with its content, or a directory: one read of each.

        Raises ``NotFound``, and ``Unavailable`` for a file whose content is lost. A file that is
        replaced in between is read anew.
        """
        normal = file_path(path)
        missing: str | None = None
        for _ in CONTENTION.attempts(self._repository.table.sleep):
            workspace = self._repository.load()
            entry = workspace.get(normal)
            if entry.is_directory:
                return workspace, FileWithContent(entry, None)
            if missing and entry.content == missing:
                raise missing_content(entry)
            try:
                return workspace, FileWithContent(entry, self._contents.read(entry))
            except NotFound:
                missing = entry.content
        raise Conflict(CONCURRENTLY_MODIFIED)

    def create(
        self,
        path: str,
        given: FileInput,
        idempotency: Idempotency | None = None,
    ) -> Created[FileWithContent]:
        """Create a file or directory, and the directories above it.

        One read, the content, one write. A directory that exists is returned as it is. Raises
        ``Conflict`` if something else is there, ``TooLarge`` above a limit, and as
        ``Repository.create`` for an idempotency key.
        """
        normal = named_path(path)
        if given.is_directory and given.content:
            raise InvalidInput("content: must be absent for a directory.")
        content = None if given.is_directory else self._decoded(given)
        now = self._clock()
        entry = (
            new_directory(normal, now)
            if content is None
            else new_file(normal, len(content), now, is_readonly=bool(given.is_readonly))
        )

        def change(workspace: Workspace, name: str | None) -> tuple[Workspace, FileEntry]:
            existing = workspace.entries.get(normal)
            if existing and existing.is_directory and given.is_directory:
                return workspace, existing
            if mine := workspace.find(entry.id):
                return workspace, mine
            changed = workspace.added(replace(entry, content=name), self.limits)
            return changed, changed.entries[normal]

        created = self._write(normal, content, change, idempotency)
        return Created(FileWithContent(created.entity, content), created.replayed)

    def update(
        self,
        path: str,
        given: FileInput,
        *,
        expected_version: ExpectedVersion = None,
    ) -> FileWithContent:
        """Set content and protection of a file: one read, the content, one write.

        Raises ``NotFound``, ``InvalidInput`` for a directory and for the content of a read-only
        file, ``TooLarge`` above a limit, and ``PreconditionFailed``.
        """
        normal = named_path(path)
        content = None if given.content is None else self._decoded(given)
        now = self._clock()

        def change(workspace: Workspace, name: str | None) -> tuple[Workspace, FileEntry]:
            entry = workspace.get(normal)
            check_version(expected_version, entry.version)
            if entry.is_directory:
                raise InvalidInput(f"{normal}: is a directory, which has no content.")
            if entry.is_readonly and content is not None:
                raise InvalidInput(f"{normal}: is read-only; set is_readonly to false first.")
            updated = entry
            if given.is_readonly is not None:
                updated = replace(updated, is_readonly=given.is_readonly)
            if content is not None:
                updated = replace(updated, size_bytes=len(content), content=name)
            if updated == entry:
                return workspace, entry
            changed = workspace.updated(replace(updated, updated_at=now), self.limits)
            return changed, changed.entries[normal]

        updated = self._write(normal, content, change)
        if content is None:
            return self.read(normal)[1]
        return FileWithContent(updated.entity, content)

    def delete(
        self,
        path: str,
        *,
        recursive: bool = False,
        expected_version: ExpectedVersion = None,
    ) -> bool:
        """Delete a file or directory; return whether there was one: one read, one write.

        Raises ``InvalidInput`` for a directory that is not empty unless ``recursive``, and
        ``PreconditionFailed``.
        """
        normal = named_path(path)
        now = self._clock()

        def change(workspace: Workspace) -> tuple[Workspace, FileEntry]:
            entry = workspace.entries.get(normal)
            check_version(expected_version, entry.version if entry else 0)
            if entry is None:
                return workspace, workspace.get(ROOT)
            return workspace.without(normal, now, recursive=recursive), entry

        deleted, unused = self._repository.change(change)
        self._contents.discard(unused)
        return deleted.entity.path == normal

    def move(self, source: str, target: str) -> FileEntry:
        """Move a file, or a directory with everything below: one read, one write.

        Raises ``NotFound``, ``Conflict`` if the target exists, and ``InvalidInput`` for a move
        of a directory into itself.
        """
        from_path, to_path = named_path(source, "src_path"), named_path(target, "dst_path")
        now = self._clock()
        moving: set[UUID] = set()

        def change(workspace: Workspace) -> tuple[Workspace, FileEntry]:
            there = workspace.entries.get(to_path)
            if there and there.id in moving:
                return workspace, there  # moved by an attempt whose answer was lost
            changed = workspace.moved(from_path, to_path, now)
            moving.add(changed.entries[to_path].id)
            return changed, changed.entries[to_path]

        return self._repository.change(change)[0].entity

    def copy(
        self,
        source: str,
        target: str,
        idempotency: Idempotency | None = None,
    ) -> Created[FileEntry]:
        """Copy a file; the copy shares the stored content: one read, one write.

        Raises as :meth:`move`, ``InvalidInput`` for a directory, ``TooLarge`` above a limit.
        """
        from_path, to_path = named_path(source, "src_path"), named_path(target, "dst_path")
        copy = new_file(to_path, 0, self._clock())

        def change(workspace: Workspace) -> tuple[Workspace, FileEntry]:
            if mine := workspace.find(copy.id):
                return workspace, mine  # of an attempt whose answer was lost
            changed = workspace.copied(from_path, copy, self.limits)
            return changed, changed.entries[to_path]

        return self._repository.change(change, idempotency)[0]

    def _decoded(self, given: FileInput) -> bytes:
        content = decode(given.content or "", given.encoding)
        if len(content) > self.limits.file_bytes:
            raise TooLarge(
                f"content: must have at most {self.limits.file_bytes} bytes; it has {len(content)}."
            )
        return content

    def _write(
        self,
        path: str,
        content: bytes | None,
        change: _ContentChange,
        idempotency: Idempotency | None = None,
    ) -> Created[FileEntry]:
        """Change a workspace; store a new content before, once the change is accepted.

        A change is repeated when its condition fails, which an answer that was lost also leads
        to: then the file may be written already, and other writers may have been there since.
        """
        attempts = _Attempts(path, content, self._contents, change)
        try:
            written, unused = self._repository.change(attempts, idempotency)
        except DomainError as error:
            # After a lost answer the metadata may name the content: it stays until the purge.
            if not isinstance(error, Unavailable | Throttled):
                self._contents.discard(self._repository.unnamed(frozenset(attempts.stored)))
            raise
        needless = frozenset(attempts.stored) - {written.entity.content}
        self._contents.discard(unused | self._repository.unnamed(needless))
        return written


class _Attempts:
    """Attempts of one write, each called with the workspace as it is then.

    Attributes
    ----------
    stored
        Names under which the content was stored. An attempt takes another name if there were
        two writes since the one before: the first may have been that one, and the second may
        delete its content.
    """

    def __init__(
        self, path: str, content: bytes | None, contents: FileContents, change: _ContentChange
    ) -> None:
        self._path = path
        self._content = content
        self._contents = contents
        self._change = change
        self._name: str | None = None
        self._version = 0
        self.stored: set[str] = set()

    def __call__(self, workspace: Workspace) -> tuple[Workspace, FileEntry]:
        existing = workspace.entries.get(self._path)
        if existing and existing.content in self.stored:
            return workspace, existing  # written by an attempt whose answer was lost
        if self._content and (self._name is None or workspace.version > self._version + 1):
            self._name = new_uuid().hex
        self._version = workspace.version
        changed, result = self._change(workspace, self._name)
        if self._content and self._name and self._name not in self.stored:
            self._contents.write(self._name, self._content)
            self.stored.add(self._name)
        return changed, result
