"""GET /docs: a page that needs nothing but this API."""

import re
from urllib.parse import urljoin, urlsplit

import pytest

from functions.service import docs
from tests.support.gateway import Gateway

PAGE = "https://api.example.com/api/docs"


def _addresses(html: str) -> list[str]:
    return [url for url in re.findall(r'(?:src|href)="([^"]+)"', html) if url != "data:,"]


def test_page_is_answered_without_a_key(api: Gateway) -> None:
    answer = api("GET", "/docs")

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "swagger-ui" in answer.text


@pytest.mark.parametrize("prefix", ["", "/api", "/v2/sessions"])
def test_all_that_the_page_loads_is_served_beside_it(api: Gateway, prefix: str) -> None:
    """Given a stage or base path before the route, then each address still leads to a file."""
    api.prefix = prefix
    page = f"https://api.example.com{prefix}/docs"
    addresses = _addresses(api("GET", "/docs").text)

    assert len(addresses) == 3
    for address in addresses:
        loaded = urlsplit(urljoin(page, address))
        assert loaded.netloc == "api.example.com"
        answer = api("GET", loaded.path.removeprefix(prefix))
        assert answer.status == 200
        assert "immutable" in answer.headers["cache-control"]
        assert len(answer.text) > 100


def test_slash_behind_the_page_leads_back_to_it(api: Gateway) -> None:
    """Given /docs/, which API Gateway takes for /docs, then relative addresses still hold."""
    event = api.event("GET", "/docs/", "/docs", {}, "", None, None)

    answer = docs.handler(event, None)

    location = answer["headers"]["location"]
    assert answer["statusCode"] == 308
    assert urljoin("https://api.example.com/api/docs/", location) == PAGE


def test_page_asks_for_the_description_beside_it(api: Gateway) -> None:
    starter = api("GET", "/docs/start.js").text

    [address] = re.findall(r'url: "([^"]+)"', starter)
    assert urljoin(PAGE, address) == "https://api.example.com/api/openapi.json"


def test_address_of_a_file_changes_with_its_content(api: Gateway) -> None:
    addresses = _addresses(api("GET", "/docs").text)

    assert all(re.search(r"\?v=[0-9a-f]{12}$", address) for address in addresses)


def test_page_may_load_only_from_its_own_origin(api: Gateway) -> None:
    policy = api("GET", "/docs").headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy


@pytest.mark.parametrize(
    "name",
    [
        "favicon.png",
        "redoc.standalone.js",
        "..%2F..%2Fcore.py",
        "..",
        "%2e%2e%2fcore.py",
        "swagger-ui.css%00.js",
    ],
)
def test_other_files_are_not_there(api: Gateway, name: str) -> None:
    answer = api("GET", f"/docs/{name}")

    assert answer.status == 404
    assert answer.json["error"] == "not_found"
