"""File tools: read, write, list, search, delete and describe files of the session."""

from collections.abc import Callable
from typing import Any, Literal

from pydantic import Field

from shared.agents.file_contents import ContentLost, Encoding, encode
from shared.agents.files.domain import FileEntry, FileInput
from shared.agents.tools.tool import Arguments, Tool, ToolContext, ToolFailed
from shared.core.errors import DomainError, NotFound, Throttled, Unavailable
from shared.core.json import dumps

#: Bytes of a content in one result, as JSON: a part that leaves room in the model's context.
MAX_RESULT_BYTES = 12_000
#: Entries of a directory, and lines of a search, in one result.
MAX_RESULTS = 50


class PathArguments(Arguments):
    """Arguments of a tool for one path."""

    path: str = Field(max_length=512, description="Absolute path, e.g. /docs/readme.md.")


class ReadArguments(PathArguments):
    """Arguments of the tool that reads."""

    offset: int = Field(default=0, ge=0, description="Characters to skip, to read on.")


class WriteArguments(PathArguments):
    """Arguments of the tool that writes."""

    content: str = Field(max_length=200_000, description="The whole new content.")
    # No Encoding: its schema would be a reference, which servers of models and readers of the API's
    # description resolve differently.
    encoding: Literal["text", "base64"] = Field(
        default="text", description="text, or base64 for bytes."
    )


class ListArguments(Arguments):
    """Arguments of the tool that lists."""

    path: str = Field(default="/", max_length=512, description="Directory; / is the root.")


class GrepArguments(Arguments):
    """Arguments of the tool that searches."""

    pattern: str = Field(min_length=1, max_length=500, description="Regular expression (RE2).")
    path_pattern: str | None = Field(
        default=None, max_length=500, description="Only paths that match, e.g. *.md or /docs/*."
    )


class DeleteArguments(PathArguments):
    """Arguments of the tool that deletes."""

    recursive: bool = Field(default=False, description="Also a directory that is not empty.")


def _read(arguments: ReadArguments, context: ToolContext) -> Any:
    _, file = context.files().files.read(arguments.path)
    if file.content is None:
        raise ToolFailed(f"{file.entry.path} is a directory; list it instead")
    content, encoding = encode(file.content)
    part = content[arguments.offset : arguments.offset + MAX_RESULT_BYTES]
    while len(dumps(part).encode()) > MAX_RESULT_BYTES:
        part = part[: len(part) * 3 // 4]
    result = _metadata(file.entry) | {"content": part, "encoding": encoding.value}
    following = arguments.offset + len(part)
    return result if following >= len(content) else result | {"next_offset": following}


def _write(arguments: WriteArguments, context: ToolContext) -> Any:
    files = context.files().files
    given = FileInput(content=arguments.content, encoding=Encoding(arguments.encoding))
    try:
        return _metadata(files.update(arguments.path, given).entry) | {"created": False}
    except NotFound:
        created = files.create(arguments.path, given)
        return _metadata(created.entity.entry) | {"created": True}


def _list(arguments: ListArguments, context: ToolContext) -> Any:
    workspace, file = context.files().files.read(arguments.path)
    if not file.entry.is_directory:
        raise ToolFailed(f"{file.entry.path} is a file; read it instead")
    entries = workspace.below(file.entry.path, recursive=False)
    shown = [_metadata(one) for one in entries[:MAX_RESULTS]]
    return {"path": file.entry.path, "entries": shown, "count": len(entries)}


def _grep(arguments: GrepArguments, context: ToolContext) -> Any:
    found = context.files().search.grep(arguments.pattern, arguments.path_pattern)
    lines = [
        {"path": path, "line_number": one.line_number, "line": one.line[:200]}
        for path, matches in found.matches.items()
        for one in matches
    ]
    shown = {"matches": lines[:MAX_RESULTS], "match_count": len(lines)}
    return shown if found.is_complete else shown | {"is_complete": False}


def _delete(arguments: DeleteArguments, context: ToolContext) -> Any:
    if not context.files().files.delete(arguments.path, recursive=arguments.recursive):
        raise ToolFailed(f"{arguments.path} does not exist")
    return {"path": arguments.path, "deleted": True}


def _stat(arguments: PathArguments, context: ToolContext) -> Any:
    entry = context.files().files.stat(arguments.path)
    times = {"created_at": entry.created_at.isoformat(), "updated_at": entry.updated_at.isoformat()}
    return _metadata(entry) | times


def _metadata(entry: FileEntry) -> dict[str, Any]:
    return {
        "path": entry.path,
        "is_directory": entry.is_directory,
        "is_readonly": entry.is_readonly,
        "size_bytes": entry.size_bytes,
    }


def _tool[A: Arguments](
    name: str, description: str, arguments: type[A], run: Callable[[A, ToolContext], Any]
) -> Tool[A]:
    """Return a tool that reports refusals to the model; the turn waits for what is unavailable."""

    def run_refused(given: A, context: ToolContext) -> Any:
        try:
            return run(given, context)
        except DomainError as refused:
            is_lost = isinstance(refused, ContentLost)
            if isinstance(refused, Unavailable | Throttled) and not is_lost:
                raise
            raise ToolFailed(refused.message) from refused

    return Tool(name, description, arguments, run_refused)


FILE_TOOLS: tuple[Tool[Any], ...] = (
    _tool("read_file", "Reads a file: text, or base64 of bytes.", ReadArguments, _read),
    _tool("write_file", "Creates a file, with its directories, or replaces its content.",
          WriteArguments, _write),
    _tool("list_directory", "Lists the files and directories in a directory.",
          ListArguments, _list),
    _tool("grep_files", "Searches the lines of all text files.", GrepArguments, _grep),
    _tool("delete_file", "Deletes a file or directory.", DeleteArguments, _delete),
    _tool("stat_file", "Returns size and times of a file or directory.", PathArguments, _stat),
)  # fmt: skip
