"""HTTP tools from OpenAPI documents, against real servers on this machine."""

import json
import logging
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.agents.agents.domain import CapabilityConfig
from shared.agents.files.staging import StagedFiles
from shared.agents.tools.listings import Listings
from shared.agents.tools.notes import Notes
from shared.agents.tools.remote import RemoteTools
from shared.agents.tools.tool import AnyTool, ToolContext, ToolFailed, ToolPlace, ToolsUnavailable
from shared.egress.hosts import AllowedHosts
from tests.support.raw_server import RawServer, http, raw_server


def _no_files() -> StagedFiles:
    raise AssertionError("a remote tool reads no files")


CONTEXT = ToolContext(datetime(2026, 1, 1, tzinfo=UTC), Notes, _no_files)
SECRET = "user:pa55-word"


def parameter(name: str, location: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"name": name, "in": location, "schema": {"type": kind}, **more}


def document(**more: Any) -> dict[str, Any]:
    """Return the document of a small shop."""
    item = {
        "type": "object",
        "required": ["sku"],
        "properties": {
            "sku": {"type": "string"},
            "count": {"type": "integer", "nullable": True},
            "part_of": {"$ref": "#/components/schemas/Item"},
        },
    }
    schema = {"$ref": "#/components/schemas/Item"}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {
        "openapi": "3.0.3",
        "servers": [{"url": "http://127.0.0.1:1/v1"}],
        "components": {
            "schemas": {"Item": item},
            "parameters": {"Page": parameter("page", "query", "integer")},
        },
        "paths": {
            "/orders/{id}": {
                "parameters": [parameter("id", "path", required=True)],
                "get": {
                    "operationId": "get.order",
                    "summary": "Get an order",
                    "parameters": [
                        parameter("fields", "query", "array"),
                        parameter("X-Trace", "header"),
                        parameter("Authorization", "header"),
                        {"$ref": "#/components/parameters/Page"},
                    ],
                },
                "put": {"operationId": "put_order", "requestBody": body},
                "delete": {"operationId": "delete_order"},
            },
            "/orders": {
                "post": {"requestBody": body, "operationId": "add_order"},
                "get": {"parameters": [parameter("tags", "query", "array", explode=False)]},
            },
            "/files": {
                "post": {
                    "operationId": "upload",
                    "requestBody": {"required": True, "content": {"multipart/form-data": {}}},
                }
            },
        },
        **more,
    }


class Turn:
    def __init__(self) -> None:
        self.opened: list[RemoteTools] = []
        self.listings = Listings()

    def __call__(self, **config: Any) -> dict[str, AnyTool]:
        remote = RemoteTools(
            "org_1",
            AllowedHosts.parse("127.0.0.1"),
            secret=lambda _: SECRET,
            seconds=lambda: 10.0,
            listings=self.listings,
        )
        self.opened.append(remote)
        return remote.tools([CapabilityConfig("http:shop", config)], ())


@pytest.fixture
def turn() -> Iterator[Turn]:
    started = Turn()
    yield started
    for one in started.opened:
        one.close()


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server(lambda _: [http('{"ok": true}', content_type="application/json")]) as running:
        yield running


def call(found: AnyTool, **arguments: Any) -> Any:
    return found.call(arguments, CONTEXT)


def request(server: RawServer) -> tuple[str, dict[str, str], str]:
    """Return the last request: its first line, headers and body."""
    head, _, body = server.requests[-1].decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return first.removesuffix(" HTTP/1.1"), headers, body


# ------------------------------------------------------------------------- operations
def test_operations_become_tools(turn: Turn) -> None:
    tools = turn(document=document())
    names = [name.partition("_")[0] + "…" if "." in name else name for name in tools]
    assert [name for name in names if not name.startswith("get_order_")] == [
        "put_order", "delete_order", "get_orders", "add_order",
    ]  # fmt: skip
    [order] = [one for name, one in tools.items() if name.startswith("get_order_")]
    assert order.specification.description == "Get an order"
    assert list(order.specification.parameters["properties"]) == ["id", "fields", "X-Trace", "page"]
    assert order.specification.parameters["required"] == ["id"]
    assert order.place is ToolPlace.REMOTE
    assert {name for name, one in tools.items() if not one.is_repeatable} == {"add_order"}


