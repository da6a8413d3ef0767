"""Files of a session: create, read, list, update, delete, and their limits."""

import base64
from typing import Any
from uuid import UUID

import pytest

from shared.agents.file_paths import MAX_ENTRIES
from shared.core.ids import SessionId
from tests.support.agents import new_session
from tests.support.files import FileApi
from tests.support.gateway import Gateway
from tests.support.storage import forget_process_state, stored_objects

BINARY = bytes(range(256)) * 3


@pytest.fixture
def files(api: Gateway) -> FileApi:
    """The files of a new session."""
    return FileApi(api, str(new_session(api)["id"]))


# ---------------------------------------------------------------------------- create and read
def test_created_file_is_read_as_it_was_created(files: FileApi) -> None:
    created = files.create("src/main.py", content="print('hi')\n")

    assert created.status == 201
    assert created.json == {
        "id": created.json["id"],
        "session_id": str(SessionId.parse(files.session_id).uuid),
        "path": "/src/main.py",
        "name": "main.py",
        "content": "print('hi')\n",
        "encoding": "text",
        "is_directory": False,
        "is_readonly": False,
        "size_bytes": 12,
        "created_at": created.json["created_at"],
        "updated_at": created.json["created_at"],
    }
    assert str(UUID(created.json["id"])) == created.json["id"]
    read = files.read("src/main.py")
    assert (read.json, read.headers["etag"]) == (created.json, created.headers["etag"])


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"", "text"),
        ("gr\u00fc\u00dfe \U0001f600".encode(), "text"),
        (BINARY, "base64"),
        (b"a\x00b", "base64"),
    ],
    ids=["empty", "text", "binary", "NUL"],
)
def test_content_comes_back_byte_for_byte(files: FileApi, data: bytes, encoding: str) -> None:
    content = base64.b64encode(data).decode()

    created = files.create("a", content=content, encoding="base64")

    assert created.json["size_bytes"] == len(data)
    assert files.read("a").json["encoding"] == encoding
    assert files.data("a") == data


def test_largest_file_is_stored_and_read(files: FileApi) -> None:
    data = b'"\n' * (4_194_304 // 2)  # as text, each byte would take three in the answer

    created = files.create("a", content=base64.b64encode(data).decode(), encoding="base64")

    assert (created.status, created.json["encoding"]) == (201, "base64")
    assert files.data("a") == data


def test_file_above_the_limit_is_refused_with_the_limit_and_leaves_nothing(files: FileApi) -> None:
    answer = files.create("a", content=base64.b64encode(bytes(4_194_305)).decode(),
                          encoding="base64")  # fmt: skip

    assert answer.status == 413
    assert answer.json["error"] == "content: must have at most 4194304 bytes; it has 4194305."
    assert files.paths() == []
    assert stored_objects() == {}


def test_directories_above_a_file_are_created_with_it(files: FileApi) -> None:
    files.create("a/b/c.txt", content="x")

    assert files.paths() == ["/a"]
    assert files.paths(recursive=True) == ["/a", "/a/b", "/a/b/c.txt"]
    assert [one["path"] for one in files.read("a").json["data"]] == ["/a/b"]
    assert [one["path"] for one in files.read("a?recursive=true").json["data"]] == [
        "/a/b",
        "/a/b/c.txt",
    ]
    assert "content" not in files.listing().json["data"][0]


def test_directory_is_created_once(files: FileApi) -> None:
    first = files.create("docs", is_directory=True)
    second = files.create("docs", is_directory=True)

    assert first.json["content"] is None
    assert first.json["is_directory"] is True
    assert second.json == first.json


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("a/b", {"content": "y"}, 409, "/a/b: exists already"),
        ("a", {"content": "y"}, 409, "/a: exists already"),
        ("a/b", {"is_directory": True}, 409, "/a/b: exists already"),
        ("a/b/c", {"content": "y"}, 409, "/a/b: is a file"),
        ("c", {"content": "?", "encoding": "base64"}, 400, "content: must be base64"),
        ("c", {"content": "x", "is_directory": True}, 400, "content: must be absent"),
        ("c", {"content": "x", "encoding": "utf-16"}, 422, "encoding"),
    ],
)
def test_what_cannot_be_created_is_refused_and_leaves_nothing(
    files: FileApi, path: str, body: dict[str, Any], status: int, error: str
) -> None:
    files.create("a/b", content="x")
    before = stored_objects()

    answer = files.create(path, **body)

    assert answer.status == status
    assert error in answer.json["error"]
    assert files.paths(recursive=True) == ["/a", "/a/b"]
    assert files.data("a/b") == b"x"
    assert stored_objects() == before


def test_files_of_other_sessions_and_organizations_are_not_found(
    api: Gateway, other_api: Gateway, files: FileApi
) -> None:
    files.create("a", content="x")
    other = FileApi(api, str(new_session(api)["id"]))
    foreign = FileApi(other_api, files.session_id)

    assert other.read("a").status == 404
    for answer in foreign.every_request("a"):
        assert (answer.status, answer.json) == (404, {"error": "Session not found"})
    assert files.data("a") == b"x"


