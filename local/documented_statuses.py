"""Statuses of an operation: all that its function, the authorizer and the gateway can give.

Most follow from what a route depends on, so they are derived here, in one place. What is special
to an operation (404 of a resource that its body names, 409 of a state) is declared at the route,
and is kept.
"""

import ast
import inspect
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi.routing import APIRoute

from local.dependencies import depends_on, needs_key, surface_of_route
from shared.http.conditions import ExpectedVersion, IdempotencyKey
from shared.http.surfaces import AGENTS, EVALUATIONS, PLAYGROUND, Surface

type _Schema = dict[str, Any]

_SCHEMAS = "#/components/schemas/"
_INVALID = {"$ref": f"{_SCHEMAS}HTTPValidationError"}
#: Body of the gateway and of the authorizer, on every path, and of all functions but agents'.
_ERROR = {"$ref": f"{_SCHEMAS}ErrorResponse"}
_AGENTS_ERROR = {"$ref": f"{_SCHEMAS}AgentsErrorResponse"}

#: Bodies of several forms, as components: a union without a name has one for each status.
UNIONS: dict[str, _Schema] = {
    "UnprocessableResponse": {
        "description": "Invalid fields, or an `Idempotency-Key` used with another payload.",
        "anyOf": [_INVALID, _ERROR],
    },
    "AgentsFailureResponse": {
        "description": "Error of the gateway, or of the function.",
        "anyOf": [_ERROR, _AGENTS_ERROR],
    },
}

DESCRIPTIONS = {
    400: "Invalid path, query or header, or a body that cannot be read",
    401: "No API key, or one that is unknown, expired or revoked",
    403: "The API key lacks the required scope",
    404: "Resource not found",
    409: "The state of the resource, or a concurrent change, does not allow the operation",
    412: "The resource has changed since the version in `If-Match`",
    413: "The request, the resource or the response is too large",
    422: "A field is invalid, or the `Idempotency-Key` was used with another payload",
    429: "Too many requests, or the organization's daily quota is used up",
    431: "URL and headers together exceed the gateway's limit of 10 KB; use fewer values",
    500: "Internal error",
    503: "A dependency does not respond, or the resource is being modified; retry",
    504: "The operation took too long",
}
#: Sent by the gateway alone, and by the gateway as well as by functions.
_GATEWAY_ONLY = frozenset({401, 504})
_GATEWAY_TOO = frozenset({413, 429, 500, 503})
#: Refused before the gateway's own responses, so without their body and headers.
_WITHOUT_BODY = 431
_TEXT = {"type": "string"}
#: Response headers, as components.
HEADERS: dict[str, _Schema] = {
    "X-Request-Id": {
        "description": "Id of the request: the client's, if it sent one, else the gateway's.",
        "schema": _TEXT,
    },
    "ETag": {
        "description": "Version of the resource; send it as `If-Match` with a later write.",
        "schema": _TEXT,
    },
    "Idempotent-Replayed": {
        "description": "`true` if the response repeats that of an earlier request with the same "
        "`Idempotency-Key`; absent otherwise.",
        "schema": _TEXT,
    },
    "X-Next-Cursor": {
        "description": "Cursor of the next page; absent on the last page.",
        "schema": _TEXT,
    },
    "X-Ignored-Fields": {
        "description": "Fields of the body and query parameters that had no effect.",
        "schema": _TEXT,
    },
    "Retry-After": {"description": "Seconds to wait before the request is repeated.",
                    "schema": {"type": "integer", "minimum": 0}},
    "WWW-Authenticate": {"description": "Authentication scheme.", "schema": _TEXT},
}  # fmt: skip
#: Headers that a success has, by the functions that an endpoint calls and their arguments.
_HEADERS_OF = {
    "version": ["ETag"],
    "replayed": ["Idempotent-Replayed"],
    "next_cursor": ["X-Next-Cursor"],
    "reply_list": ["X-Next-Cursor", "X-Ignored-Fields"],
}


