"""Search in the texts of session files, in time linear to their length.

Patterns come from clients, so they are matched by RE2: its automata do not backtrack, and it
refuses a pattern that would need too much memory.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from itertools import batched
from typing import Any

from shared.agents.file_contents import text_of
from shared.agents.file_paths import ROOT
from shared.agents.files.contents import FileContents
from shared.agents.files.domain import FileEntry
from shared.agents.files.repository import WorkspaceRepository
from shared.core.errors import InvalidInput, NotFound

#: Lines in one result, and characters of a line in it, at most.
MAX_MATCHES = 1000
MAX_LINE = 500
#: Bytes of all files that one search reads, and seconds that it takes, at most.
MAX_SEARCHED_BYTES = 20_000_000
MAX_SECONDS = 6.0
#: Contents that are read at the same time.
_READERS = 8
#: Lines between two looks at the clock.
_LINES = 10_000
#: Bytes of the automata of one pattern, at most.
_MAX_PATTERN_MEMORY = 8_000_000


@dataclass(frozen=True, slots=True)
class Match:
    """A line that matches; lines are numbered from 1."""

    line_number: int
    line: str


@dataclass(slots=True)
class SearchResult:
    """Matches by file, in the order of the paths; ``is_complete`` if no limit ended the search."""

    matches: dict[str, list[Match]]
    is_complete: bool = True


class FileSearch:
    """Search in the files of one agent session."""

    def __init__(
        self,
        repository: WorkspaceRepository,
        contents: FileContents,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._repository = repository
        self._contents = contents
        self._clock = clock

    def grep(self, pattern: str, path_pattern: str | None = None) -> SearchResult:
        """Return the lines that a regular expression (RE2) matches, of texts only.

        ``path_pattern`` selects files by their whole path; ``*`` is any text, ``?`` any
        character. One read, and one of each content. Raises ``InvalidInput`` for a pattern that
        RE2 refuses, and ``NotFound`` for an unknown session.
        """
        matches = _compiled(pattern)
        deadline = self._clock() + MAX_SECONDS
        workspace = self._repository.load()
        files = [
            one
            for one in workspace.below(ROOT, recursive=True)
            if one.content and (path_pattern is None or fnmatchcase(one.path, path_pattern))
        ]
        result = SearchResult({})
        remaining = MAX_MATCHES
        for file, data in _read_all(files, self._contents, result):
            found: list[Match] = []
            for number, line in enumerate((text_of(data) or "").splitlines(), 1):
                if number % _LINES == 0 and self._clock() > deadline:
                    result.is_complete = False
                    break
                if matches(line):
                    found.append(Match(number, line[:MAX_LINE]))
                if len(found) == remaining:
                    break
            if found:
                result.matches[file.path] = found
                remaining -= len(found)
            if not remaining or self._clock() > deadline:
                result.is_complete = False
                break
        return result


def _read_all(
    files: list[FileEntry], contents: FileContents, result: SearchResult
) -> Iterator[tuple[FileEntry, bytes]]:
    """Yield files with their contents, some read at the same time, up to the limit of bytes."""
    searched = 0
    with ThreadPoolExecutor(_READERS) as pool:
        for batch in batched(files, _READERS):
            searched += sum(one.size_bytes for one in batch)
            if searched > MAX_SEARCHED_BYTES:
                result.is_complete = False
                return
            for file, data in zip(batch, pool.map(partial(_read, contents), batch), strict=True):
                if data is not None:
                    yield file, data


def _read(contents: FileContents, file: FileEntry) -> bytes | None:
    try:
        return contents.read(file)
    except NotFound:  # replaced or deleted since the metadata were read
        return None


def _compiled(pattern: str) -> Callable[[str], Any]:
    """Return the search of a pattern in a line. Raises ``InvalidInput``."""
    import re2  # type: ignore[import-untyped]  # noqa: PLC0415  # only a search needs it

    options = re2.Options()
    options.max_mem = _MAX_PATTERN_MEMORY
    options.log_errors = False
    try:
        search: Callable[[str], Any] = re2.compile(pattern, options).search
    except re2.error as error:
        reason = error.args[0].decode(errors="replace") if error.args else ""
        raise InvalidInput(f"pattern: must be a regular expression of RE2: {reason}") from error
    return search
