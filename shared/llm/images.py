"""Images of a conversation that models can read."""

import base64
import binascii

from shared.llm.port import Part

#: Formats that models accept, by media type.
FORMATS = {
    "image/png": "png",
    "image/jpeg": "jpeg",
    "image/jpg": "jpeg",
    "image/gif": "gif",
    "image/webp": "webp",
}
#: Text in place of an image that no model can read.
UNREADABLE = "[an image that cannot be read]"


def decode_image(part: Part) -> tuple[str, bytes] | None:
    """Return format and content of an image part with ``base64``; None if it is unreadable."""
    image_format = FORMATS.get(str(part.get("media_type", "image/png")).lower())
    try:
        content = base64.b64decode(part["base64"], validate=True)
    except (binascii.Error, ValueError):
        content = b""
    return (image_format, content) if image_format and content else None
