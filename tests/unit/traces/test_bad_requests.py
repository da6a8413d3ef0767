"""Bad export requests: each has its answer, and nothing is lost or twice."""

import gzip
import json
import zlib
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from shared.storage.table import table
from tests.support.gateway import Answer
from tests.support.otlp import protobuf
from tests.support.traces import START, Tracing, request_of, span, text, turn

TRACE = "a" * 32
PROTOBUF = {"content-type": "application/x-protobuf"}
LOG = ["user: Hi", "agent: Hello."]


def exchange(identifier: int = 1, **fields: Any) -> dict[str, Any]:
    """Return the span of a model that was asked "Hi" and answered "Hello."."""
    messages = {"gen_ai__input__messages": [text("user", "Hi")],
                "gen_ai__output__messages": [text("assistant", "Hello.")]}  # fmt: skip
    return span(TRACE, identifier, "chat", 1, 1, **(messages | fields))


def send(tracing: Tracing, body: bytes, **headers: str) -> Answer:
    answer = tracing.api("POST", "/v1/traces", raw=body, headers=PROTOBUF | headers)
    tracing.receive()
    return answer


def partial(answer: Answer) -> tuple[int, str]:
    """Return the number of rejected spans and the reasons in an answer in JSON."""
    found = answer.json["partialSuccess"]
    return int(found["rejectedSpans"]), found["errorMessage"]


def test_protobuf_is_read_and_answered_as_protobuf(tracing: Tracing) -> None:
    answer = send(tracing, protobuf(exchange()))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/x-protobuf")
    assert answer.text == ""
    assert tracing.assemble() == []
    assert tracing.told(tracing.sessions()[0]) == LOG


@pytest.mark.parametrize("is_json", [True, False])
@pytest.mark.parametrize("header", [{}, {"content-encoding": "gzip"}])
def test_gzip_is_recognized_with_and_without_its_header(
    tracing: Tracing, is_json: bool, header: dict[str, str]
) -> None:
    plain = json.dumps(request_of([exchange()])).encode() if is_json else protobuf(exchange())
    kind = {"content-type": "application/json"} if is_json else {}
    half = len(plain) // 2
    members = gzip.compress(plain[:half]) + gzip.compress(plain[half:])
    assert send(tracing, members, **header, **kind).status == 200
    tracing.assemble()
    assert tracing.told(tracing.sessions()[0]) == LOG


@pytest.mark.parametrize("accept", ["*/*", "application/x-protobuf"])
def test_rejected_spans_are_counted_in_protobuf(tracing: Tracing, accept: str) -> None:
    broken = exchange(2, gen_ai__input__messages=[{"role": "é" * 90}])
    answer = send(tracing, protobuf(exchange(), broken), accept=accept)
    # The gateway decodes binary answers for clients that accept them by name only.
    assert answer.text.isascii() or accept != "*/*"
    found = ExportTraceServiceResponse()
    found.ParseFromString(answer.text.encode(errors="surrogateescape"))
    assert found.partial_success.rejected_spans == 1
    assert found.partial_success.error_message.startswith("span 0000000000000002: ")
    tracing.assemble()
    assert tracing.told(tracing.sessions()[0]) == LOG


BOMB = gzip.compress(b"\0" * (64 * 1024 * 1024), 9)


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"\xff\xff", 400, "complete ExportTraceServiceRequest"),
        (protobuf(exchange())[:-9], 400, "complete ExportTraceServiceRequest"),
        (gzip.compress(protobuf(exchange()))[:-20], 400, "complete gzip"),
        (b"\x1f\x8b" + b"x" * 30, 400, "valid gzip"),
        (BOMB, 413, "at most 8 MiB"),
        (b"\x0a\x00" * 2**22 + b"\x0a\x00", 413, "at most"),
    ],
)
def test_broken_protobuf_is_answered_by_a_status(
    tracing: Tracing, body: bytes, status: int, message: str
) -> None:
    answer = send(tracing, body)
    assert answer.status == status
    assert answer.headers["content-type"] == "application/x-protobuf"
    assert message in answer.text
    assert tracing.held == []