def test_body_and_parameters_are_one_schema(turn: Turn) -> None:
    put = turn(document=document())["put_order"].specification.parameters
    assert put["required"] == ["id", "sku"]
    assert put["properties"]["count"] == {"type": ["integer", "null"]}
    assert put["properties"]["part_of"]["properties"]["sku"] == {"type": "string"}
    assert "$ref" not in json.dumps(put)


def test_named_operations_alone_are_offered(turn: Turn) -> None:
    assert list(turn(document=document(), operations=["put_order"])) == ["put_order"]
    assert len(turn(document=document(), operations=["get.order"])) == 1


# --------------------------------------------------------------------------- requests
def test_arguments_reach_their_places(turn: Turn, server: RawServer) -> None:
    tools = turn(document=document(), server=f"{server.url}/base/")
    [order] = [one for name, one in tools.items() if name.startswith("get_order_")]

    result = call(order, id="a b", fields=["x", "y&z"], page=2, **{"X-Trace": "t-1"})

    first, headers, _ = request(server)
    assert result == {"ok": True}
    assert first == "GET /base/orders/a%20b?fields=x&fields=y%26z&page=2"
    assert headers["x-trace"] == "t-1"
    assert "authorization" not in headers

    call(tools["get_orders"], tags=["a", "b,c"])
    assert request(server)[0] == "GET /base/orders?tags=a%2Cb%2Cc"

    call(tools["put_order"], id="7", sku="s", count=None)
    first, headers, body = request(server)
    assert (first, json.loads(body)) == ("PUT /base/orders/7", {"sku": "s", "count": None})
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("form", "sent"),
    [
        ({}, "a=1&b=x%26y"),
        ({"explode": False}, "where=a%2C1%2Cb%2Cx%26y"),
        ({"style": "deepObject"}, "where%5Ba%5D=1&where%5Bb%5D=x%26y"),
    ],
)
def test_object_in_the_query_has_the_declared_form(
    turn: Turn, server: RawServer, form: dict[str, Any], sent: str
) -> None:
    where = parameter("where", "query", "object", **form)
    paths = {"/orders": {"get": {"operationId": "find", "parameters": [where]}}}
    tools = turn(document=document(paths=paths), server=server.url)
    call(tools["find"], where={"a": 1, "b": "x&y"})
    assert request(server)[0] == f"GET /orders?{sent}"


@pytest.mark.parametrize(
    ("is_required", "arguments", "sent"),
    [
        (False, {}, ""),
        (False, {"note": "a"}, '{"note":"a"}'),
        (True, {"sku": "b"}, '{"sku":"b"}'),
    ],
)
def test_optional_body_may_be_left_out(
    turn: Turn, server: RawServer, *, is_required: bool, arguments: dict[str, Any], sent: str
) -> None:
    schema = {"type": "object", "required": ["sku"], "properties": {"sku": {}, "note": {}}}
    body = {"required": is_required, "content": {"application/json": {"schema": schema}}}
    paths = {"/orders": {"post": {"operationId": "add", "requestBody": body}}}
    tools = turn(document=document(paths=paths), server=server.url)
    call(tools["add"], **arguments)
    assert request(server)[2] == sent


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("../../admin", "..%2F..%2Fadmin"),
        ("a/b?x=1#y", "a%2Fb%3Fx%3D1%23y"),
        ("%2e%2e%2f", "%252e%252e%252f"),
        ("x\r\nHost: evil", "x%0D%0AHost%3A%20evil"),
        ("{id}", "%7Bid%7D"),
        ("\u00e9", "%C3%A9"),
        (True, "true"),
        (4711, "4711"),
    ],
)
def test_argument_of_the_path_leads_nowhere_else(
    turn: Turn, server: RawServer, value: Any, sent: str
) -> None:
    call(turn(document=document(), server=server.url)["delete_order"], id=value)
    assert request(server)[0] == f"DELETE /orders/{sent}"


