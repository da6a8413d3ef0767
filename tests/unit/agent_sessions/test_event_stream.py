"""Events as server-sent events: whole, in frames, and gone on with behind what was read."""

import json
from typing import Any

import pytest

from shared.agents import event_service
from shared.core.ids import EventId
from shared.llm.port import ModelAnswer, ModelRequest
from tests.support.agents import new_session, say
from tests.support.gateway import Answer, Gateway
from tests.support.turns import Model, Turns, events, text, types


@pytest.fixture
def session_id(api: Gateway) -> str:
    return str(new_session(api)["id"])


@pytest.fixture
def talked(api: Gateway, session_id: str) -> str:
    """A session with one turn: nine events."""
    say(api, session_id, "Hello")
    Turns(Model(text("Hi"))).run()
    return session_id


def streamed(answer: Answer) -> list[dict[str, Any]]:
    """Read server-sent events as the HTML standard has it."""
    found = []
    for block in answer.text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        if fields:
            found.append(fields | {"data": json.loads(fields["data"])})
    return found


def test_given_a_stream_then_it_is_whole_and_ends(api: Gateway, talked: str) -> None:
    answer = api("GET", f"/v1/sessions/{talked}/sse")
    first, *middle, last = streamed(answer)

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert first == {"event": "connected", "data": {"status": "connected"}}
    assert last["event"] == "disconnecting"
    assert last["data"]["reason"] == "connection_cycle"
    assert [one["data"] for one in middle] == events(api, talked)
    for one in middle:
        assert (one["event"], one["id"]) == (one["data"]["type"], one["data"]["id"])


def test_given_an_event_then_the_stream_goes_on_behind_it(api: Gateway, talked: str) -> None:
    third = events(api, talked)[2]["id"]
    url = f"/v1/sessions/{talked}/sse?since_id={third}&exclude=turn.completed"
    assert [one["event"] for one in streamed(api("GET", url))[1:-1]] == [
        "reason.started",
        "output.message.started",
        "output.message.completed",
        "reason.completed",
        "session.idled",
    ]


@pytest.mark.parametrize("asked_first", ["", "?since_id={}"])
def test_given_a_client_that_comes_back_as_browsers_do_then_nothing_is_told_twice(
    api: Gateway, talked: str, asked_first: str
) -> None:
    """An EventSource asks for the same address again, with the last id that it saw."""
    told = [event["id"] for event in events(api, talked)]
    url = f"/v1/sessions/{talked}/sse{asked_first.format(told[0])}"

    rest = streamed(api("GET", url, headers={"Last-Event-ID": told[-2]}))[1:-1]

    assert [one["id"] for one in rest] == told[-1:]


def test_last_seen_event_of_another_session_is_refused(api: Gateway, talked: str) -> None:
    url = f"/v1/sessions/{talked}/sse"
    for unknown in ("7", str(EventId.new())):
        answer = api("GET", url, headers={"Last-Event-ID": unknown})
        assert answer.status == 400
        assert answer.json["error"].startswith("Invalid event ID")


def test_given_something_to_wait_for_then_clients_come_back_soon(
    api: Gateway, session_id: str
) -> None:
    def retry() -> int:
        return int(streamed(api("GET", f"/v1/sessions/{session_id}/sse"))[-1]["data"]["retry_ms"])

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


def test_given_characters_that_some_take_for_line_ends_then_frames_stay_whole(
    api: Gateway, session_id: str
) -> None:
    said = "one\u2028two\x85three\u2029four\nfive\r\nsix\x0bseven"
    say(api, session_id, said)
    answer = api("GET", f"/v1/sessions/{session_id}/sse")
    frames = answer.text.split("\n\n")[1:-2]
    assert all(len(frame.splitlines()) == 3 for frame in frames)
    [shown] = streamed(answer)[1:-1]
    assert shown["data"]["data"]["message"]["content"][0]["text"] == said


def test_given_more_than_one_answer_holds_then_clients_get_all_of_it(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_service, "MAX_PAGE_BYTES", 1500)
    turns = Turns(Model(text("Hi")))
    for _ in range(3):
        say(api, session_id, "x" * 1000)
        turns.run()

    listed: list[int] = []
    url = target = f"/v1/sessions/{session_id}/events"
    while target:
        page = api("GET", target).json
        listed += [event["sequence"] for event in page["data"]]
        target = f"{url}?cursor={page['next_cursor']}" if "next_cursor" in page else ""
    assert listed == list(range(1, 28))

    sequences: list[int] = []
    since = ""
    while True:
        page = streamed(api("GET", f"/v1/sessions/{session_id}/sse?exclude=turn.started{since}"))
        if len(page) == 2:
            break
        sequences += [one["data"]["sequence"] for one in page[1:-1]]
        since = f"&since_id={page[-2]['id']}"
    assert sequences == [one for one in range(1, 28) if one % 9 != 3]


def test_given_a_part_that_is_filtered_out_then_the_stream_still_gets_on(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_service, "MAX_PAGE_BYTES", 100)
    say(api, session_id, "Hello")
    Turns(Model(text("Hi"))).run()
    assert [event["type"] for event in events(api, session_id, "?types=session.idled")] == [
        "session.idled"
    ]
    assert types(api, session_id)[0] == "input.message"


def test_given_a_body_and_a_content_type_then_they_are_no_matter(api: Gateway, talked: str) -> None:
    answer = api("GET", f"/v1/sessions/{talked}/events", raw="{")
    assert answer.status == 200
