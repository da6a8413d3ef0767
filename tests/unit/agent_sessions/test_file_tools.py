"""File tools: an agent reads and writes the files of its session, in the turn's own writes."""

import json
from typing import Any
from unittest.mock import patch

import pytest

from shared.agents.files.contents import FileContents
from shared.agents.files.domain import FileEntry
from shared.core.errors import NotFound
from shared.llm.port import ModelAnswer, ModelRequest
from shared.storage.objects import ObjectStore
from tests.support.agents import new_agent, new_session, say
from tests.support.files import FileApi
from tests.support.gateway import Gateway
from tests.support.racing import race_of
from tests.support.storage import stored_objects
from tests.support.turns import Model, Turns, call, payloads, text, types

CAPABILITIES = [{"ref": "session_file_system"}]


@pytest.fixture
def files(api: Gateway) -> FileApi:
    agent = new_agent(api, capabilities=CAPABILITIES)
    initial = [{"path": "/README.md", "content": "# Shop\nOpen at 9.\n", "is_readonly": True}]
    return FileApi(api, str(new_session(api, agent_id=agent["id"], initial_files=initial)["id"]))


def run(files: FileApi, *answers: ModelAnswer | Any) -> list[dict[str, Any]]:
    """Run a turn of these answers; return the results of all tools of the session."""
    say(files.api, files.session_id, "Go on")
    Turns(Model(*answers, text("Done"))).run()
    completed = payloads(files.api, files.session_id, "tool.completed")
    return [one | {"result": one.get("result") and _value(one["result"])} for one in completed]


def _value(parts: list[dict[str, str]]) -> Any:
    """Return the JSON value of a tool's result."""
    [part] = parts
    return json.loads(part["text"])


def test_agent_reads_writes_and_deletes_files(files: FileApi) -> None:
    files.create("old/a", content="x")

    results = run(
        files,
        call("read_file", path="/README.md"),
        call("write_file", path="/notes/todo.md", content="one\ntwo\n"),
        call("list_directory"),
        call("grep_files", pattern="tw.", path_pattern="*.md"),
        call("delete_file", path="/old", recursive=True),
        call("stat_file", path="/notes/todo.md"),
    )

    read, written, listed, found, deleted, described = (one["result"] for one in results)
    assert read["content"] == "# Shop\nOpen at 9.\n"
    assert (written["path"], written["created"]) == ("/notes/todo.md", True)
    assert [one["path"] for one in listed["entries"]] == ["/README.md", "/notes", "/old"]
    assert found["matches"] == [{"path": "/notes/todo.md", "line_number": 2, "line": "two"}]
    assert deleted == {"path": "/old", "deleted": True}
    assert described["size_bytes"] == 8
    assert files.data("notes/todo.md") == b"one\ntwo\n"
    assert files.paths() == ["/README.md", "/notes"]
    assert sorted(stored_objects().values()) == [b"one\ntwo\n"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (call("read_file", path="none"), "/none: not found"),
        (call("read_file", path="/"), "/ is a directory"),
        (call("read_file", path="../a"), "path: must not contain the segments"),
        (call("list_directory", path="README.md"), "/README.md is a file"),
        (call("write_file", path="README.md", content="x"), "/README.md: is read-only"),
        (call("write_file", path="a", content="?", encoding="base64"), "content: must be base64"),
        (call("delete_file", path="none"), "none does not exist"),
        (call("grep_files", pattern="("), "pattern: must be a regular expression"),
        (call("stat_file"), "Invalid arguments: path"),
    ],
)
def test_refused_call_is_an_error_of_the_tool(
    files: FileApi, answer: ModelAnswer, error: str
) -> None:
    [result] = run(files, answer)

    assert error in str(result["error"])
    assert types(files.api, files.session_id)[-2:] == ["turn.completed", "session.idled"]
    assert files.paths() == ["/README.md"]
    assert stored_objects() == {}


