"""Stream of events (SSE): frames, reconnection and response size."""

import json
from typing import Any

import pytest
from everruns_sdk import Everruns, sse

from shared.agents.events import service as event_service
from shared.core.ids import EventId
from shared.llm.port import ModelAnswer, ModelRequest
from tests.support.agents import pages, say
from tests.support.everruns import TypeScriptStream, sdk_stream, with_sdk
from tests.support.gateway import Answer, Gateway
from tests.support.turns import Model, Turns, events, text, types


def parse_stream(answer: Answer) -> list[dict[str, Any]]:
    """Parse server-sent events (the HTML standard)."""
    found = []
    for block in answer.text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        if fields:
            found.append(fields | {"data": json.loads(fields["data"])})
    return found


def test_stream_contains_all_events_and_ends(api: Gateway, answered_session: str) -> None:
    answer = api("GET", f"/v1/sessions/{answered_session}/sse")
    first, *rest = parse_stream(answer)

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert first == {"event": "connected", "data": {"status": "connected"}}
    assert [one["data"] for one in rest] == events(api, answered_session)
    for one in rest:
        assert (one["event"], one["id"]) == (one["data"]["type"], one["data"]["id"])


def test_stream_without_events_asks_to_wait(api: Gateway, answered_session: str) -> None:
    last = events(api, answered_session)[-1]["id"]
    for query in (f"since_id={last}", "types=turn.failed", "after_sequence=99"):
        first, last_one = parse_stream(api("GET", f"/v1/sessions/{answered_session}/sse?{query}"))
        assert first["event"] == "connected"
        assert last_one["event"] == "disconnecting"
        assert last_one["data"]["reason"] == "connection_cycle"


@pytest.mark.parametrize("chunk_size", [None, 1000, 7])
def test_typescript_client_gets_every_event_once(
    api: Gateway, answered_session: str, monkeypatch: pytest.MonkeyPatch, chunk_size: int | None
) -> None:
    expected = events(api, answered_session)
    monkeypatch.setattr(event_service, "MAX_PAGE_BYTES", 100)  # one item of the log an answer

    stream = TypeScriptStream(api, answered_session, chunk_size=chunk_size)

    assert list(stream.events()) == expected
    # After each answer with events, and after the last, which has none.
    assert stream.delays == [stream.BACKOFF_MS] * 2 + [1000]
    assert list(stream.events()) == []


def test_python_client_gets_every_event_once(api: Gateway, answered_session: str) -> None:
    expected = events(api, answered_session)

    async def stream(client: Everruns) -> list[str]:
        found: list[str] = []
        stream = sdk_stream(client, api, answered_session)
        async for event in stream:
            found.append(event.id)
            if event.type == "session.idled":
                stream.stop()
        await stream.aclose()
        return found

    assert with_sdk(api, stream) == [event["id"] for event in expected]


def test_python_client_reconnects_after_the_end_of_a_stream(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "INITIAL_BACKOFF_MS", 10)
    for word in ("one", "two"):
        say(api, session_id, word)

    async def stream(client: Everruns) -> list[str]:
        found: list[str] = []
        stream = sdk_stream(client, api, session_id, types=["input.message"])
        async for event in stream:
            found.append(event.data["message"]["content"][0]["text"])
            if len(found) == 2:
                await client.messages.create(session_id, "three")
            if len(found) == 3:
                stream.stop()
        await stream.aclose()
        return found

    assert with_sdk(api, stream) == ["one", "two", "three"]


def test_since_id_continues_the_stream(api: Gateway, answered_session: str) -> None:
    third = events(api, answered_session)[2]["id"]
    url = f"/v1/sessions/{answered_session}/sse?since_id={third}&exclude=turn.completed"
    assert [one["event"] for one in parse_stream(api("GET", url))[1:]] == [
        "reason.started",
        "output.message.started",
        "output.message.completed",
        "llm.generation",
        "reason.completed",
        "session.idled",
    ]


@pytest.mark.parametrize("first_query", ["", "?since_id={}", "?after_sequence=0"])
def test_reconnecting_browser_gets_no_event_twice(
    api: Gateway, answered_session: str, first_query: str
) -> None:
    """An EventSource requests the same URL again, with the last id that it received."""
    ids = [event["id"] for event in events(api, answered_session)]
    url = f"/v1/sessions/{answered_session}/sse{first_query.format(ids[0])}"

    rest = parse_stream(api("GET", url, headers={"Last-Event-ID": ids[-2]}))[1:]

    assert [one["id"] for one in rest] == ids[-1:]


def test_last_event_id_of_other_session_is_rejected(api: Gateway, answered_session: str) -> None:
    url = f"/v1/sessions/{answered_session}/sse"
    for unknown in ("7", str(EventId.new())):
        answer = api("GET", url, headers={"Last-Event-ID": unknown})
        assert answer.status == 400
        assert answer.json["error"].startswith("Invalid event ID")


def test_retry_is_short_while_a_turn_is_waiting_or_running(api: Gateway, session_id: str) -> None:
    def retry() -> int:
        url = f"/v1/sessions/{session_id}/sse?types=turn.failed"
        return int(parse_stream(api("GET", url))[-1]["data"]["retry_ms"])

    assert retry() > 500
    seen: list[int] = []
    say(api, session_id, "Hello")
    seen.append(retry())

    def look(_: ModelRequest) -> ModelAnswer:
        seen.append(retry())
        return text("Hi")

    Turns(Model(look)).run()
    assert all(100 <= one <= 500 for one in seen)
    assert len(seen) == 2
    assert retry() > 500


def test_line_separators_in_text_do_not_split_frames(api: Gateway, session_id: str) -> None:
    said = "one\u2028two\x85three\u2029four\nfive\r\nsix\x0bseven"
    say(api, session_id, said)
    answer = api("GET", f"/v1/sessions/{session_id}/sse")
    frame = answer.text.split("\n\n")[1]
    assert len(frame.splitlines()) == 3
    shown = parse_stream(answer)[1]
    assert shown["data"]["data"]["message"]["content"][0]["text"] == said


def test_client_gets_all_events_of_a_log_larger_than_a_response(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_service, "MAX_PAGE_BYTES", 1500)
    turns = Turns(Model(text("Hi")))
    for _ in range(3):
        say(api, session_id, "x" * 1000)
        turns.run()

    found = pages(api, f"/v1/sessions/{session_id}/events")
    assert [event["sequence"] for page in found for event in page] == list(range(1, 31))

    sequences: list[int] = []
    since = ""
    while True:
        page = parse_stream(
            api("GET", f"/v1/sessions/{session_id}/sse?exclude=turn.started{since}")
        )
        if page[-1]["event"] == "disconnecting":
            break
        sequences += [one["data"]["sequence"] for one in page[1:]]
        since = f"&since_id={page[-1]['id']}"
    assert sequences == [one for one in range(1, 31) if one % 10 != 3]


def test_filter_skips_parts_without_matching_events(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_service, "MAX_PAGE_BYTES", 100)
    say(api, session_id, "Hello")
    Turns(Model(text("Hi"))).run()
    assert [event["type"] for event in events(api, session_id, "?types=session.idled")] == [
        "session.idled"
    ]
    assert types(api, session_id)[0] == "input.message"


def test_body_of_get_request_is_ignored(api: Gateway, answered_session: str) -> None:
    answer = api("GET", f"/v1/sessions/{answered_session}/events", raw="{")
    assert answer.status == 200
