"""Endpoint handler: paths, parameters and bodies of API Gateway's events."""

import json
from typing import Any

import pytest

from shared.http.endpoint import lambda_handler, route_path
from shared.http.surfaces import PLAYGROUND
from tests.unit.http.conftest import SURFACES, Client, thing_handler

AGENT = "agent_" + "0" * 31 + "c"
BODY = f'{{"agent_id":"{AGENT}","name":"né"}}'


@pytest.mark.parametrize("prefix", ["", "/api", "/api/live", "/v1", "/v1/things"])
@pytest.mark.parametrize("end", ["", "/"])
@pytest.mark.parametrize(
    ("resource", "path"),
    [
        ("/health", "/health"),
        ("/v1/things", "/v1/things"),
        ("/v1/things/{id}", "/v1/things/a"),
        ("/v1/things/{id}", "/v1/things/things"),
        ("/v1/things/{id}", "/v1/things/a%2Fb"),
        ("/v1/things/{id}/runs/{run}", "/v1/things/a/runs/b"),
    ],
)
def test_stage_or_base_path_is_removed(prefix: str, end: str, resource: str, path: str) -> None:
    assert route_path({"path": prefix + path + end, "resource": resource}) == path


@pytest.mark.parametrize(
    ("resource", "path", "expected"),
    [
        ("/docs/{proxy+}", "/docs/a/b.js", "/docs/a/b.js"),
        ("/docs/{proxy+}", "/api/docs/a/b.js", "/docs/a/b.js"),
        ("/docs/{proxy+}", "/api/docs/docs/b.js", "/docs/docs/b.js"),
        ("/", "/", "/"),
        ("/", "/api", "/"),
        ("/", "/api/", "/"),
    ],
)
def test_base_path_of_a_greedy_or_root_resource_is_removed(
    resource: str, path: str, expected: str
) -> None:
    assert route_path({"path": path, "resource": resource}) == expected


@pytest.mark.parametrize(
    ("sent", "name"),
    [("a%20b", "a b"), ("%C3%A9", "é"), ("a%3Fb%23c", "a?b#c"), ("100%25", "100%"), ("+", "+")],
)
def test_path_parameter_is_decoded(client: Client, sent: str, name: str) -> None:
    answer = client.send("GET", f"/api/v1/names/{sent}", resource="/v1/names/{name}")
    assert answer.json["name"] == name


def test_repeated_query_parameter_keeps_all_values_in_order(client: Client) -> None:
    answer = client.send("GET", query="exclude=b&exclude=a&exclude=&limit=3")
    assert answer.json["exclude"] == ["b", "a", ""]
    assert answer.json["limit"] == 3
    assert client.send("GET").json["exclude"] is None


def test_base64_encoded_body_is_decoded(client: Client) -> None:
    answer = client.send(body=BODY.encode())
    assert (answer.status, answer.json["name"]) == (201, "né")


@pytest.mark.parametrize(
    "content_type",
    [None, "", "application/json", "application/json; charset=utf-8", "APPLICATION/JSON",
     "application/vnd.thing+json"],
)  # fmt: skip
def test_json_or_missing_content_type_is_accepted(client: Client, content_type: str | None) -> None:
    answer = client.send(body=BODY, headers={"content-type": content_type})
    assert (answer.status, answer.json["name"]) == (201, "né")


@pytest.mark.parametrize("sent", [BODY.encode(), b"\xff\x00"], ids=["json", "bytes"])
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"]
)
def test_other_content_type_is_rejected(
    surface_name: str, client: Client, content_type: str, sent: bytes
) -> None:
    answer = client.send(body=sent, headers={"content-type": content_type})
    assert answer.status == (400 if surface_name == "evaluations" else 422)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("body", [None, "", "{", '{"agent_id": 1}'])
def test_body_of_a_bodiless_method_is_ignored(
    client: Client, method: str, body: str | None
) -> None:
    assert client.send(method, body=body).status in (200, 204)


def test_null_fields_of_the_event_are_accepted() -> None:
    parameters = ("queryStringParameters", "multiValueQueryStringParameters", "stageVariables")
    event: dict[str, Any] = dict.fromkeys(("headers", "multiValueHeaders", "body", *parameters)) | {
        "resource": "/v1/names/{name}",
        "path": "/v1/names/x",
        "httpMethod": "GET",
        "pathParameters": {"name": "x"},
        "requestContext": {"requestId": "r", "identity": {}},
        "isBase64Encoded": False,
    }
    answer = thing_handler(SURFACES["playground"])(event, None)
    assert answer["statusCode"] == 200
    assert answer["headers"]["x-request-id"] == "r"
    assert json.loads(answer["body"]) == {"name": "x", "path": "/v1/names/x"}


def test_dependency_that_fails_in_lambda_fails_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def load() -> None:
        raise RuntimeError("no model")

    # Given: outside of Lambda nothing is created before a request needs it
    lambda_handler(PLAYGROUND.router(), load)

    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "f")
    with pytest.raises(RuntimeError, match="no model"):
        lambda_handler(PLAYGROUND.router(), load)
