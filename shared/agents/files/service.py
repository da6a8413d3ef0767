"""Session file service: list, read, create, update, delete, move and copy."""

from dataclasses import replace

from shared.agents.file_contents import decode
from shared.agents.file_paths import ROOT, file_path, named_path
from shared.agents.files.contents import FileContents
from shared.agents.files.domain import (
    FileEntry,
    FileInput,
    FileLimits,
    FileWithContent,
    Workspace,
    new_directory,
    new_file,
)
from shared.agents.files.repository import Change, WorkspaceRepository
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
from shared.storage.conditions import ExpectedVersion, check_version
from shared.storage.contention import CONTENTION
from shared.storage.idempotency import Idempotency
from shared.storage.repository import Created


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

        Raises ``NotFound``. A file that is replaced in between is read anew.
        """
        normal = file_path(path)
        for _ in CONTENTION.attempts(self._repository.table.sleep):
            workspace = self._repository.load()
            entry = workspace.get(normal)
            if entry.is_directory:
                return workspace, FileWithContent(entry, None)
            try:
                return workspace, FileWithContent(entry, self._contents.read(entry))
            except NotFound:
                continue
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

        def change(workspace: Workspace) -> tuple[Workspace, FileEntry]:
            existing = workspace.entries.get(normal)
            if existing and existing.is_directory and given.is_directory:
                return workspace, existing
            changed = workspace.added(entry, self.limits)
            return changed, changed.entries[normal]

        created = self._write((entry, content), change,
                              idempotency)  # fmt: skip
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
        written = new_file(normal, len(content or b""), now)

        def change(workspace: Workspace) -> tuple[Workspace, FileEntry]:
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
                size, name = written.size_bytes, written.content
                updated = replace(updated, size_bytes=size, content=name)
            if updated == entry:
                return workspace, entry
            changed = workspace.updated(replace(updated, updated_at=now), self.limits)
            return changed, changed.entries[normal]

        updated = self._write((written, content), change)
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

        def change(workspace: Workspace) -> tuple[Workspace, FileEntry]:
            changed = workspace.moved(from_path, to_path, now)
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
        now = self._clock()

        def change(workspace: Workspace) -> tuple[Workspace, FileEntry]:
            changed = workspace.copied(from_path, to_path, now, self.limits)
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
        new: tuple[FileEntry, bytes | None],
        change: Change,
        idempotency: Idempotency | None = None,
    ) -> Created[FileEntry]:
        """Change a workspace; store a new content before, once the change is accepted."""
        entry, content = new
        stored: set[str] = set()

        def change_with_content(workspace: Workspace) -> tuple[Workspace, FileEntry]:
            changed, result = change(workspace)
            if content and entry.content and entry.content not in stored:
                self._contents.write(entry.content, content)
                stored.add(entry.content)
            return changed, result

        try:
            written, unused = self._repository.change(change_with_content, idempotency)
        except DomainError as error:
            # After a lost answer the metadata may name the content: it stays until the purge.
            if not isinstance(error, Unavailable | Throttled):
                self._contents.discard(frozenset(stored))
            raise
        if written.replayed:
            unused = frozenset(stored)
        self._contents.discard(unused)
        return written
