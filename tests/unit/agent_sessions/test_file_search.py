"""Search in session files: what matches, and that no pattern takes long."""

import time

import pytest

from shared.agents.files import search
from shared.agents.files.wiring import file_search
from shared.core.ids import SessionId
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


def test_files_are_searched_up_to_the_limit_of_bytes(
    files: FileApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MAX_SEARCHED_BYTES", 25)
    found = files.action("grep", pattern="fn").json

    assert [one["path"] for one in found["data"]] == ["/notes.md"]
    assert found["is_complete"] is False


def test_slow_patterns_are_refused_or_end_in_time(files: FileApi) -> None:
    """The time of RE2 is that of the text times the pattern; one line may be a whole file."""
    files.create("line", content="ab" * 50_000)
    slow = "|".join(f"[ab]{{1}}.{{{number}}}Z" for number in range(990, 1000))
    started = time.monotonic()

    assert files.action("grep", pattern=slow).status == 400
    answers = [
        files.action("grep", pattern=pattern, path_pattern="/line")
        for pattern in ("[ab].{250}Z|b.{100}Z", "(a?){100}a{100}", "(a.?.?.?.?.?.?){40}Z")
    ]

    assert {answer.status for answer in answers} == {200}
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("pattern", [r"\d+ days", r"[\w.+-]+@[\w-]+\.[\w.]+", r"(?i)\pL+\s\pN"])
def test_usual_patterns_are_accepted(files: FileApi, pattern: str) -> None:
    assert files.action("grep", pattern=pattern).status == 200


def test_long_line_is_searched_at_its_beginning(files: FileApi) -> None:
    files.create("long", content="x" * search.MAX_LINE_SEARCHED + "needle\nneedle\n")

    found = files.action("grep", pattern="needle").json

    assert [one["line_number"] for one in found["data"][0]["matches"]] == [2]
    assert found["is_complete"] is False


def test_deadline_ends_the_search_within_a_file(
    files: FileApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.create("line", content="x\n" * 30_000)
    ticks = iter([0.0, *[10.0] * 10])
    monkeypatch.setattr(search, "MAX_MATCHES", 10**6)
    found = file_search(files.api.organization_id, SessionId.parse(files.session_id))
    found._clock = lambda: next(ticks)

    result = found.grep("x", "/line")

    assert len(result.matches["/line"]) == search.MAX_LINE_SEARCHED // 2
    assert result.is_complete is False


def test_searches_of_one_step_share_their_time(files: FileApi) -> None:
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 1.0
        return now

    found = file_search(files.api.organization_id, SessionId.parse(files.session_id))
    found._clock = clock

    # Three looks at the clock each: at the begin, behind the file, and at the end.
    assert [found.grep("fn", "*.md").is_complete for _ in range(4)] == [True, True, True, False]


def test_lines_end_in_line_feeds_only(files: FileApi) -> None:
    files.create("lines", content="a\x0bb\u2028c\r\nneedle\r\n\n")

    assert files.action("grep", pattern="^needle$").json["data"][0]["matches"] == [
        {"path": "/lines", "line_number": 2, "line": "needle"}
    ]
    found = files.action("grep", pattern="^", path_pattern="/lines").json["data"]
    assert len(found[0]["matches"]) == 3


def test_brackets_in_a_path_pattern_are_themselves(files: FileApi) -> None:
    files.create("[id]/page", content="fn")

    found = files.action("grep", pattern="fn", path_pattern="/[id]/*").json["data"]

    assert [one["path"] for one in found] == ["/[id]/page"]


def test_search_ends_at_its_deadline(files: FileApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MAX_SECONDS", -1.0)

    assert files.action("grep", pattern="fn").json["is_complete"] is False