def document_statuses(operation: _Schema, route: APIRoute, method: str) -> None:
    """Complete the responses of an operation, whose schemas have their short names."""
    responses: dict[str, _Schema] = operation["responses"]
    surface = surface_of_route(route)
    for status in sorted(_statuses(operation, route, method)):
        described = responses.setdefault(str(status), {"description": DESCRIPTIONS[status]})
        if status != _WITHOUT_BODY:
            _add_schemas(described, _error_schemas(status, route, surface))
    for code, response in responses.items():
        if response["description"] == HTTPStatus(int(code)).phrase and int(code) in DESCRIPTIONS:
            response["description"] = DESCRIPTIONS[int(code)]
        names = sorted(set(_header_names(int(code), operation, route, surface)))
        references = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
        if references:
            response["headers"] = response.get("headers", {}) | references
    operation["responses"] = dict(sorted(responses.items()))


def _statuses(operation: _Schema, route: APIRoute, method: str) -> set[int]:
    """Return the error statuses of a route: those declared, and those of its dependencies."""
    declared = {int(code) for code in operation["responses"] if code >= "4"}
    common = {413, 429, 500, 503, 504}
    if not needs_key(route):
        return declared | common - {503}
    has_body = "requestBody" in operation
    repeatable = depends_on(route, IdempotencyKey)
    conditional = depends_on(route, ExpectedVersion)
    inputs = {one["in"] for one in operation.get("parameters", [])}
    surface = surface_of_route(route)
    rules = {
        400: has_body or repeatable or "query" in inputs
        or (surface in (AGENTS, EVALUATIONS) and "path" in inputs),
        # Bodies and filters of evaluations refer to other resources.
        404: "path" in inputs or (surface is EVALUATIONS and (has_body or "query" in inputs)),
        409: repeatable or conditional or method in {"PUT", "PATCH", "DELETE"},
        412: conditional,
        # Playground routes reject unknown query parameters, also those without any.
        422: repeatable or (has_body and surface is AGENTS) or surface is PLAYGROUND,
        _WITHOUT_BODY: "query" in inputs,
    }  # fmt: skip
    return declared | common | {401, 403} | {status for status, given in rules.items() if given}


def _error_schemas(status: int, route: APIRoute, surface: Surface) -> list[_Schema]:
    """Return the schemas that the body of an error may have."""
    if surface is AGENTS:
        own = [_AGENTS_ERROR]
        gateway = [_ERROR]
    else:
        own = gateway = [_ERROR]
    if status in _GATEWAY_ONLY:
        return gateway
    if status in _GATEWAY_TOO:
        return gateway + [one for one in own if one not in gateway]
    if status == 422 and surface not in (AGENTS, EVALUATIONS):
        reused = own if depends_on(route, IdempotencyKey) else []
        return [_INVALID, *reused]
    return own


def _add_schemas(response: _Schema, schemas: list[_Schema]) -> None:
    """Add schemas to the body of a response; several become alternatives."""
    media = response.setdefault("content", {}).setdefault("application/json", {})
    declared = media.get("schema", {})
    found = declared.get("anyOf", [declared] if declared else [])
    choices = found + [one for one in schemas if one not in found]
    media["schema"] = choices[0] if len(choices) == 1 else _union(choices)


def _union(choices: list[_Schema]) -> _Schema:
    names = {choice["$ref"] for choice in choices}
    for name, union in UNIONS.items():
        if {choice["$ref"] for choice in union["anyOf"]} == names:
            return {"$ref": _SCHEMAS + name}
    return {"anyOf": choices}


def _header_names(
    status: int, operation: _Schema, route: APIRoute, surface: Surface
) -> Iterator[str]:
    if status == _WITHOUT_BODY:
        return
    yield "X-Request-Id"
    if status == 401:
        yield "WWW-Authenticate"
    elif status in (429, 503):
        yield "Retry-After"
    elif status < 300:
        for name in _calls_and_arguments(route):
            yield from _HEADERS_OF.get(name, ())
        inputs = {one["in"] for one in operation.get("parameters", [])}
        reads_no_query = needs_key(route) and "query" not in inputs
        if surface.names_ignored_fields and ("requestBody" in operation or reads_no_query):
            yield "X-Ignored-Fields"


def _calls_and_arguments(route: APIRoute) -> Iterator[str]:
    """Yield the names of the functions that an endpoint calls, and of their keyword arguments."""
    for node in ast.walk(ast.parse(inspect.getsource(route.endpoint))):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)
