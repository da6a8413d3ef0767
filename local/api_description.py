"""OpenAPI document: FastAPI's description of the routes, completed by what shared/http adds.

API keys, request headers and each surface's errors are handled in one place for all routes, so
no endpoint declares them; they are added here by the dependencies of a route.
"""

from collections.abc import Iterator
from typing import Any, get_args

from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from local.command_line import extensions
from local.component_names import with_short_names
from local.settings import ROOT
from shared.http.caller import Admin, Reader, Writer
from shared.http.conditions import ExpectedVersion, IdempotencyKey
from shared.http.surfaces import AGENTS, EVALUATIONS

DESCRIPTION = """\
One serverless API for the sessions of AI agents: open a session for an agent, for a workflow
in the playground, or for an evaluation; record what happens in it; turn any captured session
into a test scenario.

Every request needs an API key: `x-api-key: KEY` or `Authorization: Bearer KEY`. Every response
has an `X-Request-Id`. A POST that creates a resource or appends to a session accepts an
`Idempotency-Key`. The response with a single resource has an `ETag`; a later write with
`If-Match` fails with 412 if the resource has changed.
"""
TAGS = {
    "workflow-playground": "Durable sessions that run a workflow.",
    "workflows": "Workflows, their revisions and graphs.",
    "scenarios": "Test scenarios: written by hand, or drafted from a captured session.",
    "agents": "Agents that sessions belong to.",
    "sessions": "Sessions of agents, and of evaluations.",
    "messages": "Messages of an agent session.",
    "events": "The event log of an agent session.",
    "capabilities": "Capabilities for agents and sessions.",
    "models": "Models that run an agent's turns.",
    "inference-results": "Turns of an evaluation session.",
    "conversation-simulator": "Simulated user for the test case of a session.",
    "products": "Products under evaluation.",
    "versions": "Versions of a product.",
    "tests": "Tests of a product.",
    "test-cases": "Cases of a test.",
    "auth": "The caller's identity.",
    "identity": "API keys and the caller's identity.",
    "service": "The service itself; needs no API key.",
}
#: Alternatives: the first is customary on the playground surface, the second on the others.
SCHEMES = {
    "APIKeyHeader": {"type": "apiKey", "in": "header", "name": "x-api-key"},
    "bearerAuth": {"type": "http", "scheme": "bearer", "description": "The API key."},
}
HEADERS = {
    IdempotencyKey: {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "Makes a create repeatable for 30 days: the same key and payload return "
        "the first response; another payload returns 422, a deleted resource 409.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    },
    ExpectedVersion: {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "`ETag` that the write is based on; 412 if the resource has changed since.",
        "schema": {"type": "string"},
    },
}
_VALIDATION_ERROR = "#/components/schemas/HTTPValidationError"


def openapi_document(routes: list[APIRoute]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the routes; it is deterministic."""
    routes = [route for route in routes if route.include_in_schema]
    document = get_openapi(
        title="Agent Sessions",
        version=version(),
        description=DESCRIPTION,
        routes=routes,
        # Relative to this document: valid under a stage, a base path or a custom domain.
        servers=[{"url": "."}],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    for route in routes:
        for method in (route.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}:
            operation = document["paths"][route.path_format][method.lower()]
            _complete(operation, route)
            operation.update(extensions(route, method))
    document["components"]["securitySchemes"] = SCHEMES
    document["tags"] = _tags(document)
    return with_short_names(document)


def version() -> str:
    """Return the project's version, from pyproject.toml."""
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    return next(line.split('"')[1] for line in lines if line.startswith("version = "))


def needs_key(route: APIRoute) -> bool:
    """Return whether a route needs an API key."""
    return any(depends_on(route, caller) for caller in (Reader, Writer, Admin))


def depends_on(route: APIRoute, annotated: Any) -> bool:
    """Return whether a route depends, directly or not, on an annotated dependency."""
    return get_args(annotated)[1].dependency in set(_calls(route.dependant))


def _complete(operation: dict[str, Any], route: APIRoute) -> None:
    if needs_key(route):
        operation["security"] = [{name: []} for name in SCHEMES]
    headers = [header for kind, header in HEADERS.items() if depends_on(route, kind)]
    if headers:
        operation["parameters"] = [*operation.get("parameters", []), *headers]
    if depends_on(route, ExpectedVersion):
        _document_stale_writes(operation["responses"])
    invalid = operation["responses"].get("422", {})
    surface = getattr(type(route), "surface", None)
    if surface in (AGENTS, EVALUATIONS) and _schema(invalid).get("$ref") == _VALIDATION_ERROR:
        # FastAPI's default, which these surfaces never send.
        del operation["responses"]["422"]


def _document_stale_writes(responses: dict[str, Any]) -> None:
    """Document 412, with the same body as 404."""
    stale = "The resource has changed since the version in `If-Match`"
    responses.setdefault("412", {**responses["404"], "description": stale})


def _schema(response: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = response.get("content", {}).get("application/json", {})
    return found.get("schema", {})  # type: ignore[no-any-return]  # plain JSON


def _tags(document: dict[str, Any]) -> list[dict[str, str]]:
    """Return the tags in use, described. Raises ``LookupError`` for an undescribed one."""
    used = {
        tag
        for path in document["paths"].values()
        for operation in path.values()
        for tag in operation.get("tags", ["service"])
    }
    if unknown := used - TAGS.keys():
        raise LookupError(f"describe these tags in {__name__}: {sorted(unknown)}")
    return [{"name": tag, "description": text} for tag, text in TAGS.items() if tag in used]


def _calls(dependant: Dependant) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)
