"""HTTP tools from OpenAPI documents: operations of a document, and documents at a URL."""

import json

import pytest

from shared.agents.tools.tool import ToolPlace, ToolsUnavailable
from tests.support.raw_server import http, raw_server
from tests.unit.agents.http_turn import Turn, call, document


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
