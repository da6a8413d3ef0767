"""From API Gateway's event to the route: paths, parameters and bodies arrive as sent."""

import json
from typing import Any

import pytest

from shared.http.endpoint import own_path
from tests.support.gateway import Gateway
from tests.unit.http.conftest import SURFACES, THING, Client, thing_handler

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
def test_given_a_stage_or_base_path_then_the_route_sees_its_own_path(
    prefix: str, end: str, resource: str, path: str
) -> None:
    assert own_path({"path": prefix + path + end, "resource": resource}) == path


@pytest.mark.parametrize(
    ("resource", "path", "own"),
    [
        ("/docs/{proxy+}", "/docs/a/b.js", "/docs/a/b.js"),
        ("/docs/{proxy+}", "/api/docs/a/b.js", "/docs/a/b.js"),
        ("/docs/{proxy+}", "/api/docs/docs/b.js", "/docs/docs/b.js"),
        ("/", "/", "/"),
        ("/", "/api", "/"),
        ("/", "/api/", "/"),
    ],
)
def test_given_a_greedy_or_root_resource_then_the_route_sees_its_own_path(
    resource: str, path: str, own: str
) -> None:
    assert own_path({"path": path, "resource": resource}) == own


@pytest.mark.parametrize(
    ("sent", "name"),
    [("a%20b", "a b"), ("%C3%A9", "é"), ("a%3Fb%23c", "a?b#c"), ("100%25", "100%"), ("+", "+")],
)
def test_given_encoded_characters_in_a_path_then_the_parameter_arrives_decoded(
    client: Client, sent: str, name: str
) -> None:
    answer = client.send("GET", f"/api/v1/names/{sent}", resource="/v1/names/{name}")
    assert answer.json["name"] == name


def test_given_a_repeated_query_parameter_then_all_values_arrive_in_order(client: Client) -> None:
    answer = client.send("GET", query="exclude=b&exclude=a&exclude=&limit=3")
    assert answer.json["exclude"] == ["b", "a", ""]
    assert answer.json["limit"] == 3


def test_given_no_query_at_all_then_defaults_stand(client: Client) -> None:
    assert client.send("GET").json["exclude"] is None


def test_given_a_base64_encoded_body_then_it_is_read(client: Client) -> None:
    answer = client.send(body=BODY.encode())
    assert (answer.status, answer.json["name"]) == (201, "né")


@pytest.mark.parametrize(
    "content_type",
    [None, "", "application/json", "application/json; charset=utf-8", "APPLICATION/JSON",
     "application/vnd.thing+json"],
)  # fmt: skip
def test_given_json_or_no_content_type_then_the_body_is_read(
    client: Client, content_type: str | None
) -> None:
    answer = client.send(body=BODY, headers={"content-type": content_type})
    assert (answer.status, answer.json["name"]) == (201, "né")


@pytest.mark.parametrize("sent", [BODY.encode(), b"\xff\x00"], ids=["json", "bytes"])
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"]
)
def test_given_another_content_type_then_the_body_is_refused(
    surface_name: str, client: Client, content_type: str, sent: bytes
) -> None:
    answer = client.send(body=sent, headers={"content-type": content_type})
    assert answer.status == (400 if surface_name == "evaluations" else 422)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("body", [None, "", "{", '{"agent_id": 1}'])
def test_given_a_content_type_and_no_use_for_a_body_then_none_is_read(
    client: Client, method: str, body: str | None
) -> None:
    assert client.send(method, body=body).status in (200, 204)


def test_given_a_plain_event_of_api_gateway_then_null_fields_do_no_harm() -> None:
    event: dict[str, Any] = {
        "resource": "/v1/names/{name}",
        "path": "/v1/names/x",
        "httpMethod": "GET",
        "headers": None,
        "multiValueHeaders": None,
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"name": "x"},
        "stageVariables": None,
        "requestContext": {"requestId": "r", "identity": {}},
        "body": None,
        "isBase64Encoded": False,
    }
    answer = thing_handler(SURFACES["playground"])(event, None)
    assert answer["statusCode"] == 200
    assert answer["headers"]["x-request-id"] == "r"
    assert json.loads(answer["body"]) == {"name": "x", "path": "/v1/names/x"}


def test_given_no_content_then_the_answer_is_empty() -> None:
    answer = Client(thing_handler(SURFACES["agents"]), Gateway()).send("DELETE", THING)
    assert (answer.status, answer.text) == (204, "")
