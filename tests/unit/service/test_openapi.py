"""GET /openapi.json as clients and tools meet it."""

import json

from local.openapi import OPENAPI
from tests.support.gateway import Gateway


def test_document_is_served_without_a_key(api: Gateway) -> None:
    answer = api("GET", "/openapi.json")

    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == json.loads(OPENAPI.read_text())


def test_document_that_a_client_has_is_not_sent_again(api: Gateway) -> None:
    tag = api("GET", "/openapi.json").headers["etag"]

    answer = api("GET", "/openapi.json", headers={"if-none-match": f"W/{tag}"})

    assert (answer.status, answer.text) == (304, "")
    assert answer.headers["etag"] == tag


def test_changed_document_is_sent(api: Gateway) -> None:
    answer = api("GET", "/openapi.json", headers={"if-none-match": '"an-older-one"'})

    assert answer.status == 200


def test_operations_are_relative_to_where_the_document_lies(api: Gateway) -> None:
    assert api("GET", "/openapi.json").json["servers"] == [{"url": "."}]
