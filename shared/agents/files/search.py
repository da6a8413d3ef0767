"""Search in the texts of session files, in a limited time.

Patterns come from clients, so they are matched by RE2, whose automata do not backtrack. Its time
still grows with the text times the pattern: patterns are limited by the memory that they need,
and the clock is read often enough for the slowest of them.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from itertools import accumulate, batched
from typing import Any

from shared.agents.file_contents import ContentLost, text_of
from shared.agents.file_paths import ROOT
from shared.agents.files.contents import FileContents
from shared.agents.files.domain import FileEntry
from shared.agents.files.repository import WorkspaceRepository
from shared.core.errors import NotFound
from shared.core.patterns import compile_pattern

#: Lines in one result, and characters of a line in it, at most.
MAX_MATCHES = 1000
MAX_LINE = 500
#: Bytes of all files that one search reads, and seconds that it takes, at most.
MAX_SEARCHED_BYTES = 20_000_000
MAX_SECONDS = 6.0
#: Contents that are read at the same time.
_READERS = 8
#: Characters of a line that are searched, and between two looks at the clock: a tenth of a second
#: for the slowest pattern.
MAX_LINE_SEARCHED = _CLOCK_INTERVAL = 20_000


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
    """Search in the files of one agent session.

    All searches of one object share :data:`MAX_SECONDS`.
    """

    def __init__(
        self,
        repository: WorkspaceRepository,
        contents: FileContents,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._repository = repository
        self._contents = contents
        self._clock = clock
        self._seconds_left = MAX_SECONDS

    def grep(self, pattern: str, path_pattern: str | None = None) -> SearchResult:
        """Return the lines that a regular expression (RE2) matches, of texts only.

        ``path_pattern`` selects files by their whole path; ``*`` is any text, ``?`` any
        character. One read, and one of each content; a file that is replaced in between is left
        out. Raises ``InvalidInput`` for a pattern that
        RE2 refuses, and ``NotFound`` for an unknown session.
        """
        matches = compile_pattern(pattern)
        started = self._clock()
        deadline = started + self._seconds_left
        workspace = self._repository.load()
        # fnmatch also knows [sets], which are a part of names here.
        paths = path_pattern.replace("[", "[[]") if path_pattern else "*"
        files = [
            one
            for one in workspace.below(ROOT, recursive=True)
            if one.content and fnmatchcase(one.path, paths)
        ]
        result = SearchResult({})
        search = _TextSearch(matches, lambda: self._clock() > deadline, result)
        for file, data in _read_all(files, self._contents, result):
            if not search.add(file.path, text_of(data) or ""):
                break
        self._seconds_left -= self._clock() - started
        return result


class _TextSearch:
    """Search of one pattern in texts, up to the limits of matches and of time."""

    def __init__(
        self, matches: Callable[[str], Any], is_over: Callable[[], bool], result: SearchResult
    ) -> None:
        self._matches = matches
        self._is_over = is_over
        self._result = result
        self._remaining = MAX_MATCHES
        self._searched = 0

    def add(self, path: str, text: str) -> bool:
        """Add the matches in one text; return whether the search goes on."""
        found: list[Match] = []
        goes_on = True
        for number, line in enumerate(_lines(text), 1):
            if len(line) > MAX_LINE_SEARCHED:
                self._result.is_complete = False
            if self._matches(line[:MAX_LINE_SEARCHED]):
                found.append(Match(number, line[:MAX_LINE]))
            goes_on = len(found) < self._remaining and not self._is_late(line)
            if not goes_on:
                break
        if found:
            self._result.matches[path] = found
            self._remaining -= len(found)
        if not goes_on or self._is_over():
            self._result.is_complete = False
            return False
        return True

    def _is_late(self, line: str) -> bool:
        self._searched += 1 + min(len(line), MAX_LINE_SEARCHED)
        if self._searched < _CLOCK_INTERVAL:
            return False
        self._searched = 0
        return self._is_over()


def _lines(text: str) -> Iterator[str]:
    """Return the lines of a text, which end in LF or CR LF."""
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return (line.removesuffix("\r") for line in lines)


def _read_all(
    files: list[FileEntry], contents: FileContents, result: SearchResult
) -> Iterator[tuple[FileEntry, bytes]]:
    """Yield files with their contents, some read at the same time, up to the limit of bytes."""
    sizes = accumulate(one.size_bytes for one in files)
    fitting = files[: sum(size <= MAX_SEARCHED_BYTES for size in sizes)]
    result.is_complete = len(fitting) == len(files)
    with ThreadPoolExecutor(_READERS) as pool:
        for batch in batched(fitting, _READERS):
            for file, data in zip(batch, pool.map(partial(_read, contents), batch), strict=True):
                if data is None:
                    result.is_complete = False
                else:
                    yield file, data


def _read(contents: FileContents, file: FileEntry) -> bytes | None:
    try:
        return contents.read(file)
    except (NotFound, ContentLost):  # replaced or deleted since the metadata were read, or lost
        return None
