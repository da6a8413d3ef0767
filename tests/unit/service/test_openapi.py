"""GET /openapi.json and GET /, as clients and tools use them."""

import json

import pytest

from local.openapi import OPENAPI
from tests.support.gateway import Gateway


@pytest.mark.parametrize(
    ("prefix", "server"), [("", "/"), ("/api", "/api"), ("/agents/v2", "/agents/v2")]
)
def test_document_is_served_with_the_base_path_as_server(
    api: Gateway, prefix: str, server: str
) -> None:
    api.prefix = prefix

    answer = api("GET", "/openapi.json")

    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == json.loads(OPENAPI.read_text()) | {"servers": [{"url": server}]}


def test_document_is_sent_again_only_if_it_changed(api: Gateway) -> None:
    etag = api("GET", "/openapi.json").headers["etag"]

    answer = api("GET", "/openapi.json", headers={"if-none-match": f"W/{etag}"})

    assert (answer.status, answer.text) == (304, "")
    assert answer.headers["etag"] == etag
    assert api("GET", "/openapi.json", headers={"if-none-match": '"older"'}).status == 200


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_root_links_to_the_document(api: Gateway, prefix: str) -> None:
    api.prefix = prefix

    answer = api("GET", "/")

    assert answer.status == 200
    assert f'<{prefix}/openapi.json>; rel="service-desc"' in answer.headers["link"]
    assert answer.json["console"] == f"{prefix}/console/"