# ------------------------------------------------------------------------------------- update
def test_update_replaces_the_content_and_deletes_the_old_one(files: FileApi) -> None:
    created = files.create("a", content="one")

    updated = files.update("a", content="two!")

    assert updated.status == 200
    assert (updated.json["id"], updated.json["size_bytes"]) == (created.json["id"], 4)
    assert files.data("a") == b"two!"
    assert sorted(stored_objects().values()) == [b"two!"]
    assert updated.headers["etag"] != created.headers["etag"]


def test_update_at_another_version_is_refused(files: FileApi) -> None:
    tag = files.create("a", content="one").headers["etag"]
    files.update("a", content="two", if_match=tag)

    refused = files.update("a", content="three", if_match=tag)

    assert refused.status == 412
    assert files.data("a") == b"two"
    assert sorted(stored_objects().values()) == [b"two"]


def test_version_of_a_deleted_file_is_not_that_of_a_new_one(files: FileApi) -> None:
    tag = files.create("a", content="one").headers["etag"]
    files.delete("a")
    files.create("a", content="two")

    assert files.update("a", content="three", if_match=tag).status == 412
    assert files.delete("a", if_match=tag).status == 412
    assert files.delete("b", if_match=tag).status == 412


def test_read_only_file_keeps_its_content_until_it_is_released(files: FileApi) -> None:
    files.create("a", content="one", is_readonly=True)

    refused = files.update("a", content="two")
    released = files.update("a", is_readonly=False)

    assert (refused.status, "read-only" in refused.json["error"]) == (400, True)
    assert (released.json["content"], released.json["is_readonly"]) == ("one", False)
    assert files.update("a", content="two").status == 200
    assert files.update("a").json["content"] == "two"


def test_directory_and_missing_file_cannot_be_updated(files: FileApi) -> None:
    files.create("a", is_directory=True)

    assert files.update("a", content="x").status == 400
    assert files.update("b", content="x").status == 404


# ------------------------------------------------------------------------------------- delete
def test_deleted_file_is_gone_with_its_content(files: FileApi) -> None:
    files.create("a", content="x", is_readonly=True)

    assert files.delete("a").json == {"deleted": True}
    assert files.delete("a").json == {"deleted": False}
    assert files.read("a").status == 404
    assert stored_objects() == {}


def test_full_directory_is_deleted_recursively_only(files: FileApi) -> None:
    files.create("a/b/c", content="x")
    files.create("ab", content="y")

    refused = files.delete("a")
    deleted = files.delete("a?recursive=true")

    assert (refused.status, "is not empty" in refused.json["error"]) == (400, True)
    assert deleted.json == {"deleted": True}
    assert files.paths(recursive=True) == ["/ab"]
    assert sorted(stored_objects().values()) == [b"y"]


def test_stat_describes_files_directories_and_the_root(files: FileApi) -> None:
    files.create("a/b", content="x", is_readonly=True)

    file, directory, root = (files.action("stat", path=path).json for path in ("a/b", "a", "/"))

    assert {key: file[key] for key in ("path", "name", "size_bytes", "is_readonly")} == {
        "path": "/a/b",
        "name": "b",
        "size_bytes": 1,
        "is_readonly": True,
    }
    assert (directory["is_directory"], root["is_directory"]) == (True, True)
    assert (root["path"], root["name"]) == ("/", "/")
    assert files.action("stat", path="none").status == 404


# ------------------------------------------------------------------------------------- limits
def test_list_names_use_and_limits(files: FileApi) -> None:
    files.create("a/b", content="1234")
    files.action("copy", src_path="a/b", dst_path="c")

    assert files.listing().json["usage"] == {
        "files": 3,
        "max_files": MAX_ENTRIES,
        "bytes": 8,
        "max_bytes": 104857600,
        "max_file_bytes": 4194304,
    }


def test_total_size_of_a_session_is_exact(api: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_FILES_BYTES", "10")
    forget_process_state()
    files = FileApi(api, str(new_session(api)["id"]))
    files.create("a", content="123456")

    for refused in (
        files.create("b", content="12345"),
        files.update("a", content="12345678901"),
        files.action("copy", src_path="a", dst_path="c"),
    ):
        assert refused.status == 413
        assert "at most 10 bytes; this would make 1" in refused.json["error"]
    assert sorted(stored_objects().values()) == [b"123456"]
    assert files.create("b", content="1234").status == 201
    files.delete("a")
    assert files.create("a", content="123456").status == 201


def test_number_of_files_is_limited(files: FileApi) -> None:
    for number in range(15):
        files.create(f"{number}/" + "/".join("abcdefghijklmnopqrstuvwxyzABCDE"), is_directory=True)
    for number in range(MAX_ENTRIES - 15 * 32):
        files.create(f"f{number}", content="x")

    refused = files.create("one-more", content="x")

    assert refused.status == 413
    assert refused.json["error"].startswith("A session has at most 500 files and directories")
    assert files.listing().json["usage"]["files"] == MAX_ENTRIES
