"""Lines of an import file: numbered, of limited size, and parsed as JSON.

Used by this command line and by ``make import`` of the project. Imports the standard library only.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

#: Bytes of a line, at most (docs/importing.md).
MAX_LINE_BYTES = 50_000_000
_CHUNK = 1024 * 1024
#: First line of an exported session, and the lines of its events.
_SESSION = re.compile(rb'\s*\{\s*"type"\s*:\s*"session"\s*,')
_EVENT = re.compile(rb'\s*\{\s*"sequence"\s*:')


@dataclass(frozen=True, slots=True)
class Line:
    """One conversation of an import file.

    Attributes
    ----------
    number
        Number of the line in its file, from 1; blank lines count.
    content
        The line as it was read.
    value
        Its JSON value.
    refusal
        Reason why the line cannot be imported, or an empty text.
    """

    number: int
    content: bytes
    value: Any = None
    refusal: str = ""


def split_lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a file; of a longer one, one byte more than ``MAX_LINE_BYTES``.

    Memory stays bounded, whatever the file contains.
    """
    while line := file.readline(MAX_LINE_BYTES + 2):
        if len(line.rstrip(b"\r\n")) > MAX_LINE_BYTES:
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = file.readline(_CHUNK)
            line = line[: MAX_LINE_BYTES + 1]
        yield line


def joined_lines(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield each line with its number from 1, the lines of one exported session as one.

    Its events become ``events`` of the session's line, whose number it has. Of a session above
    ``MAX_LINE_BYTES``, the last events are left out, as it is refused.
    """
    session: tuple[int, bytes] | None = None
    events: list[bytes] = []
    size = 0
    for number, line in enumerate(lines, 1):
        if session and _EVENT.match(line):
            if size <= MAX_LINE_BYTES:
                events.append(line.strip())
            size += len(line)
            continue
        if session:
            yield session[0], _joined(session[1], events)
        session, events, size = None, [], len(line)
        if _SESSION.match(line):
            session = number, line
        else:
            yield number, line
    if session:
        yield session[0], _joined(session[1], events)


def _joined(session: bytes, events: list[bytes]) -> bytes:
    own, closing, rest = session.rstrip().rpartition(b"}")
    if not events or not closing:
        return session
    return own + b',"events":[' + b",".join(events) + b"]}" + rest


def read_lines(
    lines: Iterable[bytes], loads: Callable[[bytes], Any] = json.loads
) -> Iterator[Line]:
    """Yield the lines that are not blank, each with its JSON value or its refusal.

    An exported session is one line: see :func:`joined_lines`. ``loads`` parses a line and raises
    ``ValueError`` for text that is not JSON.
    """
    for number, raw in joined_lines(lines):
        content = raw.strip()
        if not content:
            continue
        if len(content) > MAX_LINE_BYTES:
            yield Line(number, b"", refusal=f"must not exceed {MAX_LINE_BYTES // 1_000_000} MB")
            continue
        try:
            yield Line(number, content, loads(content))
        except RecursionError:
            yield Line(number, content, refusal="not JSON: nested too deep")
        except ValueError as error:
            yield Line(number, content, refusal=f"not JSON: {error}")
