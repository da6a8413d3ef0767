"""GET /openapi.json as clients and tools meet it."""

import json

import pytest

from local.openapi import OPENAPI
from tests.support.gateway import Gateway


def test_document_is_served_without_a_key(api: Gateway) -> None:
    answer = api("GET", "/openapi.json")

    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json | {"servers": None} == json.loads(OPENAPI.read_text()) | {"servers": None}


def test_document_that_a_client_has_is_not_sent_again(api: Gateway) -> None:
    tag = api("GET", "/openapi.json").headers["etag"]

    answer = api("GET", "/openapi.json", headers={"if-none-match": f"W/{tag}"})

    assert (answer.status, answer.text) == (304, "")
    assert answer.headers["etag"] == tag


def test_changed_document_is_sent(api: Gateway) -> None:
    answer = api("GET", "/openapi.json", headers={"if-none-match": '"an-older-one"'})

    assert answer.status == 200


@pytest.mark.parametrize(
    ("prefix", "server"), [("", "/"), ("/api", "/api"), ("/agents/v2", "/agents/v2")]
)
def test_operations_are_found_beside_the_document(api: Gateway, prefix: str, server: str) -> None:
    """Given a stage or a base path, then a tool that knows the document's address finds them."""
    api.prefix = prefix

    assert api("GET", "/openapi.json").json["servers"] == [{"url": server}]


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_root_tells_where_the_description_is(api: Gateway, prefix: str) -> None:
    """Given only the base address, then a tool finds the description by its link."""
    api.prefix = prefix

    answer = api("GET", "/")

    assert answer.status == 200
    assert f'<{prefix}/openapi.json>; rel="service-desc"' in answer.headers["link"]
