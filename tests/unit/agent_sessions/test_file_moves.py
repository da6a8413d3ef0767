"""Files of a session: move and copy."""

import pytest

from tests.support.agents import new_session
from tests.support.files import FileApi
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests, forget_process_state, stored_objects

BINARY = bytes(range(256)) * 3


@pytest.fixture
def files(api: Gateway) -> FileApi:
    """The files of a new session."""
    return FileApi(api, str(new_session(api)["id"]))


def test_moved_directory_keeps_ids_and_contents(files: FileApi) -> None:
    for name in ("a/b/c", "a/d", "ab"):
        files.create(name, content=name)
    before = {one["id"]: one["path"] for one in files.listing(recursive=True).json["data"]}

    moved = files.action("move", src_path="/a", dst_path="x/y")

    assert (moved.status, moved.json["path"], moved.json["content"]) == (200, "/x/y", None)
    after = {one["id"]: one["path"] for one in files.listing(recursive=True).json["data"]}
    assert {after[one]: path for one, path in before.items()} == {
        "/x/y": "/a",
        "/x/y/b": "/a/b",
        "/x/y/b/c": "/a/b/c",
        "/x/y/d": "/a/d",
        "/ab": "/ab",
    }
    assert files.data("x/y/b/c") == b"a/b/c"


def test_move_of_a_full_workspace_is_one_write(files: FileApi) -> None:
    workspace = {"initial_files": [{"path": f"/a/{n}", "content": "x"} for n in range(50)]}
    session = FileApi(files.api, str(new_session(files.api, **workspace)["id"]))
    for number in range(70):
        session.create(f"a/b{number}/c", content="")

    forget_process_state()
    with counted_requests() as counts:
        session.action("move", src_path="a", dst_path="b")

    assert counts == {"GetItem": 1, "PutItem": 1}
    assert len(session.paths(recursive=True)) == 191
    assert session.read("a").status == 404


@pytest.mark.parametrize(
    ("source", "target", "status", "error"),
    [
        ("none", "x", 404, "/none: not found"),
        ("a", "d", 409, "dst_path: /d exists already"),
        ("a", "a", 409, "dst_path: /a exists already"),
        ("a", "a/b/x", 400, "dst_path: must not be below src_path"),
        ("a", "d/x", 409, "/d: is a file"),
        ("/", "x", 400, "src_path: must name a file"),
        ("a", "/../x", 400, "dst_path: must not contain the segments"),
        ("a", "_/x", 400, "dst_path: must not begin with /_/"),
    ],
)
def test_refused_move_changes_nothing(
    files: FileApi, source: str, target: str, status: int, error: str
) -> None:
    files.create("a/b", content="x")
    files.create("d", content="y")

    answer = files.action("move", src_path=source, dst_path=target)

    assert answer.status == status
    assert error in answer.json["error"]
    assert files.paths(recursive=True) == ["/a", "/a/b", "/d"]


def test_directory_is_not_moved_to_where_a_path_below_is_too_deep(files: FileApi) -> None:
    files.create("/".join("a" * 20), content="x")
    before = files.paths(recursive=True)

    answer = files.action("move", src_path="a", dst_path="/".join("b" * 20))

    assert (answer.status, answer.json["error"]) == (
        400,
        "dst_path: must have at most 32 segments.",
    )
    assert files.paths(recursive=True) == before


def test_copy_shares_the_content_until_one_of_both_changes(files: FileApi) -> None:
    files.create("a", content="x")

    copied = files.action("copy", src_path="a", dst_path="b/c")

    assert (copied.status, copied.json["path"], copied.json["content"]) == (201, "/b/c", None)
    assert len(stored_objects()) == 1
    files.delete("a")
    assert files.data("b/c") == b"x"
    files.update("b/c", content="y")
    assert sorted(stored_objects().values()) == [b"y"]


@pytest.mark.parametrize(
    ("source", "target", "status"), [("none", "x", 404), ("a", "d", 409), ("e", "x", 400)]
)
def test_refused_copy_changes_nothing(
    files: FileApi, source: str, target: str, status: int
) -> None:
    files.create("a", content="x")
    files.create("d", content="y")
    files.create("e", is_directory=True)

    assert files.action("copy", src_path=source, dst_path=target).status == status
    assert files.paths(recursive=True) == ["/a", "/d", "/e"]
