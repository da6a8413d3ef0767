"""GET /docs: a page that loads only its own files."""

import re
from urllib.parse import urljoin, urlsplit

import pytest

from functions.service import docs
from tests.support.gateway import Gateway

PAGE = "https://api.example.com/api/docs"


def urls(html: str) -> list[str]:
    return [url for url in re.findall(r'(?:src|href)="([^"]+)"', html) if url != "data:,"]


def test_page_needs_no_key_and_may_load_only_from_its_origin(api: Gateway) -> None:
    answer = api("GET", "/docs")

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "swagger-ui" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy


@pytest.mark.parametrize("prefix", ["", "/api", "/v2/sessions"])
def test_assets_are_served_under_any_base_path(api: Gateway, prefix: str) -> None:
    api.prefix = prefix
    page = f"https://api.example.com{prefix}/docs"
    assets = urls(api("GET", "/docs").text)

    assert len(assets) == 3
    for asset in assets:
        # The URL of an asset changes with its content.
        assert re.search(r"\?v=[0-9a-f]{12}$", asset)
        url = urlsplit(urljoin(page, asset))
        assert url.netloc == "api.example.com"
        answer = api("GET", url.path.removeprefix(prefix))
        assert answer.status == 200
        assert "immutable" in answer.headers["cache-control"]
        assert len(answer.text) > 100


def test_trailing_slash_redirects_to_the_page(api: Gateway) -> None:
    """API Gateway routes /docs/ to /docs; relative URLs would break there."""
    event = api.event("GET", "/docs/", "/docs", {}, "", None, None)

    answer = docs.handler(event, None)

    location = answer["headers"]["location"]
    assert answer["statusCode"] == 308
    assert urljoin("https://api.example.com/api/docs/", location) == PAGE


def test_page_loads_the_openapi_document(api: Gateway) -> None:
    [url] = re.findall(r'url: "([^"]+)"', api("GET", "/docs/start.js").text)
    assert urljoin(PAGE, url) == "https://api.example.com/api/openapi.json"


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
def test_other_file_is_not_found(api: Gateway, name: str) -> None:
    answer = api("GET", f"/docs/{name}")

    assert answer.status == 404
    assert answer.json["error"] == "not_found"
