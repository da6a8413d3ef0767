"""Session files in the API: requests and responses."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.agents.api import error_responses, text_up_to
from shared.agents.file_contents import Encoding, encode
from shared.agents.file_paths import MAX_ENTRIES, MAX_PATH_BYTES
from shared.agents.files.domain import (
    FileEntry,
    FileInput,
    FileLimits,
    FileWithContent,
    Workspace,
)
from shared.agents.files.search import SearchResult
from shared.core.ids import SessionId

#: Characters of a content in a request, at most: 4 MiB in base64.
MAX_CONTENT = 5_592_408

#: Errors of the operations, those with a file in their path or body first.
FILE_ERRORS = error_responses(
    {400: "Invalid session ID, path or content", 404: "Session or path not found"}
)
WRITE_ERRORS = error_responses(
    {
        400: "Invalid session ID, path or content; a directory; or a read-only file",
        404: "Session or path not found",
        409: "A file or directory exists at the path",
    }
)
#: Path in a URL: checked by the service, with its own errors.
FilePath = Annotated[str, text_up_to(MAX_PATH_BYTES)]
_Path = Annotated[str, StringConstraints(max_length=MAX_PATH_BYTES)]
_Content = Annotated[str, StringConstraints(max_length=MAX_CONTENT)]
_Pattern = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class CreateFileRequest(BaseModel):
    """A file or directory to create."""

    content: _Content | None = None
    """The content, in the form of `encoding`; empty if absent. At most 4 MiB as bytes, or what
    the stack allows."""
    encoding: Encoding | None = None
    """`text` (the default) or `base64`."""
    is_directory: bool | None = None
    """True for a directory, which has no content; false if absent."""
    is_readonly: bool | None = None
    """True to protect the content from updates; false if absent."""

    def to_domain(self) -> FileInput:
        return FileInput(
            content=self.content,
            encoding=self.encoding or Encoding.TEXT,
            is_readonly=self.is_readonly,
            is_directory=bool(self.is_directory),
        )


class UpdateFileRequest(BaseModel):
    """Fields to set; null or absent leaves a field unchanged."""

    content: _Content | None = None
    """Replaces the content, in the form of `encoding`. At most 4 MiB as bytes, or what the stack
    allows."""
    encoding: Encoding | None = None
    """`text` (the default) or `base64`."""
    is_readonly: bool | None = None
    """True to protect the content from updates, false to release it."""

    def to_domain(self) -> FileInput:
        return FileInput(
            content=self.content,
            encoding=self.encoding or Encoding.TEXT,
            is_readonly=self.is_readonly,
        )


class MoveFileRequest(BaseModel):
    """A file or directory to move."""

    src_path: _Path
    """Path of the file or directory."""
    dst_path: _Path
    """Its new path, where nothing exists."""


class CopyFileRequest(BaseModel):
    """A file to copy."""

    src_path: _Path
    """Path of the file."""
    dst_path: _Path
    """Path of the copy, where nothing exists."""


class StatRequest(BaseModel):
    """A file or directory to describe."""

    path: _Path
    """Path of the file or directory; `/` is the root."""


class GrepRequest(BaseModel):
    """A search in the texts of a session's files."""

    pattern: _Pattern
    """Regular expression in the syntax of RE2, matched with the first 20,000 characters of each
    line: no look-around, no back references."""
    path_pattern: _Pattern | None = None
    """Only files whose whole path matches; `*` is any text, `?` any character: `*.md`."""


class DirectoryQuery(BaseModel):
    """Query parameters of the list of a directory."""

    model_config = ConfigDict(extra="forbid")

    recursive: bool = False
    """True to list everything below the directory."""


class DeleteParameters(BaseModel):
    """Query parameters of a delete."""

    model_config = ConfigDict(extra="forbid")

    recursive: bool = False
    """True to delete a directory with everything below."""


class FileStat(BaseModel):
    """Metadata of a file or directory."""

    path: str
    """Path in the session, from `/`."""
    name: str
    """Last segment of the path; `/` of the root."""
    is_directory: bool
    """True for a directory."""
    is_readonly: bool
    """True if the content is protected from updates; a read-only file can be moved and deleted."""
    size_bytes: int = Field(ge=0, json_schema_extra={"format": "int64"})
    """Bytes of the content; 0 of a directory."""
    created_at: datetime
    """Time of creation."""
    updated_at: datetime
    """Time of the last change."""

    @classmethod
    def of(cls, entry: FileEntry) -> "FileStat":
        return cls.model_validate(entry, from_attributes=True)