def test_bomb_is_not_decompressed(monkeypatch: pytest.MonkeyPatch, tracing: Tracing) -> None:
    asked: list[int] = []
    real = zlib.decompressobj

    class Watched:
        def __init__(self, **options: Any) -> None:
            self.inner = real(**options)

        def decompress(self, data: bytes, most: int) -> bytes:
            asked.append(most)
            return self.inner.decompress(data, most)

    monkeypatch.setattr(zlib, "decompressobj", Watched)
    assert send(tracing, BOMB).status == 413
    assert asked == [8 * 1024 * 1024 + 1]


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ("{", 400, "body: must be JSON"),
        ("[]", 400, "body: must be an object"),
        ('{"resourceSpans": 7}', 400, "resourceSpans: must be a list"),
        ('{"resourceSpans": [7]}', 400, "resourceSpans: must be a list"),
        ('{"resourceSpans": [{"scopeSpans": {}}]}', 400, "scopeSpans: must be a list"),
        ('{"resourceSpans": [{"scopeSpans": [{"spans": ["x"]}]}]}', 400, "spans: must be a list"),
        (json.dumps(request_of([{}] * 10_001)), 413, "spans: must be at most 10000"),
        ("{" + '"a":{' * 200 + "}" * 201, 400, "nested deeper"),
    ],
)
def test_broken_json_is_answered_by_a_status(
    tracing: Tracing, body: str, status: int, message: str
) -> None:
    answer = tracing.api("POST", "/v1/traces", raw=body)
    assert (answer.status, answer.json["code"]) == (status, 3 if status == 400 else 8)
    assert message in answer.json["message"]


def test_million_spans_in_one_request_are_refused(tracing: Tracing) -> None:
    body = b'{"resourceSpans":[{"scopeSpans":[{"spans":[' + b"{}," * 999_999 + b"{}]}]}]}"
    assert send(tracing, body, **{"content-type": "application/json"}).status == 413
    assert (
        send(tracing, gzip.compress(protobuf(*[span(TRACE, 1, "", 0, 0)] * 10_001))).status == 413
    )


def test_other_content_type_is_refused(tracing: Tracing) -> None:
    answer = send(tracing, b"x", **{"content-type": "text/plain"})
    assert answer.status == 400
    assert answer.json["message"].startswith("body: must be JSON (")
    assert answer.json["message"].endswith("protobuf with Content-Type: application/x-protobuf.")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"traceId": "xyz"}, "trace_id: must be 32 hexadecimal digits"),
        ({"traceId": "0" * 32}, "trace_id: must be 32"),
        ({"traceId": 7}, "trace_id: must be 32"),
        ({"spanId": None}, "span_id: must be 16"),
        ({"startTimeUnixNano": "soon"}, "start_time_unix_nano: must be nanoseconds"),
        ({"startTimeUnixNano": -1}, "start_time_unix_nano: must be nanoseconds"),
        ({"endTimeUnixNano": 2**64}, "end_time_unix_nano: must be nanoseconds"),
        ({"endTimeUnixNano": "9" * 5000}, "end_time_unix_nano: must be nanoseconds"),
        ({"endTimeUnixNano": True}, "end_time_unix_nano: must be nanoseconds"),
    ],
)
def test_span_of_wrong_types_is_rejected_alone(
    tracing: Tracing, fields: dict[str, Any], reason: str
) -> None:
    answer = tracing.export({**exchange(9), **fields}, exchange())
    assert answer.status == 200
    count, message = partial(answer)
    assert (count, reason in message) == (1, True)
    assert tracing.assemble() == []
    assert tracing.told(tracing.sessions()[0]) == LOG


@pytest.mark.parametrize(
    "fields",
    [
        {"attributes": "x"}, {"attributes": [7, {"key": 7}, {"key": "gen_ai.x"}]}, {"name": 7},
        {"events": "x"}, {"events": [7, {"name": 7}]}, {"status": 7}, {"parentSpanId": 7},
        {"parentSpanId": "f" * 16}, {"kind": "x", "unknown": {}},
    ],
)  # fmt: skip
def test_odd_fields_of_a_span_lose_no_content(tracing: Tracing, fields: dict[str, Any]) -> None:
    tracing.capture({**exchange(9), **fields}, exchange())
    [session] = tracing.sessions()
    assert tracing.told(session)[-2:] == LOG


def test_span_about_nothing_is_accepted_and_not_kept(tracing: Tracing) -> None:
    tracing.capture(span(TRACE, 1, "GET /", 1, 1, http__request__method="GET", session__id="s"))
    assert tracing.held == []
    assert tracing.sessions() == []


