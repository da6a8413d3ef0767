"""Paths of session files: one normal form, which cannot leave the session."""

import re
import unicodedata

from shared.core.errors import InvalidInput

MAX_PATH_BYTES = 512
MAX_SEGMENT_BYTES = 255
MAX_DEPTH = 32
#: Files and directories of one session, at most: their metadata is one item of 400 KB.
MAX_ENTRIES = 500
ROOT = "/"
#: First segment of the paths of actions: ``/fs/_/copy``.
_RESERVED = "_"
#: Control characters, surrogates, and separators of lines and paragraphs.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
#: Gateways differ in how often they decode a path. What would change by decoding it once more
#: is refused, so that a path means the same to each of them.
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")


def file_path(text: str, field: str = "path") -> str:
    """Return the normal form of a path: absolute, in Unicode's form NFC, without empty segments.

    Paths are case-sensitive. Raises ``InvalidInput`` for ``.`` and ``..``, backslashes, control
    characters, percent-encoded octets, the reserved first segment ``_``, and above a limit.
    """
    text = unicodedata.normalize("NFC", text)
    _require("\\" not in text, field, "must separate segments by /, without backslashes")
    _require(not _ENCODED.search(text), field, "must not contain percent-encoded characters")
    refused = any(unicodedata.category(one) in _REFUSED_CATEGORIES for one in text)
    _require(not refused, field, "must not contain control characters")
    segments = [one for one in text.split("/") if one]
    _require(not {".", ".."} & set(segments), field, "must not contain the segments . and ..")
    _require(segments[:1] != [_RESERVED], field, "must not begin with /_/, which is reserved")
    _require(len(segments) <= MAX_DEPTH, field, f"must have at most {MAX_DEPTH} segments")
    longest = max((len(one.encode()) for one in segments), default=0)
    _require(
        longest <= MAX_SEGMENT_BYTES,
        field,
        f"must have at most {MAX_SEGMENT_BYTES} bytes a segment",
    )
    path = ROOT + "/".join(segments)
    _require(
        len(path.encode()) <= MAX_PATH_BYTES, field, f"must have at most {MAX_PATH_BYTES} bytes"
    )
    return path


def named_path(text: str, field: str = "path") -> str:
    """Return the normal form of a path below the root. Raises as :func:`file_path`."""
    path = file_path(text, field)
    _require(path != ROOT, field, "must name a file or directory below the root")
    return path


def parents(path: str) -> list[str]:
    """Return the directories above a path, the outermost first, without the root."""
    segments = path.split("/")[1:-1]
    return ["/" + "/".join(segments[: count + 1]) for count in range(len(segments))]


def is_below(path: str, directory: str) -> bool:
    """Return whether a path is somewhere below a directory."""
    return path != ROOT and path.startswith(ROOT if directory == ROOT else f"{directory}/")


def _require(within: bool, field: str, rule: str) -> None:
    if not within:
        raise InvalidInput(f"{field}: {rule}.")
