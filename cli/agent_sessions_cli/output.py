"""Output of a command: tables and text for people, JSON for programs.

Text of sessions comes from anywhere: control characters, which could drive the terminal, are
replaced, and nothing of it is read as markup.
"""

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from .errors import Failure, Status

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
#: Characters of a cell on a terminal.
_CELL = 60
#: Characters of a tool call or result on a terminal.
_TOOL = 300


def visible(text: object) -> str:
    """Return text that a terminal shows as it is."""
    return _CONTROL.sub("\ufffd", str(text))


def note(text: str) -> None:
    """Print a remark for people, beside the output."""
    print(visible(text), file=sys.stderr, flush=True)  # noqa: T201 - the output of the command


def write(text: str | bytes) -> None:
    """Write to stdout at once. Raises ``Failure`` if its reader has ended."""
    try:
        if isinstance(text, bytes):
            sys.stdout.buffer.write(text)
        else:
            sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise Failure("the reader of the output has ended", Status.PIPE_CLOSED) from error


def line(text: object) -> None:
    """Print one line of the output."""
    write(f"{visible(text)}\n")


def document(value: Any) -> None:
    """Print one JSON document in one line; its texts can drive no terminal."""
    text = json.dumps(value, ensure_ascii=not _is_unicode())
    write(_CONTROL.sub(_escape, text) + "\n")


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _is_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows: as a table on a terminal, else as lines with tabs, which nothing cuts."""
    if not sys.stdout.isatty():
        for row in rows:
            write("\t".join(_cell(value) for value in row) + "\n")
        return
    from rich.console import Console  # noqa: PLC0415 - most commands start without it
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    shown = Table(box=None, pad_edge=False, header_style="bold" if _has_color() else "")
    cells = [[_cell(value) for value in row] for row in rows]
    for number, column in enumerate(columns):
        # The first column is an id, to be copied: never cut.
        longest = max((len(row[0]) for row in cells), default=2) if number == 0 else None
        shown.add_column(column, no_wrap=True, min_width=longest)
    for first, *others in cells:
        shown.add_row(Text(first), *(Text(cell[:_CELL]) for cell in others))
    Console().print(shown)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    return visible(" ".join(str(value).split()))


def when(text: object) -> str:
    """Return a time of the API, to the minute in the user's zone on a terminal."""
    if not sys.stdout.isatty() or not isinstance(text, str):
        return str(text or "")
    try:
        return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return text


#: Colors of the roles in a conversation.
_COLORS = {"user": "36", "agent": "32", "call": "33", "result": "2", "error": "31", "failed": "31"}


def message(role: str, text: str) -> None:
    """Print one message of a conversation; a terminal shows its role in color, and tools cut."""
    if role in ("call", "result") and len(text) > _TOOL and sys.stdout.isatty():
        text = f"{text[:_TOOL]}…"
    color = _COLORS.get(role)
    name = f"\x1b[{color}m{visible(role)}\x1b[0m" if color and _has_color() else visible(role)
    write(f"{name}: {visible(text)}\n")


def _has_color() -> bool:
    is_plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not is_plain
