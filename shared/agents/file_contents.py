"""Contents of files as JSON has them: text, or base64."""

import base64
from enum import StrEnum

from shared.core.errors import InvalidInput, Unavailable
from shared.core.json import dumps

#: Bytes of a text within a function's response: JSON within JSON, whose limit is 6 MB.
_MAX_TEXT_BYTES = 5_900_000
#: Bytes of content that stay below that limit however often they are escaped.
_ALWAYS_FITS = _MAX_TEXT_BYTES // 7


class ContentLost(Unavailable):
    """Content that a file's metadata name is not in the bucket."""


class Encoding(StrEnum):
    """Form of a content in JSON: `text` is UTF-8 text as it is, `base64` any bytes."""

    TEXT = "text"
    BASE64 = "base64"


def decode(content: str, encoding: Encoding, field: str = "content") -> bytes:
    """Return the bytes of a content. Raises ``InvalidInput`` if it is no base64."""
    if encoding == Encoding.TEXT:
        return content.encode()
    try:
        return base64.b64decode(content, validate=True)
    except ValueError as error:
        raise InvalidInput(f"{field}: must be base64, as its encoding says.") from error


def encode(data: bytes) -> tuple[str, Encoding]:
    """Return the content and its encoding: text where possible.

    Base64 is for bytes that are not UTF-8, contain NUL, or would exceed a response as text.
    """
    text = text_of(data)
    if text is not None and (
        len(data) <= _ALWAYS_FITS or len(dumps(dumps(text)).encode()) <= _MAX_TEXT_BYTES
    ):
        return text, Encoding.TEXT
    return base64.b64encode(data).decode(), Encoding.BASE64


def text_of(data: bytes) -> str | None:
    """Return the text of a file; None of a binary one."""
    if b"\x00" in data:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
