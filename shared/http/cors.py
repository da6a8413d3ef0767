"""Cross-origin requests of browsers (CORS): headers of responses, and of answers to preflights.

``ALLOWED_ORIGINS`` names the origins whose pages may call the API; without one, no response has
such a header. Keys are sent in a header and never by the browser itself: no credentials.
"""

import os
from functools import cache

#: All methods, so that a page can read the 405 of a method that a path does not have.
_REQUEST_METHODS = "GET, POST, PUT, PATCH, DELETE, HEAD"
_REQUEST_HEADERS = (
    "authorization, content-type, idempotency-key, if-match, if-none-match, last-event-id, "
    "mcp-method, mcp-name, mcp-protocol-version, x-api-key, x-request-id"
)
_RESPONSE_HEADERS = (
    "Allow, ETag, Idempotent-Replayed, Link, Location, Retry-After, X-Ignored-Fields, "
    "X-Next-Cursor, X-Request-Id"
)
#: Seconds for which a browser may remember a preflight; Chromium's limit.
_MAX_AGE = 7200


@cache
def allowed_origins() -> frozenset[str]:
    """Return the allowed origins; ``*`` for all."""
    listed = os.environ.get("ALLOWED_ORIGINS", "").split(",")
    return frozenset(origin.strip().rstrip("/") for origin in listed) - {""}


def is_allowed_origin(origin: str) -> bool:
    """Check that the pages of an origin may call the API."""
    return not allowed_origins().isdisjoint({"*", origin})


def cors_headers(origin: str | None) -> dict[str, str]:
    """Return the headers of a response to a request from an origin."""
    if not allowed_origins():
        return {}
    headers = {"Vary": "Origin"}
    if "*" in allowed_origins():
        headers["Access-Control-Allow-Origin"] = "*"
    elif origin is not None and is_allowed_origin(origin):
        headers["Access-Control-Allow-Origin"] = origin
    else:
        return headers
    return headers | {"Access-Control-Expose-Headers": _RESPONSE_HEADERS}


def preflight_headers(origin: str | None) -> dict[str, str]:
    """Return the headers of the answer to a preflight request."""
    headers = cors_headers(origin)
    if "Access-Control-Allow-Origin" not in headers:
        return headers
    return headers | {
        "Access-Control-Allow-Methods": _REQUEST_METHODS,
        "Access-Control-Allow-Headers": _REQUEST_HEADERS,
        "Access-Control-Max-Age": str(_MAX_AGE),
    }
