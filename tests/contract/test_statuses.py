"""Statuses in openapi.json: all that function, authorizer and gateway can give, with bodies."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.dependencies import depends_on, needs_key, surface_of_route
from local.openapi import OPENAPI
from local.whole_api import routes
from shared.http.conditions import ExpectedVersion, IdempotencyKey
from shared.http.surfaces import AGENTS, EVALUATIONS, PLAYGROUND
from tests.support.documented import undocumented
from tests.support.template import template

COMMITTED: dict[str, Any] = json.loads(OPENAPI.read_text())
ROUTES = {
    f"{method} {route.path_format}": route
    for route in routes()
    for method in sorted(route.methods or ())
    if route.include_in_schema
}
#: Answers of the gateway to paths and methods that no operation has.
OF_NO_OPERATION = {404, 405}


def responses(name: str) -> dict[str, Any]:
    method, path = name.split(" ")
    found: dict[str, Any] = COMMITTED["paths"][path][method.lower()]["responses"]
    return found


def schemas(response: dict[str, Any]) -> list[str]:
    """Return the names of the schemas that the body of a response may have."""
    schema = response["content"]["application/json"]["schema"]
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = {"anyOf": COMMITTED["components"]["schemas"][name].get("anyOf", [schema])}
    return [choice["$ref"].rpartition("/")[2] for choice in schema["anyOf"]]


def gateway_statuses() -> Iterator[int]:
    """Yield the statuses of the gateway's own responses, those of DEFAULT_4XX aside."""
    shaped = template()["Resources"]["Api"]["Properties"]["GatewayResponses"]
    for response in shaped.values():
        if "StatusCode" in response:
            yield int(response["StatusCode"])


@pytest.mark.parametrize("name", ROUTES)
def test_operation_documents_the_statuses_of_the_gateway(name: str) -> None:
    given = set(gateway_statuses()) - OF_NO_OPERATION
    if not needs_key(ROUTES[name]):
        given -= {401, 503}  # of the authorizer

    assert given <= set(map(int, responses(name)))


@pytest.mark.parametrize("name", ROUTES)
def test_operation_documents_the_statuses_of_its_dependencies(name: str) -> None:
    route, found = ROUTES[name], set(map(int, responses(name)))

    if needs_key(route):
        assert found >= {401, 403}
    if depends_on(route, IdempotencyKey):
        assert found >= {400, 409, 413, 422}
    if depends_on(route, ExpectedVersion):
        assert found >= {404, 409, 412}
    if route.body_field is not None:
        invalid = {400} if surface_of_route(route) is EVALUATIONS else {400, 422}
        assert found >= invalid | {413}


@pytest.mark.parametrize("name", ROUTES)
def test_every_error_has_a_body_and_its_headers(name: str) -> None:
    for status, response in responses(name).items():
        if status == "431":  # refused before the gateway's own responses
            assert not response.keys() & {"content", "headers"}
            continue
        assert "X-Request-Id" in response["headers"], status
        if status >= "4":
            assert schemas(response), status
    for status in {"429", "503"} & responses(name).keys():
        assert "Retry-After" in responses(name)[status]["headers"]
    if "401" in responses(name):
        assert "WWW-Authenticate" in responses(name)["401"]["headers"]


@pytest.mark.parametrize(
    ("name", "status", "bodies"),
    [
        ("PUT /v1/workflows/revisions/{revision_id}/graph", "422",
         ["WorkflowGraphUpdateResponse", "HTTPValidationError"]),
        ("POST /v1/scenarios", "422", ["HTTPValidationError", "ErrorResponse"]),
        ("GET /v1/agents", "401", ["ErrorResponse"]),
        ("GET /v1/agents", "403", ["AgentsErrorResponse"]),
        ("GET /v1/agents", "429", ["ErrorResponse", "AgentsErrorResponse"]),
        ("GET /products", "503", ["ErrorResponse"]),
        ("GET /v1/workflows", "504", ["ErrorResponse"]),
    ],
)  # fmt: skip
def test_status_documents_each_body_that_it_can_have(
    name: str, status: str, bodies: list[str]
) -> None:
    assert schemas(responses(name)[status]) == bodies


@pytest.mark.parametrize(
    ("name", "status", "header"),
    [
        ("POST /v1/workflows", "201", "ETag"),
        ("POST /v1/workflows", "201", "Idempotent-Replayed"),
        ("GET /products", "200", "X-Next-Cursor"),
        ("POST /products", "201", "X-Ignored-Fields"),
        ("POST /v1/agents", "201", "X-Ignored-Fields"),
    ],
)
def test_success_documents_its_headers(name: str, status: str, header: str) -> None:
    assert header in responses(name)[status]["headers"]
    assert header in COMMITTED["components"]["headers"]


def test_every_surface_is_covered() -> None:
    assert {surface_of_route(route) for route in ROUTES.values()} == {
        AGENTS,
        EVALUATIONS,
        PLAYGROUND,
    }


@pytest.mark.parametrize(
    ("status", "headers", "body", "fault"),
    [
        (200, {}, {"status": "ok"}, None),
        (418, {}, {"status": "ok"}, "418 is not documented"),
        (200, {"etag": '"1"'}, {"status": "ok"}, "headers are not documented: ['etag']"),
        (200, {}, {"status": "up"}, "status"),
    ],
)
def test_answers_of_tests_are_compared_with_the_document(
    status: int, headers: dict[str, str], body: Any, fault: str | None
) -> None:
    sent = {"content-type": "application/json", **headers}

    found = undocumented("GET", "/health", status, sent, json.dumps(body))

    assert found is None if fault is None else fault in str(found)
