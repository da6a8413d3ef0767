"""The OpenAPI document as the API serves it, and the root resource that links to it."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Response

from shared.core.json import dumps, loads
from shared.http.responses import reply

_HEADERS = {"ETag": {"$ref": "#/components/headers/ETag"}}
#: OpenAPI documentation of the document's own route.
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document",
        "headers": _HEADERS,
        "content": {
            "application/json": {
                "schema": {"type": "object", "additionalProperties": True},
                "example": {"openapi": "3.1.0", "info": {"title": "Agent Sessions"}, "paths": {}},
            }
        },
    },
    304: {"description": "The document is still the one of `If-None-Match`", "headers": _HEADERS},
}


@cache
def document(base: str) -> tuple[str, str]:
    """Return the committed document, without its line breaks, and its ETag.

    ``base`` is the path of the stage or base path; empty for none.
    """
    content = loads((files("shared.http") / "openapi.json").read_bytes())
    # Some tools resolve a relative server against the host, not against the document.
    text = dumps(content | {"servers": [{"url": base or "/"}]})
    return text, f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def root_response(base: str) -> Response:
    """Return links to the OpenAPI document, the docs page and the web console.

    Tools that generate commands look for a link of RFC 8631 at the base URL: the ``Link`` header
    has the first two.
    """
    description, documentation = f"{base}/openapi.json", f"{base}/docs"
    links = {"description": description, "documentation": documentation}
    response = reply(links | {"console": f"{base}/console/"})
    response.headers["Link"] = (
        f'<{description}>; rel="service-desc", <{documentation}>; rel="service-doc"'
    )
    return response
