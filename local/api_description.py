"""OpenAPI document: FastAPI's description of the routes, completed by what shared/http adds.

API keys, request headers and each surface's errors are handled in one place for all routes, so
no endpoint declares them; they are added here by the dependencies of a route.
"""

from typing import Any

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from local.command_line import extensions
from local.component_names import with_short_names
from local.dependencies import depends_on, needs_key, surface_of_route
from local.documented_examples import document_examples
from local.documented_statuses import HEADERS as RESPONSE_HEADERS
from local.documented_statuses import UNIONS, document_statuses
from local.field_descriptions import describe_parameters, describe_schemas
from local.inline_schemas import name_inline_schemas
from local.settings import ROOT
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
    "personas": "People that a simulated user plays.",
    "runs": "Runs of scenarios against a target, and their simulations.",
    "agents": "Agents that sessions belong to.",
    "agent-sessions": "Sessions of agents.",
    "sessions": "Sessions of evaluations.",
    "captured-sessions": "Sessions of all kinds, in one list.",
    "imports": "Conversations captured by other systems.",
    "messages": "Messages of an agent session.",
    "filesystem": "Files of an agent session.",
    "events": "The event log of an agent session.",
    "capabilities": "Capabilities for agents and sessions.",
    "models": "Models that run an agent's turns.",
    "inference-results": "Turns of an evaluation session.",
    "storage": "Files of tests: CSV files, knowledge bases and attachments.",
    "evaluation-runs": "Groups of sessions and evaluations of a product.",
    "traces": "Steps of a product during a turn.",
    "conversation-simulator": "Simulated user for the test case of a session.",
    "products": "Products under evaluation.",
    "versions": "Versions of a product.",
    "metrics": "Ways to score sessions and turns.",
    "evaluations": "Scores of sessions and turns.",
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
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
#: Descriptions of path parameters; `id` is described at each route.
PATH_PARAMETERS = {
    "agent_id": "Id of the agent.",
    "capability_id": "Id of the capability.",
    "key_id": "Id of the API key.",
    "name": "Name of the tool: the recorded one, or the one in the listing.",
    "number": "Number of the simulation in its run, from 0.",
    "run_id": "Id of the run.",
    "sim_run_id": "Id of the run.",
    "revision_id": "Id of the revision.",
    "scenario_id": "Id of the scenario.",
    "slug": "Slug of the workflow in the catalog.",
    "persona_id": "Id of the persona.",
    "session_id": "Id of the session.",
    "path": "Path of a file or directory, of one or more segments; at most 512 bytes. Without "
    "`..`, backslashes, control and percent-encoded characters; `/_/` is reserved.",
    "workflow_id": "Id of the workflow.",
}
HEADERS = {
    IdempotencyKey: {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "Makes a create repeatable for 30 days: the same key and payload return "
        "the first response; another payload returns 422, a deleted resource 409.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    },
    ExpectedVersion: {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "`ETag` that the write is based on; 412 if the resource has changed since.",
        "schema": {"type": "string", "maxLength": 1000},
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
    operations = [
        (document["paths"][route.path_format][method.lower()], route, method)
        for route in routes
        for method in sorted((route.methods or set()) & METHODS)
    ]
    for operation, route, method in operations:
        _complete(operation, route)
        operation.update(extensions(route, method))
    describe_schemas(document["components"]["schemas"], routes)
    document = with_short_names(document)
    for _, route, method in operations:
        document_statuses(document["paths"][route.path_format][method.lower()], route, method)
    document["components"]["schemas"] |= UNIONS
    name_inline_schemas(document)
    for _, route, method in operations:
        document_examples(document["paths"][route.path_format][method.lower()], route)
    # Generators of clients name a class after the title.
    for name, schema in document["components"]["schemas"].items():
        schema["title"] = name
    document["components"] |= {"securitySchemes": SCHEMES, "headers": RESPONSE_HEADERS}
    document["tags"] = _tags(document)
    return document


def version() -> str:
    """Return the project's version, from pyproject.toml."""
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    return next(line.split('"')[1] for line in lines if line.startswith("version = "))


def _complete(operation: dict[str, Any], route: APIRoute) -> None:
    # An empty list states that the route is open; tools take a missing one for a mistake.
    operation["security"] = [{name: []} for name in SCHEMES] if needs_key(route) else []
    headers = [header for kind, header in HEADERS.items() if depends_on(route, kind)]
    if headers:
        operation["parameters"] = [*operation.get("parameters", []), *headers]
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path" and parameter["name"] in PATH_PARAMETERS:
            parameter.setdefault("description", PATH_PARAMETERS[parameter["name"]])
    describe_parameters(operation.get("parameters", []), route)
    invalid = operation["responses"].get("422", {}).get("content", {}).get("application/json", {})
    if (
        surface_of_route(route) in (AGENTS, EVALUATIONS)
        and invalid.get("schema", {}).get("$ref") == _VALIDATION_ERROR
    ):
        # FastAPI's default, which these surfaces never send.
        del operation["responses"]["422"]


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
