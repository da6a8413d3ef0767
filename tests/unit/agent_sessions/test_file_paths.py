"""Paths of session files: one normal form, and none that leaves the session."""

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.agents.file_paths import MAX_PATH_BYTES, file_path
from shared.core.errors import InvalidInput
from tests.support.agents import new_session
from tests.support.files import FileApi
from tests.support.gateway import Gateway


@pytest.fixture
def files(api: Gateway) -> FileApi:
    return FileApi(api, str(new_session(api)["id"]))


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("a", "/a"),
        ("/a", "/a"),
        ("a/", "/a"),
        ("//a///b//", "/a/b"),
        ("a%20b", "/a b"),
        ("a%2Fb", "/a/b"),
        ("%C3%BC", "/\u00fc"),
        ("u%CC%88", "/\u00fc"),
        ("\u00fc", "/\u00fc"),
        ("A", "/A"),
        ("100%25", "/100%"),
        ("...", "/..."),
        (".env", "/.env"),
        ("a/_/b", "/a/_/b"),
        ("__init__.py", "/__init__.py"),
        ("_a", "/_a"),
        ("a+b", "/a+b"),
        ("\U0001f600%3Fq", "/\U0001f600?q"),
    ],
)
def test_path_is_stored_in_its_normal_form(files: FileApi, sent: str, stored: str) -> None:
    created = files.create(sent, content="x")

    assert (created.status, created.json["path"]) == (201, stored)
    assert files.data(stored.removeprefix("/")) == b"x"
    assert files.action("stat", path=stored).status == 200


BAD = [
    "..",
    "../a",
    "a/../b",
    "a/..",
    "./a",
    "a/./b",
    "a\\b",
    "..\\a",
    "a\x00",
    "a\nb",
    "a\x7f",
    "a\u0085",
    "a\u2028b",
    "%2e%2e/a",
    "a%2Fb",
    "a%00",
    "_/a",
    "//_/copy",
    "a" * 256,
    "/".join("a" * 33),
    "/".join(["a" * 200] * 3),
]


@pytest.mark.parametrize("path", BAD)
def test_other_paths_are_refused_by_every_route(files: FileApi, path: str) -> None:
    files.create("ok", content="x")
    encoded = quote(path)  # decoded once by the gateway
    answers = [
        files.read(encoded),
        files.create(encoded, content="x"),
        files.create(encoded, is_directory=True),
        files.update(encoded, content="x"),
        files.delete(encoded),
        files.action("stat", path=path),
        files.action("move", src_path="ok", dst_path=path),
        files.action("move", src_path=path, dst_path="other"),
        files.action("copy", src_path="ok", dst_path=path),
    ]

    # A path in a body that is longer than any path is refused by its schema; a line end in a URL
    # by the routing.
    no_route = {404} if "\n" in path else set()
    assert {answer.status for answer in answers} <= {400, 422} | no_route
    assert all("path" in answer.json["error"] for answer in answers)
    assert files.paths(recursive=True) == ["/ok"]


@pytest.mark.parametrize("how", [quote, lambda path: quote(quote(path))], ids=["once", "twice"])
@pytest.mark.parametrize("path", ["../../session_1/fs/a", "..", "a/../../.."])
def test_traversal_is_refused_however_often_a_gateway_decodes(
    files: FileApi, how: Any, path: str
) -> None:
    assert files.read(how(path)).status == 400
    assert files.create(how(path).replace("/", "%2F"), content="x").status == 400


def test_paths_are_case_sensitive_and_equal_in_every_unicode_form(files: FileApi) -> None:
    files.create("\u00fc", content="1")
    files.create("\u00dc", content="2")

    assert files.create("u\u0308", content="3").status == 409
    assert files.paths() == ["/\u00dc", "/\u00fc"]


@given(st.text(st.characters(), max_size=60))
def test_normal_form_is_stable_and_has_no_way_out(text: str) -> None:
    try:
        path = file_path(text)
    except InvalidInput:
        return
    assert file_path(path) == path
    assert path.startswith("/")
    assert len(path.encode()) <= MAX_PATH_BYTES
    assert not {"", ".", ".."} & set(path.split("/")[1:]) or path == "/"