def test_large_attribute_of_small_messages_is_kept(tracing: Tracing) -> None:
    messages = [text("user" if n % 2 == 0 else "assistant", f"{n}" * 2000) for n in range(300)]
    span_ = exchange(gen_ai__input__messages=json.dumps(messages))
    assert len(json.dumps(span_)) > 1_000_000
    tracing.capture(span_)
    [session] = tracing.sessions()
    events = tracing.events(session)
    assert len(events) == 301
    assert events[7]["data"]["message"]["content"][0]["text"] == "7" * 2000


def test_too_large_a_message_is_rejected_with_its_span(tracing: Tracing) -> None:
    large = exchange(2, gen_ai__input__messages=[text("user", "x" * 330_000)])
    count, message = partial(tracing.export(large, exchange()))
    assert (count, message) == (
        1, "span 0000000000000002: messages: one message must not exceed 316 KiB.",
    )  # fmt: skip
    assert tracing.assemble() == []
    assert tracing.told(tracing.sessions()[0]) == LOG


def test_times_that_are_zero_or_in_the_future_do_not_count(tracing: Tracing) -> None:
    future = {"startTimeUnixNano": str(START * 3), "endTimeUnixNano": str(2**64 - 1)}
    later = exchange(
        2, gen_ai__input__messages=[text("user", "Later")], gen_ai__output__messages=[]
    )
    tracing.capture({**exchange(), "startTimeUnixNano": "0"}, {**later, **future})
    [session] = tracing.sessions()
    assert tracing.told(session) == [*LOG, "user: Later"]
    assert {one["ts"][:10] for one in tracing.events(session)} == {"2026-03-01"}


def test_conversation_without_times_has_that_of_its_first_assembly(tracing: Tracing) -> None:
    no_times = {"startTimeUnixNano": 0, "endTimeUnixNano": 0}
    tracing.capture({**exchange(), **no_times})
    before = tracing.all_told()
    tracing.capture({**exchange(2, gen_ai__tool__name="x"), **no_times})
    assert tracing.all_told() == before


def test_id_of_10_000_characters_is_one_conversation(tracing: Tracing) -> None:
    identifier = "i" * 10_000
    tracing.capture(exchange(gen_ai__conversation__id=identifier))
    tracing.capture({**exchange(2, gen_ai__conversation__id=identifier), "traceId": "b" * 32})
    [session] = tracing.sessions()
    assert session["title"] == "i" * 200 or session["title"] == "i" * 255


def test_trace_ids_in_capitals_are_the_same(tracing: Tracing) -> None:
    tracing.capture({**exchange(), "traceId": "A" * 32})
    tracing.capture({**exchange(), "traceId": "a" * 32})
    assert len(tracing.sessions()) == 1


def test_same_span_ids_in_two_traces_are_two_spans(tracing: Tracing) -> None:
    first, history = turn("a" * 32, 1, "One", [])
    second, _ = turn("b" * 32, 2, "Two", history)
    for one, other in zip(first, second, strict=True):
        other["spanId"] = one["spanId"]
        if "parentSpanId" in one:
            other["parentSpanId"] = one["parentSpanId"]
    tracing.capture(*first, *second)
    [session] = tracing.sessions()
    assert [one for one in tracing.told(session) if one.startswith("user")] == [
        "user: One", "user: Two",
    ]  # fmt: skip


def test_reader_cannot_export(tracing: Tracing) -> None:
    tracing.api.scopes = "read"
    assert tracing.api("POST", "/v1/traces", request_of([exchange()])).status == 403


def test_queue_that_does_not_answer_is_retryable(tracing: Tracing) -> None:
    url = tracing.sqs.list_queues()["QueueUrls"][0]
    tracing.sqs.delete_queue(QueueUrl=url)
    answer = tracing.api("POST", "/v1/traces", request_of([exchange()]))
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert answer.json["code"] == 14

    # The spans are stored; the repeated request has their session assembled.
    tracing.sqs.create_queue(QueueName=url.rpartition("/")[2])
    tracing.capture(exchange())
    assert tracing.told(tracing.sessions()[0]) == LOG
    partition = f"{tracing.api.organization_id}#trace#{TRACE}"
    items = table().client.query(
        TableName=table().name,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": partition}},
    )["Items"]
    assert sorted(one["type"]["S"] for one in items) == ["owner", "spans"]
