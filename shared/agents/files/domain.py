"""Workspace of a session: its files and directories, and the rules of their changes.

Every change returns a new workspace. All metadata of a session is one entity: a move of a
directory, the number of files and their bytes are exact without further bookkeeping.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from shared.agents.agents.domain import InitialFile
from shared.agents.file_contents import Encoding, decode
from shared.agents.file_paths import MAX_ENTRIES, ROOT, file_path, is_below, parents
from shared.core.errors import Conflict, InvalidInput, NotFound, TooLarge
from shared.core.ids import OrganizationId, SessionId, new_uuid

#: Beginning of the names of contents that were created with the session.
INITIAL = "initial-"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """Metadata of a file or directory.

    ``content`` names the stored content; None for a directory and for an empty file.
    ``version`` is the workspace's version that wrote the entry: a path that is deleted and
    created again never has a version twice.
    """

    id: UUID
    path: str
    created_at: datetime
    updated_at: datetime
    is_directory: bool = False
    is_readonly: bool = False
    size_bytes: int = 0
    content: str | None = None
    version: int = 1

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2] or ROOT


@dataclass(frozen=True, slots=True, kw_only=True)
class FileInput:
    """A file or directory as a client sends it; None leaves a field of an update as it is."""

    content: str | None = None
    encoding: Encoding = Encoding.TEXT
    is_readonly: bool | None = None
    is_directory: bool = False


@dataclass(frozen=True, slots=True)
class FileWithContent:
    """A file with its content; None of a directory, or where it was not read."""

    entry: FileEntry
    content: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """Limits of a session: bytes of one file, and of all its files."""

    file_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """All files and directories of a session, by path. The root is not an entry."""

    organization_id: OrganizationId
    session_id: SessionId
    created_at: datetime
    updated_at: datetime
    entries: Mapping[str, FileEntry] = field(default_factory=dict)
    version: int = 0

    @property
    def total_bytes(self) -> int:
        return sum(one.size_bytes for one in self.entries.values())

    @property
    def contents(self) -> frozenset[str]:
        """Names of the stored contents that some file has."""
        return frozenset(one.content for one in self.entries.values() if one.content)

    def get(self, path: str) -> FileEntry:
        """Return a file or directory, the root included. Raises ``NotFound``."""
        if path == ROOT:
            return FileEntry(
                id=self.session_id.uuid,
                path=ROOT,
                is_directory=True,
                created_at=self.created_at,
                updated_at=self.updated_at,
            )
        if path not in self.entries:
            raise NotFound(f"{path}: not found")
        return self.entries[path]

    def below(self, directory: str, *, recursive: bool) -> list[FileEntry]:
        """Return what is in a directory, by path; ``recursive`` with what is below."""
        depth = 0 if directory == ROOT else directory.count("/")
        return [
            self.entries[path]
            for path in sorted(self.entries)
            if is_below(path, directory) and (recursive or path.count("/") == depth + 1)
        ]

    def added(self, entry: FileEntry, limits: FileLimits) -> "Workspace":
        """Add a file or directory, and the directories above it.

        Raises ``Conflict`` if something is there or a file is above, ``TooLarge`` above a limit.
        """
        if entry.path in self.entries:
            raise Conflict(f"{entry.path}: exists already; choose another path.")
        return self.with_entries([entry], entry.updated_at).within(limits)

    def updated(self, entry: FileEntry, limits: FileLimits) -> "Workspace":
        """Put a file in the place of the one at its path. Raises ``TooLarge``."""
        return self.with_entries([entry], entry.updated_at).within(limits)

    def without(self, path: str, now: datetime, *, recursive: bool) -> "Workspace":
        """Remove a file or directory. Raises ``NotFound``, ``InvalidInput`` for a full one."""
        self.get(path)
        removed = self.below(path, recursive=True)
        if removed and not recursive:
            raise InvalidInput(f"{path}: is not empty; delete it with recursive=true.")
        kept = {
            one: entry
            for one, entry in self.entries.items()
            if one != path and not is_below(one, path)
        }
        return replace(self, entries=kept, updated_at=now)

    def moved(self, source: str, target: str, now: datetime) -> "Workspace":
        """Move a file or directory with everything below, which keeps ids and contents.

        Raises ``NotFound``, ``Conflict`` as :meth:`added`, and ``InvalidInput`` for a move of a
        directory into itself, or to where a path below would be above a limit.
        """
        entry = self.get(source)
        if target in self.entries:
            raise Conflict(f"dst_path: {target} exists already; choose another path.")
        if is_below(target, source):
            raise InvalidInput("dst_path: must not be below src_path.")
        moving = self.below(source, recursive=True)
        rest = self.without(source, now, recursive=True)
        placed = [replace(entry, path=target, updated_at=now)]
        for one in moving:
            path = file_path(target + one.path.removeprefix(source), "dst_path")
            placed.append(replace(one, path=path))
        return rest.with_entries(placed, now)

    def find(self, identifier: UUID) -> FileEntry | None:
        """Return the file or directory of an id."""
        return next((one for one in self.entries.values() if one.id == identifier), None)

    def copied(self, source: str, copy: FileEntry, limits: FileLimits) -> "Workspace":
        """Copy a file, which shares its content, to the path and under the id of ``copy``.

        Raises as :meth:`added`, and ``InvalidInput``.
        """
        entry = self.get(source)
        if entry.is_directory:
            raise InvalidInput("src_path: must be a file; directories cannot be copied.")
        copied = replace(
            copy,
            content=entry.content,
            size_bytes=entry.size_bytes,
            is_readonly=entry.is_readonly,
        )
        return self.added(copied, limits)

    def started_with(
        self, files: Iterable[InitialFile]
    ) -> tuple["Workspace", dict[str, InitialFile]]:
        """Return the workspace of a new session with its initial files, and these by content.

        Of two files with one path the later one counts. Raises ``Conflict`` if one file is
        above another, and ``TooLarge``.
        """
        entries: list[FileEntry] = []
        contents: dict[str, InitialFile] = {}
        for path, file in sorted({one.path: one for one in files}.items()):
            size = len(decode(file.content, file.encoding))
            entry = new_file(path, size, self.created_at, is_readonly=file.is_readonly)
            if size:
                name = f"{INITIAL}{len(contents)}"
                entry, contents[name] = replace(entry, content=name), file
            entries.append(entry)
        return self.with_entries(entries, self.created_at), contents

    def with_entries(self, entries: Iterable[FileEntry], now: datetime) -> "Workspace":
        """Put entries and the missing directories above them."""
        written = dict(self.entries)
        for entry in entries:
            for directory in parents(entry.path):
                above = written.get(directory)
                if above is None:
                    written[directory] = _directory(directory, now, self.version + 1)
                elif not above.is_directory:
                    raise Conflict(f"{directory}: is a file, so nothing can be below it.")
            written[entry.path] = replace(entry, version=self.version + 1)
        if len(written) > MAX_ENTRIES:
            raise TooLarge(
                f"A session has at most {MAX_ENTRIES} files and directories; this would make "
                f"{len(written)}. Delete some first."
            )
        return replace(self, entries=written, updated_at=now)

    def within(self, limits: FileLimits) -> "Workspace":
        """Return the workspace itself. Raises ``TooLarge`` above the limit of bytes."""
        total = self.total_bytes
        if total > limits.total_bytes:
            raise TooLarge(
                f"The files of a session have at most {limits.total_bytes} bytes; this would make "
                f"{total}. Delete some first."
            )
        return self


def new_file(path: str, size: int, now: datetime, *, is_readonly: bool = False) -> FileEntry:
    """Return a file with a new id; one with content gets a new name for it."""
    content = new_uuid().hex if size else None
    return FileEntry(
        id=new_uuid(),
        path=path,
        size_bytes=size,
        content=content,
        is_readonly=is_readonly,
        created_at=now,
        updated_at=now,
    )


def new_directory(path: str, now: datetime) -> FileEntry:
    """Return a directory with a new id."""
    return _directory(path, now, 1)


def _directory(path: str, now: datetime, version: int) -> FileEntry:
    return FileEntry(
        id=new_uuid(), path=path, is_directory=True, created_at=now, updated_at=now, version=version
    )
