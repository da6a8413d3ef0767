"""Command `import`: sessions, refused lines, repetitions, and what stops an import."""

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.agent_sessions_cli import importing, progress
from tests.support.captured_sessions import CONVERSATIONS
from tests.support.gateway import Gateway, route
from tests.support.imports import known
from tests.unit.cli.conftest import CommandLine

HELLO = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi."}]


def lines(*conversations: Any) -> bytes:
    """Return the content of an import file."""
    texts = [one if isinstance(one, str) else json.dumps(one) for one in conversations]
    return "\n".join(texts).encode()


def conversation(name: str, **fields: Any) -> dict[str, Any]:
    return {"id": name, "messages": HELLO, **fields}


class Server:
    """Stores conversations as the API does, and can be slow, busy or gone."""

    def __init__(self) -> None:
        self.stored: dict[str, str] = {}
        self.running = self.most = 0
        self.answers: list[httpx.Response] = []
        self.lock = threading.Lock()
        self.delay = 0.0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
            given = self.answers.pop(0) if self.answers else None
        time.sleep(self.delay)
        with self.lock:
            self.running -= 1
        return given or self.store(request.content.decode())

    def store(self, content: str) -> httpx.Response:
        name = json.loads(content)["id"]
        with self.lock:
            earlier = self.stored.setdefault(name, content)
        if earlier != content:
            return httpx.Response(422, json={"error": "id: another conversation has it"})
        body = {"id": name, "session_id": f"session_{name}", "kind": "agent"}
        return httpx.Response(201, json=body)


@pytest.fixture
def server(cli: CommandLine) -> Server:
    server = Server()
    cli.talks_to(server)
    return server


@pytest.fixture
def importer(user: CommandLine, api: Gateway) -> CommandLine:
    known(api)
    route("POST", "/v1/sessions/import")  # not created in the thread of a request
    return user


@pytest.mark.parametrize("kind", ["agent", "evaluation"])
def test_recorded_conversations_become_sessions(importer: CommandLine, kind: str) -> None:
    files = sorted(CONVERSATIONS.glob("*.jsonl"))
    ids = [json.loads(line)["id"] for file in files for line in file.read_text().splitlines()]

    done = importer("import", *files, "--kind", kind, "--json")
    repeated = importer("import", *files, "--kind", kind, "--json")

    assert done.status == 0, done.err
    assert sorted(one["id"] for one in done.lines) == sorted(ids)
    assert {one["kind"] for one in done.lines} == {kind}
    assert done.err.startswith(f"{len(ids)} imported, 0 failed")
    assert repeated.err.startswith(f"0 imported, {len(ids)} imported before, 0 failed")
    for one in done.lines:
        shown = importer("sessions", "show", one["session_id"], "--kind", kind)
        assert "user: " in shown.out


def test_refused_lines_are_numbered_and_stop_no_other(importer: CommandLine) -> None:
    content = lines(
        conversation("first"), "{not JSON", "", [], {"id": "no messages"}, "[" * 5000,
        conversation("huge", messages=[{"role": "user", "content": "x" * 400_000}]),
        conversation("first"), conversation("first", messages=HELLO[:1]), conversation("last"),
    )  # fmt: skip

    done = importer("import", "-", stdin=content)

    assert done.status == 1
    names = {row.split("\t")[1] for row in done.out.splitlines()}
    assert names == {"first", "last"}
    refused = dict(row.split(": ", 1) for row in done.err.splitlines() if row.startswith("line"))
    assert refused.keys() == {"line 2", "line 4", "line 5", "line 6", "line 7", "line 9"}
    assert refused["line 2"].startswith("not JSON")
    assert "320 KiB" in refused["line 7"]
    assert done.err.splitlines()[-1].startswith("2 imported, 1 imported before, 6 failed")


def test_refused_line_of_several_files_names_its_file(server: Server, cli: CommandLine,
                                                      tmp_path: Path) -> None:  # fmt: skip
    for name in ("one.jsonl", "two.jsonl"):
        (tmp_path / name).write_bytes(lines("no", conversation(name)))

    done = cli("import", tmp_path / "one.jsonl", tmp_path / "two.jsonl")

    assert f"{tmp_path / 'two.jsonl'}: line 1: not JSON" in done.err


