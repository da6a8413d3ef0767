"""Requests of HTTP tools: places of arguments, and the secret."""

import json
import logging
import math
from typing import Any

import pytest

from shared.agents.tools.tool import ToolFailed
from tests.support.raw_server import RawServer, http, raw_server
from tests.unit.agents.http_turn import (
    BASIC,
    COOKIE,
    SECRET,
    Turn,
    call,
    document,
    parameter,
    request,
)


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
HEADER = {"type": "apiKey", "in": "header", "name": "X-Key"}
QUERY = {"type": "apiKey", "in": "query", "name": "key"}


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
