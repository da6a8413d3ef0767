"""`make import`: requests, output and failures, line by line."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from local import import_sessions
from local.console import Failure
from local.import_queue import ImportQueue
from local.import_sessions import Import
from shared.sessions.domain import SessionKind
from shared.storage.table import table
from tests.support.captured_sessions import CONVERSATIONS
from tests.support.gateway import Gateway
from tests.support.imports import deliver, known

FORMS = Path(CONVERSATIONS).parent / "imports"
HELLO = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi."}]


class RunningImport:
    """Queue and bucket, with the import function in a thread."""

    def __init__(self, api: Gateway, *, patience: float = 120) -> None:
        self.queues, self.objects = boto3.client("sqs"), boto3.client("s3")
        self.url = self.queues.create_queue(QueueName="imports")["QueueUrl"]
        self.api, self.patience = api, patience
        self.bodies: list[str] = []
        self.stopped = threading.Event()
        self.worker = threading.Thread(target=self.work)
        self.worker.start()

    def import_lines(
        self, *lines: Any, kind: SessionKind = SessionKind.AGENT
    ) -> tuple[bool, list[dict[str, str]], str]:
        """Return success, printed sessions and messages of an import."""
        out, log = io.StringIO(), io.StringIO()
        run = Import(
            organization_id=self.api.organization_id,
            kind=kind,
            name="test",
            queue=ImportQueue(self.queues, self.url, self.objects, "imports"),
            table=table(),
            patience=self.patience,
            out=out,
            log=log,
        )
        raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        good = run.run(iter(raw))
        return good, [json.loads(line) for line in out.getvalue().splitlines()], log.getvalue()

    def stop(self) -> None:
        self.stopped.set()
        self.worker.join()

    def work(self) -> None:
        while not self.stopped.wait(0.02):
            received = self.queues.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
            for message in received.get("Messages", []):
                self.bodies.append(message["Body"])
                if not deliver(message["Body"]):
                    handle = message["ReceiptHandle"]
                    self.queues.delete_message(QueueUrl=self.url, ReceiptHandle=handle)


@pytest.fixture
def running(api: Gateway) -> Iterator[RunningImport]:
    running = RunningImport(known(api))
    yield running
    running.stop()


@pytest.mark.parametrize("kind", [SessionKind.AGENT, SessionKind.EVALUATION])
def test_imported_conversations_are_printed_and_drafted_from(
    running: RunningImport, kind: SessionKind
) -> None:
    lines = b"".join(path.read_bytes() for path in sorted(Path(CONVERSATIONS).glob("*.jsonl")))

    good, printed, messages = running.import_lines(
        *lines.splitlines(keepends=True), b"\n", kind=kind
    )

    assert good
    ids = [json.loads(line)["id"] for line in lines.splitlines()]
    assert sorted(one["id"] for one in printed) == sorted(ids)
    assert f"{len(ids)} imported, 0 failed" in messages
    for one in printed:
        draft = running.api("POST", "/v1/scenarios/draft-from-session",
                            {"session_id": one["session_id"]})  # fmt: skip
        assert draft.status == 200, draft.text


def test_invalid_lines_are_named_and_stop_no_other(running: RunningImport) -> None:
    large = [{"role": "user", "content": "x" * 400_000}]
    good, printed, messages = running.import_lines(
        {"id": "first", "messages": HELLO},
        b"{not JSON}\n",
        {"id": "no messages"},
        [],
        {"id": "huge", "messages": large},
        b"\xff\xfe\n",
        {"id": "first", "messages": HELLO},
        {"id": "first", "messages": HELLO[:1]},
        {"id": "last", "messages": HELLO},
    )

    assert not good
    assert sorted(one["id"] for one in printed) == ["first", "last"]
    for number, reason in [(2, "not JSON"), (3, "messages: must be"), (4, "expected an object"),
                           (5, "320 KiB"), (6, "not JSON"), (8, "in line 1")]:  # fmt: skip
        assert any(
            line.startswith(f"line {number}:") and reason in line for line in messages.splitlines()
        ), messages
    assert "2 imported, 6 failed" in messages


@pytest.mark.parametrize(
    "line",
    [
        {"items": [{"type": "reasoning", "summary": [], "content": 5}]},
        {"runs": [{"run_type": "chain", "child_runs": 5}]},
    ],
)
def test_line_with_a_value_of_another_type_stops_no_other(
    running: RunningImport, line: dict[str, Any]
) -> None:
    good, printed, messages = running.import_lines(
        {"id": "odd", **line}, {"id": "last", "messages": HELLO}
    )

    assert not good
    assert [one["id"] for one in printed] == ["last"]
    assert "must be a" in messages.splitlines()[0]


def test_repeated_lines_return_the_same_sessions(running: RunningImport) -> None:
    line = {"id": "first", "messages": HELLO}
    first = running.import_lines(line)

    again = running.import_lines(line)
    other = running.import_lines({"id": "first", "messages": HELLO[:1]})

    assert again[:2] == first[:2]
    assert not other[0]
    assert "imported before with another conversation" in other[2]


def test_line_of_a_deleted_session_fails(running: RunningImport) -> None:
    line = {"id": "first", "messages": HELLO}
    _, [printed], _ = running.import_lines(line)
    identifier = printed["session_id"].replace("-", "")
    assert running.api("DELETE", f"/v1/sessions/session_{identifier}").status == 204

    good, printed_again, messages = running.import_lines(line)

    assert (good, printed_again) == (False, [])
    assert "deleted" in messages


def test_conversation_larger_than_a_message_is_sent_through_the_bucket(
    running: RunningImport,
) -> None:
    long = [{"role": "user", "content": f"{n} " + "ö" * 30_000} for n in range(10)]

    good, [printed], _ = running.import_lines({"id": "long", "messages": long})

    assert good
    [listed] = running.objects.list_objects_v2(Bucket="imports")["Contents"]
    assert listed["Key"].startswith(f"{running.api.organization_id}/agent/")
    assert all(len(body) < 1_000 for body in running.bodies)
    identifier = printed["session_id"].replace("-", "")
    messages = running.api("GET", f"/v1/sessions/session_{identifier}/messages").json["data"]
    assert [message["content"][0]["text"] for message in messages] == [m["content"] for m in long]


def test_messages_are_sent_in_full_requests(
    running: RunningImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    send: Callable[..., Any] = running.queues.send_message_batch

    def counted(**request: Any) -> Any:
        sizes.append(len(request["Entries"]))
        return send(**request)

    monkeypatch.setattr(running.queues, "send_message_batch", counted)

    good, printed, _ = running.import_lines(
        *({"id": str(number), "messages": HELLO} for number in range(35))
    )

    assert (good, len(printed)) == (True, 35)
    assert sizes == [10, 10, 10, 5]


def test_conversations_not_stored_in_time_are_named(running: RunningImport) -> None:
    running.stop()
    running.patience = 0.5

    good, printed, messages = running.import_lines({"id": "first", "messages": HELLO})

    assert (good, printed) == (False, [])
    assert "line 1: first: sent, but no session after" in messages


@pytest.mark.parametrize("kind", [SessionKind.AGENT, SessionKind.EVALUATION])
def test_line_of_each_form_becomes_a_session(running: RunningImport, kind: SessionKind) -> None:
    lines = [line for path in sorted(FORMS.glob("*.jsonl"))
             for line in path.read_bytes().splitlines()]  # fmt: skip

    good, printed, messages = running.import_lines(*lines, kind=kind)

    assert good, messages
    assert sorted(one["id"] for one in printed) == sorted(json.loads(line)["id"] for line in lines)


def test_only_the_fields_of_the_conversation_are_sent(running: RunningImport) -> None:
    line = {"id": "first", "messages": HELLO, "user_goal": "secret", "tags": ["web"], "events": [7]}

    good, _, _ = running.import_lines(line)

    assert good
    sent = json.loads(running.bodies[0])["conversation"]
    assert sent == {"id": "first", "messages": HELLO, "tags": ["web"]}


def test_text_that_is_cut_in_half_is_stored_and_read(running: RunningImport) -> None:
    line = b'{"id": "cut", "messages": [{"role": "user", "content": "cut \\ud83d"}]}'

    good, [printed], _ = running.import_lines(line)

    assert good
    path = f"/v1/sessions/session_{printed['session_id'].replace('-', '')}"
    for part in ("messages", "events", "sse"):
        answer = running.api("GET", f"{path}/{part}")
        assert answer.status == 200, part
        assert "cut \ufffd" in answer.text


def test_line_with_a_time_after_the_import_is_refused(running: RunningImport) -> None:
    message = {"role": "user", "content": "Hello", "timestamp": "2999-01-01T00:00:00Z"}

    good, _, messages = running.import_lines({"id": "late", "messages": [message]})

    assert not good
    assert "line 1: messages: a time must not be later than that of the import" in messages


def test_missing_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, reason in [("nope", "no such file"), (str(tmp_path), "not a file")]:
        monkeypatch.setattr("sys.argv", ["import", "--file", name, "--kind", "agent"])

        with pytest.raises(Failure, match=f"^{reason}: {name}$"):
            import_sessions._main()


def test_unknown_kind_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["import", "--file", "nope", "--kind", "foo"])

    with pytest.raises(SystemExit, match="2"):
        import_sessions._main()

    assert capsys.readouterr().err == "error: KIND: must be agent or evaluation, not foo\n"
