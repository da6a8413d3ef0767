"""Methods of a path that no function serves: preflight requests, and 405.

Needs no API key, as an unknown path needs none, and no web framework: a browser waits for a
preflight before its first request.
"""

from functools import cache
from importlib.resources import files
from typing import Any

from shared.core.json import dumps, loads
from shared.core.observability import logger
from shared.http.cors import cors_headers, preflight_headers
from shared.http.request_ids import request_id_of

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: Methods of paths that are not in the OpenAPI document: the root, the docs page, unknown paths.
_UNDOCUMENTED = ("GET",)


def answer(event: dict[str, Any]) -> dict[str, Any]:
    """Return the response to API Gateway's event: 204 to OPTIONS, else 405 with ``Allow``."""
    method, resource = event["httpMethod"], event["resource"]
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    identifier = request_id_of(headers.get("x-request-id"), event)
    methods = [*served_methods(resource), "OPTIONS"]
    own = {"Allow": ", ".join(methods), "X-Request-Id": identifier}
    origin = headers.get("origin")
    if method == "OPTIONS":
        status, body = 204, ""
        own |= preflight_headers(origin)
    else:
        status, body = 405, _rejection(method, methods)
        own |= cors_headers(origin) | {"Content-Type": "application/json"}
    logger.info("%s %s", method, resource, extra={"status": status, "request_id": identifier})
    return {"statusCode": status, "headers": own, "body": body, "isBase64Encoded": False}


def served_methods(resource: str) -> tuple[str, ...]:
    """Return the methods that functions serve on a path of the template.

    The document does not say of a parameter that it is greedy: ``{path+}`` is ``{path}`` there.
    """
    return _documented().get(resource.replace("+}", "}"), _UNDOCUMENTED)


@cache
def _documented() -> dict[str, tuple[str, ...]]:
    paths = loads((files("shared.http") / "openapi.json").read_bytes())["paths"]
    return {
        path: tuple(method for method in _METHODS if method.lower() in operations)
        for path, operations in paths.items()
    }


def _rejection(method: str, methods: list[str]) -> str:
    message = f"{method[:20]}: this path has only the methods {', '.join(methods)}."
    return dumps({"error": "method_not_allowed", "message": message})
