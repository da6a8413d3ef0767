"""Live answers on the deployed stack: readers see a text grow; a cancel stops the model."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.integration.conftest import answers, run_client, send_message
from tests.integration.test_agent_clients import TURN
from tests.support.running_stack import PATIENCE, RunningStack, until

DELTA = "output.message.delta"
#: Seconds that the model writes.
WRITING = 8
TEXT = f"You said: Tell me a story of a parcel that was late [stream {WRITING}]"
MESSAGE = TEXT.removeprefix("You said: ")

type Events = list[dict[str, Any]]


def read_stream(http: httpx.Client, session: str, since: str | None = None) -> Events:
    """Follow the stream, as a client does, until the session is idle."""
    found: Events = []
    deadline = time.monotonic() + PATIENCE
    while not any(one["type"] == "session.idled" for one in found):
        assert time.monotonic() < deadline, [one["type"] for one in found]
        last = found[-1]["id"] if found else since
        found += stream_once(http, session, f"?since_id={last}" if last else "")
    return found


def stream_once(http: httpx.Client, session: str, query: str = "") -> Events:
    answer = http.get(f"/v1/sessions/{session}/sse{query}")
    assert answer.status_code == 200, answer.text
    lines = [line for line in answer.text.splitlines() if line.startswith('data: {"id"')]
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def texts(events: Events) -> list[str]:
    return [one["data"]["accumulated"] for one in events if one["type"] == DELTA]


def test_two_readers_see_the_text_grow_before_the_log_has_it(
    stack: RunningStack, http: httpx.Client, agent_session: str
) -> None:
    """One reads from the start, one comes late; both see events and text once, in order."""

    def read(delay: float) -> Events:
        time.sleep(delay)
        with httpx.Client(base_url=http.base_url, headers=http.headers, timeout=PATIENCE) as own:
            return read_stream(own, agent_session)

    send_message(http, agent_session, MESSAGE)
    with ThreadPoolExecutor(2) as readers:
        early, late = readers.map(read, (0, WRITING / 2))
    log = http.get(f"/v1/sessions/{agent_session}/events").json()["data"]

    for events in (early, late):
        assert [one for one in events if one["type"] != DELTA] == log
        assert [one["id"] for one in events] == sorted({one["id"] for one in events})
        assert texts(events)
        assert all(TEXT.startswith(text) for text in texts(events))
        assert texts(events) == sorted(set(texts(events)), key=len)
        deltas = [one["data"]["delta"] for one in events if one["type"] == DELTA]
        assert "".join(deltas) == texts(events)[-1]
    assert len(texts(early)) >= 2
    # An id of a text is a position in the log too.
    position = next(one for one in early if one["type"] == DELTA)
    behind = http.get(f"/v1/sessions/{agent_session}/events?since_id={position['id']}")
    assert behind.json()["data"] == log[position["sequence"] :]
    assert "text#live" not in stack.session_items(agent_session)


def test_cancel_stops_the_stream_of_the_model(
    stack: RunningStack, http: httpx.Client, agent_session: str
) -> None:
    send_message(http, agent_session, MESSAGE)
    until(lambda: texts(stream_once(http, agent_session, "?after_sequence=4")))

    assert http.post(f"/v1/sessions/{agent_session}/cancel", json={}).status_code == 200
    started = time.monotonic()
    until(lambda: "text#live" not in stack.session_items(agent_session))

    # The runner removes the text when it stops, long before the model would have ended.
    assert time.monotonic() - started < WRITING / 2
    assert texts(read_stream(http, agent_session)) == []
    assert answers(http, agent_session) == []


def test_stream_waits_for_an_event(http: httpx.Client, agent_session: str) -> None:
    send_message(http, agent_session, "Hello")
    last = read_stream(http, agent_session)[-1]["id"]
    with ThreadPoolExecutor(1) as reader:
        waiting = reader.submit(stream_once, http, agent_session, f"?since_id={last}")
        time.sleep(2)
        assert not waiting.done()
        send_message(http, agent_session, "Hello again")
        assert waiting.result(timeout=PATIENCE)[0]["type"] == "input.message"


def test_second_reader_of_a_playground_session_waits_for_the_turn(http: httpx.Client) -> None:
    sessions = "/v1/workflow/playground/sessions"
    opened = http.post(sessions, json={"catalog_slug": "order-status"}).json()["session_id"]
    with ThreadPoolExecutor(1) as reader:
        waiting = reader.submit(http.get, f"{sessions}/{opened}/sse")
        time.sleep(2)
        assert not waiting.done()
        sent = http.post(f"{sessions}/{opened}/messages", json={"message": "Hello"})
        answer = waiting.result(timeout=PATIENCE)

    assert answer.text.count("event: complete") == 1
    frames = [line for line in answer.text.splitlines() if line.startswith("data: ")][1:]
    assert frames == [line for line in sent.text.splitlines() if line.startswith("data: ")]


def test_unmodified_sdk_streams_the_text(stack: RunningStack) -> None:
    result = run_client(
        "dev",
        "everruns_live.py",
        EVERRUNS_API_URL=stack.api_url,
        EVERRUNS_API_KEY=stack.api_key,
    )

    assert result["types"] == TURN
    assert result["ids"]
    assert len(result["accumulated"]) >= 2
    assert result["delta"] == result["accumulated"][-1]
    assert TEXT.startswith(result["delta"])
