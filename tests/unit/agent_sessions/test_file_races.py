"""Session files under concurrency, failures of the bucket, and deletion of the session."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient
from botocore.exceptions import EndpointConnectionError

from functions.triggers import purge_sessions
from shared.agents.files import repository
from shared.core.errors import NotFound, Unavailable
from shared.storage import transactions
from shared.storage.client import dynamodb
from shared.storage.contention import ConditionFailed
from shared.storage.objects import ObjectStore
from shared.storage.table import Table
from shared.storage.transactions import Action
from tests.support.agents import new_session
from tests.support.files import FileApi
from tests.support.gateway import Gateway
from tests.support.racing import race, race_of
from tests.support.storage import TABLE, forget_process_state, stored_objects


@pytest.fixture
def files(api: Gateway) -> FileApi:
    return FileApi(api, str(new_session(api)["id"]))


def delete_session(files: FileApi) -> None:
    assert files.api("DELETE", f"/v1/sessions/{files.session_id}").status == 204


def purge(files: FileApi) -> None:
    organization = str(files.api.organization_id)
    detail = {"organization_id": organization, "session_id": files.session_id}
    purge_sessions.handler({"detail": detail}, None)


def items(files: FileApi) -> list[str]:
    """Return the sort keys of the session's items."""
    digits = files.session_id.removeprefix("session_")
    found = dynamodb().scan(TableName=TABLE)["Items"]
    return sorted(one["sk"]["S"] for one in found if one["pk"]["S"].endswith(digits))


# ------------------------------------------------------------------------------- concurrency
def test_concurrent_creates_of_one_path_create_one_file(files: FileApi) -> None:
    answers = race(files.api, "POST", f"{files.url}/a/b", {"content": "x"}, clients=8)

    assert sorted(answer.status for answer in answers) == [201] + [409] * 7
    assert list(stored_objects().values()) == [b"x"]
    assert files.paths(recursive=True) == ["/a", "/a/b"]