@pytest.mark.parametrize(
    ("tool", "arguments", "reason"),
    [
        ("delete_order", {"id": ".."}, "must not be empty, '.' or '..'"),
        ("delete_order", {"id": "."}, "must not be empty, '.' or '..'"),
        ("delete_order", {"id": ""}, "must not be empty, '.' or '..'"),
        ("delete_order", {"id": {"a": 1}}, "id: must be a text or a number"),
        ("delete_order", {"id": None}, "id: must be a text or a number"),
        ("delete_order", {}, "id: is required"),
        ("delete_order", {"id": "1", "force": True}, "force: is unknown"),
        ("get_order_", {"id": "1", "X-Trace": "a\r\nHost: b"}, "printable ASCII characters"),
        ("put_order", {"id": "1"}, "sku: is required"),
        ("put_order", {"id": "1", "sku": math.nan}, "make no valid request"),
        ("delete_order", {"id": 10**5000}, "make no valid request"),
        ("delete_order", {"id": "x" * 100_000}, "make no valid request"),
    ],
)
def test_invalid_arguments_fail_without_a_request(
    turn: Turn, server: RawServer, tool: str, arguments: dict[str, Any], reason: str
) -> None:
    tools = turn(document=document(), server=server.url)
    [found] = [one for name, one in tools.items() if name.startswith(tool)]
    with pytest.raises(ToolFailed, match=reason.replace(".", r"\.")):
        call(found, **arguments)
    assert not server.requests


# --------------------------------------------------------------------------- security
BEARER = {"type": "http", "scheme": "bearer"}
BASIC = {"type": "http", "scheme": "Basic"}
HEADER = {"type": "apiKey", "in": "header", "name": "X-Key"}
QUERY = {"type": "apiKey", "in": "query", "name": "key"}
COOKIE = {"type": "apiKey", "in": "cookie", "name": "key"}


@pytest.mark.parametrize(
    ("schemes", "header", "value"),
    [
        ({}, "authorization", f"Bearer {SECRET}"),
        ({"a": BEARER}, "authorization", f"Bearer {SECRET}"),
        ({"a": BASIC}, "authorization", "Basic dXNlcjpwYTU1LXdvcmQ="),
        ({"a": COOKIE, "b": HEADER}, "x-key", SECRET),
        ({"a": {"type": "oauth2"}}, "authorization", f"Bearer {SECRET}"),
    ],
)
def test_secret_is_sent_as_the_document_says(
    turn: Turn, server: RawServer, schemes: dict[str, Any], header: str, value: str
) -> None:
    secured = document(components={**document()["components"], "securitySchemes": schemes})
    call(turn(document=secured, server=server.url, secret="shop")["delete_order"], id="1")
    assert request(server)[1][header] == value


