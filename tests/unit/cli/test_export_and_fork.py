"""Commands `sessions export` and `sessions fork`: requests, files, and what goes wrong."""

import json
from pathlib import Path

import httpx
import pytest

from tests.unit.cli.conftest import CommandLine

DIGITS = "019ca8bbb5c070008000000000000006"
SESSION, UUID = f"session_{DIGITS}", "019ca8bb-b5c0-7000-8000-000000000006"
CONTENT = b'{"id": "a"}\n{"id": "b"}'


class Server:
    """Answers requests by path, and records them."""

    def __init__(self, answers: dict[str, httpx.Response]) -> None:
        self.answers = answers
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        missing = httpx.Response(404, json={"error": "Session not found"})
        return self.answers.get(request.url.path, missing)


@pytest.mark.parametrize("session", [SESSION, UUID])
@pytest.mark.parametrize("form", ["openai", "otel", "jsonl"])
def test_export_is_printed_as_it_is(cli: CommandLine, session: str, form: str) -> None:
    server = Server({f"/v1/sessions/{SESSION}/export": httpx.Response(200, content=CONTENT)})
    cli.talks_to(server)

    done = cli("sessions", "export", session, "--format", form)

    assert (done.status, done.out) == (0, CONTENT.decode() + "\n")
    assert server.requests[0].url.params["format"] == form


def test_large_export_is_fetched_without_the_key(cli: CommandLine, tmp_path: Path) -> None:
    place = httpx.Response(303, headers={"location": "https://bucket.example/object?signed=1"})
    server = Server({f"/v1/sessions/{SESSION}/export": place,
                     "/object": httpx.Response(200, content=CONTENT)})  # fmt: skip
    cli.talks_to(server)
    file = tmp_path / "session.jsonl"

    done = cli("sessions", "export", SESSION, "-o", file, "--json")

    assert done.json == {"session_id": SESSION, "file": str(file), "bytes": len(CONTENT)}
    assert file.read_bytes() == CONTENT
    assert "authorization" not in server.requests[1].headers


def test_failed_export_leaves_the_file_as_it_was(cli: CommandLine, tmp_path: Path) -> None:
    place = httpx.Response(303, headers={"location": "https://bucket.example/gone"})
    cli.talks_to(Server({f"/v1/sessions/{SESSION}/export": place}))
    file = tmp_path / "session.jsonl"
    file.write_text("before")

    done = cli("sessions", "export", SESSION, "-o", file)

    assert done.status != 0
    assert "the download failed: HTTP 404" in done.err
    assert [one.read_text() for one in tmp_path.glob("*session*")] == ["before"]


def test_file_that_cannot_be_written_is_named(cli: CommandLine, tmp_path: Path) -> None:
    cli.talks_to(Server({f"/v1/sessions/{SESSION}/export": httpx.Response(200, content=b"{}")}))

    done = cli("sessions", "export", SESSION, "-o", tmp_path / "missing" / "file")

    assert done.status == 1
    assert "cannot be written: No such file or directory" in done.err


def test_session_of_an_agent_is_forked_at_a_sequence(cli: CommandLine) -> None:
    path = f"/v1/sessions/{SESSION}"
    server = Server({path: httpx.Response(200, json={"id": SESSION}),
                     f"{path}/fork": httpx.Response(201, json={"id": "session_new"})})  # fmt: skip
    cli.talks_to(server)

    done = cli("sessions", "fork", UUID, "--at", 12, "--title", "Again")

    assert (done.status, done.out) == (0, "session_new\n")
    sent = server.requests[-1]
    assert json.loads(sent.content) == {"at_sequence": 12, "title": "Again"}
    assert sent.headers["idempotency-key"]


def test_playground_session_is_forked_at_a_turn(cli: CommandLine) -> None:
    path = f"/v1/workflow/playground/sessions/{UUID}"
    server = Server({path: httpx.Response(200, json={}),
                     f"{path}/fork": httpx.Response(201, json={"session_id": "new"})})  # fmt: skip
    cli.talks_to(server)

    assert cli("sessions", "fork", SESSION, "--at", 2).out == "new\n"
    assert json.loads(server.requests[-1].content) == {"at_turn": 2}
    assert cli("sessions", "fork", SESSION, "--at", 2, "--title", "x").status == 2
