"""Spans through the gateway: protobuf, JSON and gzip become one session each."""

import gzip
import json
import zlib
from typing import Any

import httpx
import pytest

from tests.support.otlp import EXPORTED, protobuf
from tests.support.running_stack import until
from tests.support.traces import told_event

PROTOBUF = {"content-type": "application/x-protobuf"}
GZIP = {"content-encoding": "gzip"}


def spans(conversation: str) -> list[dict[str, Any]]:
    """Return the spans of a real program, as those of another conversation and trace."""
    text = (EXPORTED / "openai-openinference.json").read_text()
    [found] = json.loads(text)["resourceSpans"]
    together = [one for scope in found["scopeSpans"] for one in scope["spans"]]
    for number, span in enumerate(together):
        span["traceId"] = f"{zlib.crc32(conversation.encode()):016x}{number:016x}"
        for pair in span["attributes"]:
            if pair["key"] == "session.id":
                pair["value"] = {"stringValue": conversation}
    return together


def as_json(conversation: str) -> bytes:
    scopes = [{"spans": spans(conversation)}]
    return json.dumps({"resourceSpans": [{"scopeSpans": scopes}]}).encode()


def test_spans_become_sessions_in_every_encoding(http: httpx.Client) -> None:
    sent = {
        "otlp-json": (as_json("otlp-json"), {}),
        "otlp-json-gzip": (gzip.compress(as_json("otlp-json-gzip")), GZIP),
        "otlp-protobuf": (protobuf(*spans("otlp-protobuf")), PROTOBUF),
        "otlp-pb-gzip": (gzip.compress(protobuf(*spans("otlp-pb-gzip"))), PROTOBUF | GZIP),
    }
    for content, headers in sent.values():
        kind = {"content-type": "application/json"} | headers
        answer = http.post("/v1/traces", content=content, headers=kind)
        assert (answer.status_code, answer.content) == (
            200,
            b"{}" if kind["content-type"].endswith("json") else b"",
        )

    def found() -> dict[str, Any]:
        sessions = http.get("/v1/sessions?limit=200").json()["data"]
        return {one["title"]: one for one in sessions if one["title"] in sent}

    def told(title: str) -> list[str]:
        if title not in found():
            return []
        events = http.get(f"/v1/sessions/{found()[title]['id']}/events").json()["data"]
        return [told_event(one) for one in events]

    until(lambda: all(len(told(title)) == 9 for title in sent))
    for title in sent:
        assert told(title)[0] == "user: Where are A-17 and A-19?"
        assert told(title)[-1] == "agent: You are welcome."


@pytest.mark.parametrize("accept", ["*/*", "application/x-protobuf"])
def test_error_reaches_a_client_of_protobuf_unchanged(http: httpx.Client, accept: str) -> None:
    answer = http.post("/v1/traces", content=b"\xff\xfe", headers={**PROTOBUF, "accept": accept})
    message = b"body: must be a complete ExportTraceServiceRequest."
    assert answer.status_code == 400
    assert answer.content == b"\x08\x03\x12" + bytes([len(message)]) + message
