"""The OpenAPI document: what FastAPI knows of the routes, and what only the edge knows.

Keys, request headers and each surface's own refusals are handled by the edge for all
routes, so no endpoint declares them; they are added here, found by what a route depends on.
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

Every request carries an API key: `x-api-key: KEY` or `Authorization: Bearer KEY`. Every answer
carries `X-Request-Id`. A POST that creates something takes an `Idempotency-Key`; the answer of
a single resource has an `ETag`, which `If-Match` holds a later write to.
"""
TAGS = {
    "workflow-playground": "Try a workflow in a durable session.",
    "workflows": "Workflows, their revisions and graphs.",
    "scenarios": "Test scenarios, written or drafted from a captured session.",
    "agents": "Agents that sessions are opened for.",
    "sessions": "Sessions of agents, and of evaluations.",
    "messages": "Messages of an agent session.",
    "events": "The event log of an agent session.",
    "capabilities": "What agents and sessions can be given.",
    "models": "Models that run an agent's turns.",
    "inference-results": "The turns of an evaluation session.",
    "conversation-simulator": "A simulated user, for the test case of a session.",
    "products": "Products under evaluation.",
    "versions": "Versions of a product.",
    "tests": "Tests of a product.",
    "test-cases": "Cases of a test.",
    "auth": "Who the key belongs to.",
    "identity": "API keys, and who they belong to.",
    "service": "The service itself; needs no key.",
}
#: Either of the two: the first header is the playground's custom, the second the others'.
SCHEMES = {
    "APIKeyHeader": {"type": "apiKey", "in": "header", "name": "x-api-key"},
    "bearerAuth": {"type": "http", "scheme": "bearer", "description": "The API key as it is."},
}
HEADERS = {
    IdempotencyKey: {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "Makes a repeated request one: the same key and payload get the same "
        "answer, the same key with another payload 422.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    },
    ExpectedVersion: {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "The `ETag` that the change is based on; 412 if the resource has "
        "changed since.",
        "schema": {"type": "string"},
    },
}
_GENERIC_REFUSAL = "#/components/schemas/HTTPValidationError"


def described(routes: list[APIRoute]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the routes; equal routes give an equal document."""
    routes = [route for route in routes if route.include_in_schema]
    document = get_openapi(
        title="Agent Sessions",
        version=version(),
        description=DESCRIPTION,
        routes=routes,
        # Relative to this document: right under a stage, a base path, a domain of one's own.
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
    """Return the project's version, as pyproject.toml has it."""
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    return next(line.split('"')[1] for line in lines if line.startswith("version = "))


def needs_key(route: APIRoute) -> bool:
    """Tell whether a route asks who calls."""
    return any(depends_on(route, caller) for caller in (Reader, Writer, Admin))


def depends_on(route: APIRoute, annotated: Any) -> bool:
    """Tell whether a route, or what it depends on, asks for an annotated dependency."""
    return get_args(annotated)[1].dependency in set(_calls(route.dependant))


def _complete(operation: dict[str, Any], route: APIRoute) -> None:
    if needs_key(route):
        operation["security"] = [{name: []} for name in SCHEMES]
    headers = [header for kind, header in HEADERS.items() if depends_on(route, kind)]
    if headers:
        operation["parameters"] = [*operation.get("parameters", []), *headers]
    if depends_on(route, ExpectedVersion):
        _refuse_stale_writes(operation["responses"])
    refusal = operation["responses"].get("422", {})
    surface = getattr(type(route), "answers_for", None)
    if surface in (AGENTS, EVALUATIONS) and _schema(refusal).get("$ref") == _GENERIC_REFUSAL:
        # FastAPI's own guess: these surfaces never answer in this form.
        del operation["responses"]["422"]


def _refuse_stale_writes(responses: dict[str, Any]) -> None:
    """Document 412, in the body that the surface refuses an unknown thing with."""
    stale = "The resource has changed since the version in `If-Match`"
    responses.setdefault("412", {**responses["404"], "description": stale})


def _schema(response: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = response.get("content", {}).get("application/json", {})
    return found.get("schema", {})  # type: ignore[no-any-return]  # plain JSON


def _tags(document: dict[str, Any]) -> list[dict[str, str]]:
    """Describe the tags in use; one that nobody described is an error of ours."""
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
