"""Search in session files: what matches, and that no pattern takes long."""

import time

import pytest

from shared.agents.files import search
from tests.support.agents import new_session
from tests.support.files import FileApi
from tests.support.gateway import Gateway


@pytest.fixture
def files(api: Gateway) -> FileApi:
    body = {"initial_files": [{"path": "src/lib.rs", "content": "fn lib() {}\n// fn\n"}]}
    files = FileApi(api, str(new_session(api, **body)["id"]))
    files.create("src/main.rs", content="use lib;\n\nfn main() {}\nfn other() {}\n")
    files.create("notes.md", content="fn is a keyword\n")
    files.create("binary", content="Zm4gYSgpAA==", encoding="base64")  # fn a() and NUL
    files.create("empty", content="")
    return files


def test_search_returns_lines_with_numbers_by_file(files: FileApi) -> None:
    found = files.action("grep", pattern=r"fn\s+\w+\(")

    assert found.status == 200
    assert found.json == {
        "data": [
            {
                "path": "/src/lib.rs",
                "matches": [{"path": "/src/lib.rs", "line_number": 1, "line": "fn lib() {}"}],
            },
            {
                "path": "/src/main.rs",
                "matches": [
                    {"path": "/src/main.rs", "line_number": 3, "line": "fn main() {}"},
                    {"path": "/src/main.rs", "line_number": 4, "line": "fn other() {}"},
                ],
            },
        ],
        "is_complete": True,
    }


@pytest.mark.parametrize(
    ("path_pattern", "paths"),
    [("*.md", ["/notes.md"]), ("/src/*", ["/src/lib.rs", "/src/main.rs"]), ("/*", 3), ("x", [])],
)
def test_path_pattern_selects_files(files: FileApi, path_pattern: str, paths: object) -> None:
    found = files.action("grep", pattern="fn", path_pattern=path_pattern).json["data"]

    assert [one["path"] for one in found] == paths or len(found) == paths


@pytest.mark.parametrize(
    "pattern", ["(", "a(?=b)", r"(a)\1", "a{2000}", "((a{1,999}){1,999}){1,9}"]
)
def test_pattern_outside_the_syntax_is_refused(files: FileApi, pattern: str) -> None:
    answer = files.action("grep", pattern=pattern)

    assert answer.status == 400
    assert answer.json["error"].startswith("pattern: must be a regular expression of RE2: ")


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){12}$", r"(\w*)*x"])
def test_pattern_that_makes_others_hang_is_fast(files: FileApi, pattern: str) -> None:
    files.create("evil", content=("a" * 100_000 + "!\n") * 5)
    started = time.monotonic()

    answer = files.action("grep", pattern=pattern, path_pattern="/evil")

    assert answer.status == 200
    assert time.monotonic() - started < 2


def test_matches_and_lines_are_limited_and_the_answer_says_so(files: FileApi) -> None:
    files.create("many", content=("x" * 600 + "\n") * 1500)

    found = files.action("grep", pattern="x").json

    matches = [match for file in found["data"] for match in file["matches"]]
    assert (len(matches), found["is_complete"]) == (search.MAX_MATCHES, False)
    assert {len(match["line"]) for match in matches} == {search.MAX_LINE}


def test_searched_bytes_are_limited_and_the_answer_says_so(
    files: FileApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MAX_SEARCHED_BYTES", 10)
    found = files.action("grep", pattern="fn").json

    assert (found["data"], found["is_complete"]) == ([], False)


def test_search_ends_at_its_deadline(files: FileApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MAX_SECONDS", -1.0)

    assert files.action("grep", pattern="fn").json["is_complete"] is False
