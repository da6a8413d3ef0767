"""Stream of events (SSE): frames, reconnection and response size."""

import json
from typing import Any

import pytest

from shared.agents.events import service as event_service
from shared.core.ids import EventId
from shared.llm.port import ModelAnswer, ModelRequest
from tests.support.agents import pages, say
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
    first, *middle, last = parse_stream(answer)

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert first == {"event": "connected", "data": {"status": "connected"}}
    assert last["event"] == "disconnecting"
    assert last["data"]["reason"] == "connection_cycle"
    assert [one["data"] for one in middle] == events(api, answered_session)
    for one in middle:
        assert (one["event"], one["id"]) == (one["data"]["type"], one["data"]["id"])


def test_since_id_continues_the_stream(api: Gateway, answered_session: str) -> None:
    third = events(api, answered_session)[2]["id"]
    url = f"/v1/sessions/{answered_session}/sse?since_id={third}&exclude=turn.completed"
    assert [one["event"] for one in parse_stream(api("GET", url))[1:-1]] == [
        "reason.started",
        "output.message.started",
        "output.message.completed",
        "reason.completed",
        "session.idled",
    ]


@pytest.mark.parametrize("first_query", ["", "?since_id={}"])
def test_reconnecting_browser_gets_no_event_twice(
    api: Gateway, answered_session: str, first_query: str
) -> None:
    """An EventSource requests the same URL again, with the last id that it received."""
    ids = [event["id"] for event in events(api, answered_session)]
    url = f"/v1/sessions/{answered_session}/sse{first_query.format(ids[0])}"

    rest = parse_stream(api("GET", url, headers={"Last-Event-ID": ids[-2]}))[1:-1]

    assert [one["id"] for one in rest] == ids[-1:]


def test_last_event_id_of_other_session_is_rejected(api: Gateway, answered_session: str) -> None:
    url = f"/v1/sessions/{answered_session}/sse"
    for unknown in ("7", str(EventId.new())):
        answer = api("GET", url, headers={"Last-Event-ID": unknown})
        assert answer.status == 400
        assert answer.json["error"].startswith("Invalid event ID")


def test_retry_is_short_while_a_turn_is_waiting_or_running(api: Gateway, session_id: str) -> None:
    def retry() -> int:
        return int(
            parse_stream(api("GET", f"/v1/sessions/{session_id}/sse"))[-1]["data"]["retry_ms"]
        )

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
    frames = answer.text.split("\n\n")[1:-2]
    assert all(len(frame.splitlines()) == 3 for frame in frames)
    [shown] = parse_stream(answer)[1:-1]
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
    assert [event["sequence"] for page in found for event in page] == list(range(1, 28))

    sequences: list[int] = []
    since = ""
    while True:
        page = parse_stream(
            api("GET", f"/v1/sessions/{session_id}/sse?exclude=turn.started{since}")
        )
        if len(page) == 2:
            break
        sequences += [one["data"]["sequence"] for one in page[1:-1]]
        since = f"&since_id={page[-2]['id']}"
    assert sequences == [one for one in range(1, 28) if one % 9 != 3]


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
