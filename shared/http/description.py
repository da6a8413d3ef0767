"""The committed description of the whole API, as it is served, and the way to it."""

import hashlib
from functools import cache
from importlib.resources import files

from fastapi import Response

from shared.core.json import dumps, loads
from shared.http.replies import reply


@cache
def document(base: str) -> tuple[str, str]:
    """Return the document, without the line breaks it is committed with, and its tag."""
    content = loads((files("shared.http") / "openapi.json").read_bytes())
    # Some tools take a server relative to the document for one relative to the host.
    text = dumps(content | {"servers": [{"url": base or "/"}]})
    return text, f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def signpost(base: str) -> Response:
    """Answer where description and documentation are, also in the words of RFC 8631.

    Tools that build commands from a description look for such a link at the base address.
    """
    description, documentation = f"{base}/openapi.json", f"{base}/docs"
    answer = reply({"description": description, "documentation": documentation})
    answer.headers["Link"] = (
        f'<{description}>; rel="service-desc", <{documentation}>; rel="service-doc"'
    )
    return answer