def test_long_file_is_read_in_parts(files: FileApi) -> None:
    files.create("long", content='"' * 20_000)

    parts = []
    offset: int | None = 0
    while offset is not None:
        result = run(files, call("read_file", path="long", offset=offset))[-1]["result"]
        parts.append(result["content"])
        offset = result.get("next_offset")

    assert "".join(parts) == '"' * 20_000
    assert len(parts) > 3


def test_tools_run_again_when_a_client_changed_the_files_meanwhile(files: FileApi) -> None:
    files.create("a", content="none")
    files.update("a", content="one")  # the handler is created here, not in the turn's thread
    write, changes = FileContents.write, iter(["two"])

    def change_first(contents: FileContents, name: str, content: bytes) -> None:
        write(contents, name, content)
        for changed in changes:
            assert race_of(files.api, [("PUT", f"{files.url}/a", {"content": changed})])

    with patch.object(FileContents, "write", change_first):
        results = run(files, call("write_file", path="b", content="three"))

    assert len(results) == 1
    assert (files.data("a"), files.data("b")) == (b"two", b"three")
    assert sorted(stored_objects().values()) == [b"three", b"two"]


@pytest.mark.parametrize("tool", ["read_file", "grep_files"])
def test_tools_run_again_when_the_content_was_replaced_meanwhile(files: FileApi, tool: str) -> None:
    files.create("a", content="none")
    files.update("a", content="one")  # the handler is created here, not in the turn's thread
    read, changes = FileContents.read, iter(["two"])

    def change_first(contents: FileContents, entry: FileEntry) -> bytes:
        for changed in changes if entry.path == "/a" else ():
            assert race_of(files.api, [("PUT", f"{files.url}/a", {"content": changed})])
        return read(contents, entry)

    arguments = {"path": "a"} if tool == "read_file" else {"pattern": "two|one"}
    with patch.object(FileContents, "read", change_first):
        [called] = run(files, call(tool, **arguments))

    result = called["result"]
    assert (result.get("content") or result["matches"][0]["line"]) == "two"


def test_lost_content_is_not_read_again_and_again(files: FileApi) -> None:
    files.create("a", content="x")
    reads: list[str] = []

    def missing(_: ObjectStore, key: str) -> bytes:
        reads.append(key)
        raise NotFound("The object is not in the bucket.")

    with patch.object(ObjectStore, "read", missing):
        read, found = run(files, call("read_file", path="a"), call("grep_files", pattern="x"))

    assert "cannot be read" in read["error"]
    assert found["result"] == {"match_count": 0, "matches": [], "is_complete": False}
    assert len(reads) == 2


def test_step_that_meets_the_delete_of_the_session_leaves_no_content(files: FileApi) -> None:
    files.create("a", content="x")
    other = new_session(files.api)["id"]
    files.api("DELETE", f"/v1/sessions/{other}")  # the handler is created here
    delete = ("DELETE", f"/v1/sessions/{files.session_id}", None)
    write = FileContents.write

    def delete_after(contents: FileContents, name: str, content: bytes) -> None:
        write(contents, name, content)
        assert race_of(files.api, [delete])[0].status == 204

    say(files.api, files.session_id, "Go on")
    with patch.object(FileContents, "write", delete_after):
        Turns(Model(call("write_file", path="late", content="late"), text("Done"))).run()

    assert list(stored_objects().values()) == [b"x"]  # of the purge


def test_turn_of_a_deleted_session_writes_no_file(files: FileApi) -> None:
    def delete_first(_: ModelRequest) -> ModelAnswer:
        assert files.api("DELETE", f"/v1/sessions/{files.session_id}").status == 204
        return call("write_file", path="late", content="x")

    say(files.api, files.session_id, "Hello")
    Turns(Model(delete_first)).run()

    assert files.listing().status == 404


def test_file_that_is_replaced_and_deleted_in_one_step_leaves_nothing(files: FileApi) -> None:
    results = run(
        files,
        call("write_file", path="a", content="one"),
        call("write_file", path="a", content="two"),
        call("delete_file", path="a"),
    )

    assert [one["result"].get("created") for one in results] == [True, False, None]
    assert stored_objects() == {}
