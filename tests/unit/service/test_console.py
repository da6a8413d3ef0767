"""GET /console and below: the page under any base path, its files, and what it may load."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from functions.service import console
from shared.http import console_files
from tests.support.gateway import Answer, Gateway

INDEX = """<!doctype html>
<html lang="en"><head><base href="/console/"><title>Agent Sessions</title>
<script type="module" crossorigin src="./assets/index-Ab12.js"></script></head></html>
"""
SCRIPT = "export const text = 'ä';\n"


@pytest.fixture(autouse=True)
def built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A small build of the console, in place of the real one."""
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text(INDEX)
    (tmp_path / "dist" / "icon.svg").write_text("<svg/>")
    (tmp_path / "dist" / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "dist" / "assets" / "index-Ab12.js").write_text(SCRIPT)
    monkeypatch.setattr(console_files, "files", lambda _: tmp_path)
    _forget()
    yield tmp_path / "dist"
    _forget()


def _forget() -> None:
    console_files._files.cache_clear()
    console_files._page.cache_clear()


def get(api: Gateway, path: str, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if path != "/console/":
        return api("GET", path, headers=named)
    # API Gateway routes /console/ to /console.
    event = api.event("GET", path, "/console", {}, "", None, named)
    answer = console.handler(event, None)
    return Answer(answer["statusCode"], _lower(answer), answer["body"])


def _lower(answer: dict[str, Any]) -> dict[str, str]:
    return {name.lower(): value for name, value in answer["headers"].items()}


@pytest.mark.parametrize("prefix", ["", "/api", "/v2/sessions"])
def test_address_without_slash_leads_to_the_page(api: Gateway, prefix: str) -> None:
    api.prefix = prefix

    answer = get(api, "/console")

    assert answer.status == 308
    address = urljoin(f"https://api.example.com{prefix}/console", answer.headers["location"])
    assert address == f"https://api.example.com{prefix}/console/"


@pytest.mark.parametrize(
    "path", ["", "index.html", "sessions", "sessions/session_1", "runs/a%20b/c", "a/console/b"]
)
@pytest.mark.parametrize("prefix", ["", "/api", "/v2/sessions"])
def test_page_names_its_own_base(api: Gateway, prefix: str, path: str) -> None:
    api.prefix = prefix

    answer = get(api, f"/console/{path}")

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert f'<base href="{prefix}/console/">' in answer.text
    assert answer.text.count("<base") == 1


def test_base_is_escaped(api: Gateway) -> None:
    api.prefix = '/"><script>alert(1)</script>'

    answer = get(api, "/console/sessions")

    assert "<script>alert" not in answer.text
    assert '<base href="/&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;/console/">' in answer.text


@pytest.mark.parametrize("path", ["", "sessions", "icon.svg", "assets/index-Ab12.js", "assets/x"])
def test_page_and_files_have_the_headers_of_a_page_that_is_given_a_key(
    api: Gateway, path: str
) -> None:
    headers = get(api, f"/console/{path}").headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("path", "kind", "cache"),
    [
        ("", "text/html", "no-cache"),
        ("icon.svg", "image/svg+xml", "no-cache"),
        ("assets/index-Ab12.js", "text/javascript", "public, max-age=31536000, immutable"),
    ],
)
def test_file_is_sent_again_only_if_it_changed(
    api: Gateway, path: str, kind: str, cache: str
) -> None:
    first = get(api, f"/console/{path}")
    etag = first.headers["etag"]

    assert first.status == 200
    assert first.headers["content-type"].startswith(kind)
    assert first.headers["cache-control"] == cache
    for known in (etag, f"W/{etag}", f'"other", W/{etag}'):
        again = get(api, f"/console/{path}", if_none_match=known)
        assert (again.status, again.text) == (304, "")
        assert again.headers["etag"] == etag
        assert again.headers["cache-control"] == cache
    assert get(api, f"/console/{path}", if_none_match='"other"').status == 200


def test_text_of_an_asset_is_sent_as_it_is(api: Gateway) -> None:
    answer = console.handler(
        api.event(
            "GET", "/console/assets/index-Ab12.js", "/console/{path+}",
            {"path": "assets/index-Ab12.js"}, "", None, None,
        ),
        None,
    )  # fmt: skip

    assert answer["body"] == SCRIPT
    assert answer["isBase64Encoded"] is False


@pytest.mark.parametrize(
    "name", ["index-Old.js", "../index.html", "..%2Findex.html", "%2e%2e/icon.svg", "a%00.js", ""]
)
def test_unknown_asset_is_not_found(api: Gateway, name: str) -> None:
    answer = get(api, f"/console/assets/{name}")

    assert answer.status == 404
    assert answer.text == "No such file: the console was updated; reload the page."
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


@pytest.mark.parametrize("path", ["../../core.py", "..%2F..%2Fetc%2Fpasswd", "picture.png"])
def test_path_of_no_file_is_the_page(api: Gateway, path: str) -> None:
    assert "<title>Agent Sessions</title>" in get(api, f"/console/{path}").text


@pytest.mark.parametrize("path", ["", "sessions"])
def test_build_without_the_console_says_what_to_do(
    api: Gateway, built: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    (built / "index.html").unlink()
    (built / "assets" / "index-Ab12.js").unlink()

    answer = get(api, f"/console/{path}")

    assert answer.status == 503
    assert "deploy again with access to npm's registry" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_build_without_the_layer_says_what_to_do(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> Path:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(console_files, "files", missing)

    assert get(api, "/console/").status == 503