def test_lines_are_sent_concurrently(server: Server, cli: CommandLine) -> None:
    server.delay = 0.02
    content = lines(*(conversation(str(n)) for n in range(30)))

    done = cli("import", "-", "--jobs", 4, stdin=content)

    assert (done.status, server.most) == (0, 4)
    assert len(done.out.splitlines()) == 30


def test_lines_with_one_id_are_sent_in_order(server: Server, cli: CommandLine) -> None:
    server.delay = 0.01
    content = lines(*(conversation("same", agent=str(n)) for n in range(4)))

    done = cli("import", "-", stdin=content)

    assert server.most == 1
    assert [row.split(":")[0] for row in done.err.splitlines()[:3]] == [
        "line 2",
        "line 3",
        "line 4",
    ]


def test_busy_server_is_asked_again(server: Server, cli: CommandLine) -> None:
    for code, headers in ((429, {"retry-after": "0"}), (503, {}), (502, {})):
        server.answers.append(httpx.Response(code, headers=headers, json={"error": "busy"}))

    done = cli("import", "-", stdin=lines(conversation("a")))

    assert (done.status, list(server.stored)) == (0, ["a"])


@pytest.mark.parametrize(("code", "status"), [(401, 4), (403, 4), (404, 5)])
def test_import_ends_where_no_line_can_succeed(
    server: Server, cli: CommandLine, code: int, status: int
) -> None:
    server.answers = [httpx.Response(code, json={"error": "no"}) for _ in range(100)]

    done = cli("import", "-", "--jobs", 2, stdin=lines(*(conversation(str(n)) for n in range(50))))

    assert done.status == status
    assert len(server.answers) >= 96
    assert done.err.splitlines()[-1] == "error: no"


def test_interrupted_import_reports_what_was_stored(
    server: Server, cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C ends it once the requests in progress are answered; a repetition imports the rest."""
    content = lines(*(conversation(str(n)) for n in range(20)))
    count = progress.Progress.imported

    def interrupted(self: Any, sent: Any, session: Any) -> None:
        count(self, sent, session)
        if self.stored == 5:
            raise KeyboardInterrupt

    server.delay = 0.01
    with monkeypatch.context() as patch:
        patch.setattr(progress.Progress, "imported", interrupted)
        done = cli("import", "-", "--jobs", 3, stdin=content)

    assert done.status == 130
    assert "interrupted;" in done.err
    assert len(done.out.splitlines()) == len(server.stored) < 20
    assert cli("import", "-", stdin=content).status == 0
    assert len(server.stored) == 20


def test_import_ends_with_the_reader_of_its_output(
    server: Server, cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: Any) -> None:
        raise BrokenPipeError

    server.delay = 0.01
    monkeypatch.setattr(sys.stdout, "write", closed)
    monkeypatch.setattr("cli.agent_sessions_cli.__main__._forget_output", lambda: None)

    done = cli("import", "-", "--jobs", 2, stdin=lines(*(conversation(str(n)) for n in range(30))))

    assert done.status == 141
    assert "line " not in done.err
    assert len(server.stored) < 10


def test_large_line_is_uploaded_without_the_key(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "DIRECT_BYTES", 10)
    sent: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        if request.url.path.endswith("/uploads"):
            headers = {"Content-Type": "application/json"}
            body = {"upload_id": "upload_1", "url": "https://bucket.example/x", "headers": headers}
            return httpx.Response(201, json=body)
        body = {"id": "large", "session_id": "session_1", "kind": "agent"}
        return httpx.Response(200 if request.method == "PUT" else 201, json=body)

    cli.talks_to(handle)
    content = lines(conversation("large"))

    done = cli("import", "-", stdin=content)

    assert done.out == "session_1\tlarge\n"
    _, put, imported = sent
    assert (put.method, put.url.host, put.content) == ("PUT", "bucket.example", content)
    assert "authorization" not in put.headers
    assert json.loads(imported.content) == {"upload_id": "upload_1"}
    assert dict(imported.url.params) == {"kind": "agent", "name": "stdin"}


def test_missing_file_is_wrong_usage_and_nothing_is_sent(server: Server, cli: CommandLine,
                                                         tmp_path: Path) -> None:  # fmt: skip
    (tmp_path / "there.jsonl").write_bytes(lines(conversation("a")))

    done = cli("import", tmp_path / "there.jsonl", tmp_path / "missing.jsonl")

    assert done.status == 2
    assert not server.stored