def test_concurrent_writes_keep_the_limit_exactly(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_FILES_BYTES", "10")
    forget_process_state()
    files = FileApi(api, str(new_session(api)["id"]))
    requests = [("POST", f"{files.url}/f{number}", {"content": "xxx"}) for number in range(8)]

    answers = race_of(api, requests)

    assert sorted(answer.status for answer in answers) == [201] * 3 + [413] * 5
    assert files.listing().json["usage"]["bytes"] == 9
    assert len(stored_objects()) == 3


def test_concurrent_updates_of_one_version_let_one_win(files: FileApi) -> None:
    tag = files.create("a", content="0").headers["etag"]
    url, headers = f"{files.url}/a", {"if-match": tag}

    answers = race(files.api, "PUT", url, {"content": "1"}, headers=headers, clients=8)

    assert sorted(answer.status for answer in answers) == [200] + [412] * 7
    assert list(stored_objects().values()) == [b"1"]


def test_reader_of_a_file_that_is_replaced_gets_the_new_content(files: FileApi) -> None:
    files.create("a", content="old")
    read, replacements = ObjectStore.read, iter(["new"])

    def replaced_first(store: ObjectStore, key: str) -> bytes:
        for content in replacements:
            request = ("PUT", f"{files.url}/a", {"content": content})
            assert race_of(files.api, [request])[0].status == 200
        return read(store, key)

    with patch.object(ObjectStore, "read", replaced_first):
        answer = files.read("a")

    assert (answer.status, answer.json["content"]) == (200, "new")


@contextmanager
def lost_answer(files: FileApi, *requests: tuple[str, str, Any]) -> Iterator[None]:
    """Let the first write happen, then others' requests, then the write's repetition fail."""
    send, first = transactions.write, iter([True])

    def lose(table: Table, actions: list[Action]) -> None:
        if not next(first, False):
            send(table, actions)
            return
        send(table, actions)
        for request in requests:
            assert race_of(files.api, [request])[0].status < 300
        raise ConditionFailed({0: None})

    list(files.every_request("none"))  # the handlers are created here, not in threads
    with patch.object(repository, "write", lose):
        yield


def test_create_that_was_written_is_no_conflict(files: FileApi) -> None:
    with lost_answer(files, ("POST", f"{files.url}/other", {"content": "z"})):
        answer = files.create("a", content="x")

    assert answer.status == 201
    assert files.data("a") == b"x"
    assert files.data("other") == b"z"


@pytest.mark.parametrize("between", ["DELETE", "PUT"])
def test_write_whose_content_was_deleted_since_has_its_content(
    files: FileApi, between: str
) -> None:
    files.create("a", content="0")
    body = {"content": "z"} if between == "PUT" else None
    with lost_answer(files, (between, f"{files.url}/a", body)):
        answer = files.update("a", content="x")

    assert answer.status == (200 if between == "PUT" else 404)
    assert list(stored_objects().values()) == ([b"0", b"x"] if between == "PUT" else [b"0"])
    if between == "DELETE":
        with lost_answer(files, ("DELETE", f"{files.url}/b", None)):
            assert files.create("b", content="y").status == 201
        assert files.data("b") == b"y"
    else:
        assert files.data("a") == b"x"


def test_update_that_was_written_and_is_refused_then_keeps_its_content(files: FileApi) -> None:
    files.create("a", content="0")
    copied = {"src_path": "/a", "dst_path": "/copy"}
    with lost_answer(
        files,
        ("POST", f"{files.url}/_/copy", copied),
        ("DELETE", f"{files.url}/a", None),
    ):
        assert files.update("a", content="x").status == 404

    assert files.data("copy") == b"x"


@pytest.mark.parametrize("action", ["move", "copy"])
def test_move_and_copy_that_were_written_are_no_error(files: FileApi, action: str) -> None:
    files.create("a", content="x")
    with lost_answer(files, ("POST", f"{files.url}/other", {"content": "z"})):
        answer = files.action(action, src_path="a", dst_path="b")

    assert answer.status in (200, 201)
    assert files.data("b") == b"x"


# -------------------------------------------------------------------------- failing bucket
def test_content_that_is_lost_is_unavailable_after_two_reads(files: FileApi) -> None:
    files.create("a", content="x")
    reads: list[str] = []

    def missing(_: ObjectStore, key: str) -> bytes:
        reads.append(key)
        raise NotFound("The object is not in the bucket.")

    with patch.object(ObjectStore, "read", missing):
        answer = files.read("a")
        found = files.action("grep", pattern="x")

    assert (answer.status, len(reads)) == (503, 2)
    assert (found.json["data"], found.json["is_complete"]) == ([], False)


@contextmanager
def failing(method: str) -> Iterator[None]:
    """Let S3 not answer to a method of the client."""

    def fail(self: Any, operation: str, arguments: Any) -> Any:
        if operation == method:
            raise EndpointConnectionError(endpoint_url="https://bucket.example")
        return call(self, operation, arguments)

    call = BaseClient._make_api_call  # type: ignore[attr-defined]  # of the SDK
    with patch.object(BaseClient, "_make_api_call", fail):
        yield


def test_content_that_is_not_stored_is_no_file(files: FileApi) -> None:
    with failing("PutObject"):
        answer = files.create("a", content="x")

    assert (answer.status, "retry-after" in answer.headers) == (503, True)
    assert files.paths() == []
    assert files.create("a", content="x").status == 201


@pytest.mark.parametrize("existing", [False, True], ids=["first file", "further file"])
def test_write_whose_answer_is_lost_is_a_file_with_its_content(
    files: FileApi, existing: bool
) -> None:
    if existing:
        files.create("before", content="x")
    send = transactions.write

    def lose(table: Table, actions: list[Action]) -> None:
        send(table, actions)
        raise Unavailable("The database does not respond; retry shortly.")

    with patch.object(repository, "write", lose):
        answer = files.create("a", content="y", key="once")

    assert answer.status == 503
    assert files.data("a") == b"y"
    again = files.create("a", content="y", key="once")
    assert (again.status, again.headers["idempotent-replayed"]) == (201, "true")


def test_unavailable_content_is_reported_and_stays(files: FileApi) -> None:
    files.create("a", content="x")
    with failing("GetObject"):
        assert files.read("a").status == 503
        assert files.action("grep", pattern="x").status == 503
        assert files.listing().status == 200
    assert files.data("a") == b"x"


def test_content_that_could_not_be_deleted_is_purged_with_its_session(files: FileApi) -> None:
    files.create("a", content="x")
    with failing("DeleteObjects"):
        assert files.update("a", content="y").status == 200
        assert files.delete("a").json == {"deleted": True}
    assert len(stored_objects()) == 2

    delete_session(files)
    purge(files)

    assert stored_objects() == {}


# -------------------------------------------------------------------------------- deletion
@pytest.mark.parametrize("initial", [[], [{"path": "i", "content": "x"}]], ids=["none", "some"])
def test_files_of_a_deleted_session_are_gone_at_once_and_purged(
    api: Gateway, initial: list[Any]
) -> None:
    files = FileApi(api, str(new_session(api, initial_files=initial)["id"]))
    other = FileApi(api, str(new_session(api, initial_files=initial)["id"]))
    for one in (files, other):
        one.create("a/b", content="x", key="once")
    delete_session(files)

    for answer in files.every_request("a/b"):
        assert (answer.status, answer.json) == (404, {"error": "Session not found"})
    purge(files)
    purge(files)

    assert [one.partition("#")[0] for one in items(files)] == ["request", "session"]
    assert len(stored_objects()) == 1
    assert other.data("a/b") == b"x"


@pytest.mark.parametrize("existing", [False, True], ids=["first file", "further file"])
def test_write_that_meets_the_delete_of_the_session_leaves_nothing(
    files: FileApi, existing: bool
) -> None:
    if existing:
        files.create("before", content="x")
    write = ObjectStore.write

    def delete_first(store: ObjectStore, key: str, content: bytes) -> None:
        write(store, key, content)
        request = ("DELETE", f"/v1/sessions/{files.session_id}", None)
        assert race_of(files.api, [request])[0].status == 204
        purge(files)
        write(store, key, content)  # the purge came before

    with patch.object(ObjectStore, "write", delete_first):
        answer = files.create("a", content="y")

    assert (answer.status, answer.json) == (404, {"error": "Session not found"})
    assert stored_objects() == {}
    assert items(files) == ["session"]


def test_purge_of_a_session_that_is_not_deleted_keeps_its_files(files: FileApi) -> None:
    files.create("a", content="x")

    purge(files)

    assert files.data("a") == b"x"
