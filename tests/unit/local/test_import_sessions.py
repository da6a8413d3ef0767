"""`make import` from the file's side: what is sent, told and refused, line by line."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.import_queue import ImportQueue
from local.import_sessions import Import
from shared.imports.bucket import import_bucket
from shared.sessions.models import SessionKind
from shared.storage.table import table
from tests.support.captured_sessions import CONVERSATIONS
from tests.support.gateway import Gateway
from tests.support.imports import handed_over, known

HELLO = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi."}]


class Running:
    """A queue and a bucket, with the function behind them in a thread."""

    def __init__(self, api: Gateway, *, patience: float = 120) -> None:
        self.queues, self.objects = boto3.client("sqs"), boto3.client("s3")
        self.url = self.queues.create_queue(QueueName="imports")["QueueUrl"]
        place: Any = {"LocationConstraint": "eu-west-1"}
        self.objects.create_bucket(Bucket="imports", CreateBucketConfiguration=place)
        self.api, self.patience = api, patience
        self.bodies: list[str] = []
        self.stopped = threading.Event()
        self.worker = threading.Thread(target=self.work)
        self.worker.start()

    def import_lines(
        self, *lines: Any, kind: SessionKind = SessionKind.AGENT
    ) -> tuple[bool, list[dict[str, str]], str]:
        """Return what the import returned, printed and told."""
        out, told = io.StringIO(), io.StringIO()
        run = Import(
            organization_id=self.api.organization_id,
            kind=kind,
            name="test",
            queue=ImportQueue(self.queues, self.url, self.objects, "imports"),
            table=table(),
            patience=self.patience,
            out=out,
            told=told,
        )
        raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        good = run.run(iter(raw))
        return good, [json.loads(line) for line in out.getvalue().splitlines()], told.getvalue()

    def stop(self) -> None:
        """Leave the queue alone from now on."""
        self.stopped.set()
        self.worker.join()

    def work(self) -> None:
        while not self.stopped.wait(0.02):
            found = self.queues.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
            for message in found.get("Messages", []):
                self.bodies.append(message["Body"])
                if not handed_over(message["Body"]):
                    handle = message["ReceiptHandle"]
                    self.queues.delete_message(QueueUrl=self.url, ReceiptHandle=handle)


@pytest.fixture
def running(api: Gateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setenv("IMPORT_BUCKET", "imports")
    from shared.core.settings import settings

    settings.cache_clear()
    import_bucket.cache_clear()
    found = Running(known(api))
    yield found
    found.stop()
    import_bucket.cache_clear()


@pytest.mark.parametrize("kind", [SessionKind.AGENT, SessionKind.EVALUATION])
def test_given_real_conversations_when_imported_then_each_is_told_and_can_be_drafted_from(
    running: Running, kind: SessionKind
) -> None:
    lines = b"".join(path.read_bytes() for path in sorted(Path(CONVERSATIONS).glob("*.jsonl")))

    good, printed, told = running.import_lines(*lines.splitlines(keepends=True), b"\n", kind=kind)

    assert good
    ids = [json.loads(line)["id"] for line in lines.splitlines()]
    assert sorted(one["id"] for one in printed) == sorted(ids)
    assert f"{len(ids)} imported, 0 bad" in told
    for one in printed:
        draft = running.api("POST", "/v1/scenarios/draft-from-session",
                            {"session_id": one["session_id"]})  # fmt: skip
        assert draft.status == 200, draft.text


def test_given_bad_lines_among_good_when_imported_then_each_is_named_and_stops_nothing(
    running: Running,
) -> None:
    large = [{"role": "user", "content": "x" * 400_000}]
    good, printed, told = running.import_lines(
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
    for number, reason in [(2, "not JSON"), (3, "messages: expected"), (4, "expected an object"),
                           (5, "320 KiB"), (6, "not JSON"), (8, "that of line 1")]:  # fmt: skip
        assert any(
            line.startswith(f"line {number}:") and reason in line for line in told.splitlines()
        ), told
    assert "2 imported, 6 bad" in told


def test_given_lines_imported_before_when_they_come_again_then_they_are_the_same_sessions(
    running: Running,
) -> None:
    line = {"id": "first", "messages": HELLO}
    first = running.import_lines(line)

    again = running.import_lines(line)
    other = running.import_lines({"id": "first", "messages": HELLO[:1]})

    assert again[:2] == first[:2]
    assert not other[0]
    assert "imported before, with another conversation" in other[2]


def test_given_a_deleted_session_when_its_line_comes_again_then_it_is_told(
    running: Running,
) -> None:
    line = {"id": "first", "messages": HELLO}
    _, [printed], _ = running.import_lines(line)
    identifier = printed["session_id"].replace("-", "")
    assert running.api("DELETE", f"/v1/sessions/session_{identifier}").status == 204

    good, printed_again, told = running.import_lines(line)

    assert (good, printed_again) == (False, [])
    assert "deleted" in told


def test_given_a_conversation_too_large_for_a_message_when_imported_then_it_goes_by_the_bucket(
    running: Running,
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


def test_given_many_lines_when_imported_then_messages_go_in_full_requests(
    running: Running, monkeypatch: pytest.MonkeyPatch
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


def test_given_nobody_behind_the_queue_when_patience_ends_then_what_is_missing_is_named(
    running: Running,
) -> None:
    running.stop()
    running.patience = 0.5

    good, printed, told = running.import_lines({"id": "first", "messages": HELLO})

    assert (good, printed) == (False, [])
    assert "line 1: first: sent, but no session after" in told