def test_secret_in_the_query_is_sent_and_never_shown(
    turn: Turn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secured = document(components={**document()["components"], "securitySchemes": {"a": QUERY}})
    with raw_server(lambda sent: [http(sent, "403 Forbidden")]) as server:
        tools = turn(document=secured, server=server.url, secret="shop")
        with pytest.raises(ToolFailed) as failed:
            call(tools["delete_order"], id="1")
    assert request(server)[0] == "DELETE /orders/1?key=user%3Apa55-word"
    assert SECRET not in str(failed.value)
    assert "pa55-word" not in str(failed.value)
    assert "pa55-word" not in caplog.text


def test_public_operation_gets_no_secret(turn: Turn, server: RawServer) -> None:
    public = document(security=[])
    call(turn(document=public, server=server.url, secret="shop")["delete_order"], id="1")
    assert SECRET not in server.requests[0].decode()


# ---------------------------------------------------------------------------- answers
@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (http("plain"), "plain"),
        (http("[1, 2]", content_type="application/problem+json"), [1, 2]),
        (http('{"a": 1'), '{"a": 1'),
        (http(status="204 No Content"), {"status": 204}),
        (http(b"\x89PNG", content_type="image/png"),
         "[content of type image/png, 4 bytes; not shown]"),
        (http("[" * 5000), "[" * 5000),
        (http('{"a": NaN}'), '{"a": NaN}'),
    ],
)  # fmt: skip
def test_answers_become_results(turn: Turn, answer: bytes, result: Any) -> None:
    with raw_server(lambda _: [answer]) as server:
        assert call(turn(document=document(), server=server.url)["delete_order"], id="1") == result


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (http("no such order", "404 Not Found"), "answered with status 404: no such order"),
        (http("", "500 Oops"), "answered with status 500: no text"),
        (http("x" * 9000, "400 Bad Request"), r"status 400: x+ \[cut off\]"),
        (http(status="302 Found", location="https://evil.test/"), "redirects to evil.test"),
        (http(status="302 Found", location="/other"), "redirects are not followed"),
        (http(b"x" * 2_000_000), "sent more than 1,048,576 bytes"),
        (b"", "broke off the connection"),
    ],
)
def test_bad_answers_fail_the_call(turn: Turn, answer: bytes, reason: str) -> None:
    with raw_server(lambda _: [answer]) as server:
        tools = turn(document=document(), server=server.url)
        with pytest.raises(ToolFailed, match=reason) as failed:
            call(tools["delete_order"], id="1")
    assert len(str(failed.value)) < 2100


# ------------------------------------------------------------------------- a document's URL
def test_document_at_a_url_is_fetched_once(turn: Turn) -> None:
    def respond(sent: bytes) -> list[bytes]:
        if sent.startswith(b"GET /openapi.json"):
            relative = document(servers=[{"url": "/v2"}])
            return [http(json.dumps(relative), content_type="application/json")]
        return [http("ok")]

    with raw_server(respond) as server:
        for _ in range(2):
            call(turn(document_url=f"{server.url}/openapi.json")["delete_order"], id="1")
    assert [one.split(b" HTTP")[0] for one in server.requests] == [
        b"GET /openapi.json",
        b"DELETE /v2/orders/1",
        b"DELETE /v2/orders/1",
    ]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (http("openapi: 3.0.3"), "is not JSON"),
        (http("[]"), "is not an OpenAPI document"),
        (http("{}"), "must be of OpenAPI 3"),
        (http("", "404 Not Found"), "answered with status 404 instead of the OpenAPI document"),
        (http("x" * 3_000_000), "sent more than 2,097,152 bytes"),
        (http(status="301 Moved", location="http://169.254.169.254/"), "redirects to 169.254"),
    ],
)  # fmt: skip
def test_bad_document_at_a_url_makes_the_tools_unavailable(
    turn: Turn, answer: bytes, reason: str
) -> None:
    with raw_server(lambda _: [answer]) as server, pytest.raises(ToolsUnavailable, match=reason):
        turn(document_url=f"{server.url}/openapi.json")


@pytest.mark.parametrize("charset", ["hex", "base64", "rot13", "idna", "utf-8\\x00"])
def test_charset_of_an_answer_chooses_no_codec(turn: Turn, charset: str) -> None:
    answer = http(b"xn--\x80zz.", content_type=f"text/plain; charset={charset}")
    with raw_server(lambda _: [answer]) as server:
        tools = turn(document=document(), server=server.url)
        assert call(tools["delete_order"], id="1") == "xn--\ufffdzz."


def test_answer_without_changes_fails_the_call(turn: Turn) -> None:
    with raw_server(lambda _: [b"HTTP/1.1 304 Not Modified\r\n\r\n"]) as server:
        tools = turn(document=document(), server=server.url)
        with pytest.raises(ToolFailed, match="answered with status 304: no text"):
            call(tools["delete_order"], id="1")