class FileInfo(FileStat):
    """A file or directory in a list."""

    id: str = Field(json_schema_extra={"format": "uuid"})
    """Id of the file, which stays when it is moved."""
    session_id: str = Field(json_schema_extra={"format": "uuid"})
    """Session of the file, as a UUID."""


class SessionFile(FileInfo):
    """A file with its content, or a directory."""

    content: str | None = None
    """The content, in the form of `encoding`; null of a directory, and in answers to a move or a
    copy."""
    encoding: Encoding = Encoding.TEXT
    """`base64` for what is not text, and for text that is too long as JSON."""

    @classmethod
    def of_entry(cls, session_id: SessionId, entry: FileEntry) -> "SessionFile":
        """Return a file without its content, or a directory."""
        return cls(**_info(session_id, entry))

    @classmethod
    def of_file(cls, session_id: SessionId, file: FileWithContent) -> "SessionFile":
        """Return a file with its content; a directory has none."""
        if file.content is None:
            return cls.of_entry(session_id, file.entry)
        content, encoding = encode(file.content)
        return cls(**_info(session_id, file.entry), content=content, encoding=encoding)


class FileUsage(BaseModel):
    """Use of a session's files and its limits."""

    files: int = Field(ge=0)
    """Number of files and directories."""
    max_files: int = Field(ge=0)
    """Number of files and directories, at most."""
    bytes: int = Field(ge=0)
    """Bytes of all files."""
    max_bytes: int = Field(ge=0)
    """Bytes of all files, at most."""
    max_file_bytes: int = Field(ge=0)
    """Bytes of one file, at most."""

    @classmethod
    def of(cls, workspace: Workspace, limits: FileLimits) -> "FileUsage":
        return cls(
            files=len(workspace.entries),
            max_files=MAX_ENTRIES,
            bytes=workspace.total_bytes,
            max_bytes=limits.total_bytes,
            max_file_bytes=limits.file_bytes,
        )


class ListResponse_FileInfo(BaseModel):  # noqa: N801  # the schema's name in the API
    """Files and directories, by path."""

    data: list[FileInfo]
    """The files and directories."""
    usage: FileUsage
    """Use of all files of the session, and its limits."""

    @classmethod
    def of(
        cls, workspace: Workspace, entries: list[FileEntry], limits: FileLimits
    ) -> "ListResponse_FileInfo":
        data = [FileInfo(**_info(workspace.session_id, one)) for one in entries]
        return cls(data=data, usage=FileUsage.of(workspace, limits))


FileOrList = SessionFile | ListResponse_FileInfo


def file_or_list(
    workspace: Workspace, file: FileWithContent, limits: FileLimits, *, recursive: bool
) -> tuple[FileOrList, int | None]:
    """Return a file with its version, or the list of a directory, which has none."""
    entry = file.entry
    if not entry.is_directory:
        return SessionFile.of_file(workspace.session_id, file), entry.version
    below = workspace.below(entry.path, recursive=recursive)
    return ListResponse_FileInfo.of(workspace, below, limits), None


class DeleteResponse(BaseModel):
    """Result of a delete."""

    deleted: bool
    """False if nothing was there."""


class GrepMatch(BaseModel):
    """A line that matches."""

    path: str
    """Path of the file."""
    line_number: int = Field(ge=0)
    """Number of the line, from 1."""
    line: str
    """The line; its first 500 characters."""


class GrepResult(BaseModel):
    """Matches in one file."""

    path: str
    """Path of the file."""
    matches: list[GrepMatch]
    """The lines that match, in order."""


class ListResponse_GrepResult(BaseModel):  # noqa: N801  # the schema's name in the API
    """Files with matches, by path."""

    data: list[GrepResult]
    """The files; those without a match, and binary ones, are left out."""
    is_complete: bool
    """False if a limit ended the search or cut a line: 1,000 matches, 20 MB of files, 6 seconds,
    20,000 characters of a line. Also if a file was replaced meanwhile."""

    @classmethod
    def of(cls, result: SearchResult) -> "ListResponse_GrepResult":
        data = [
            GrepResult(
                path=path,
                matches=[
                    GrepMatch(path=path, line_number=one.line_number, line=one.line)
                    for one in matches
                ],
            )
            for path, matches in result.matches.items()
        ]
        return cls(data=data, is_complete=result.is_complete)


def _info(session_id: SessionId, entry: FileEntry) -> dict[str, Any]:
    """Return the fields of a file's metadata."""
    fields = FileStat.of(entry).model_dump()
    return fields | {"id": str(entry.id), "session_id": str(session_id.uuid)}
