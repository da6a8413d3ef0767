"""Messages and decisions: frames, refusals, concurrent requests."""

import threading
from typing import Any

import pytest

from shared.playground.engine.ports import AgentAnswer, AgentRequest
from shared.playground.speakers.scripted import ScriptedAgent
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.snapshot import stored_items
from tests.support.sse import frames, last
from tests.unit.playground.conversations import (
    URL,
    decide,
    open_awaiting_approval,
    open_session,
    open_session_on,
    read,
    say,
)


def test_message_streams_the_frames_of_its_turn(api: Gateway) -> None:
    session = open_session(api)
    say(api, session, "I am ada@example.org")

    answer = say(api, session, "It is HP-20417")

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    stream = frames(answer.text)
    output = stream[4][1]["output"]["order"]
    assert stream[:-1] == [
        ("node", {"node_id": "identify_order", "type": "agent"}),
        ("context", {"set": {"order_number": "HP-20417"}}),
        ("node", {"node_id": "look_up_order", "type": "action"}),
        (
            "tool_call",
            {
                "tool_call_id": "call_2_1",
                "tool": "find_latest_order",
                "arguments": {"email": "ada@example.org"},
            },
        ),
        ("tool_result", {"tool_call_id": "call_2_1", "output": {"order": output}}),
        (
            "context",
            {
                "set": {
                    "latest_order_number": "HP-20417",
                    "order_status": "shipped",
                    "items": "oak wall shelf, 3 boards",
                    "expected_delivery": "2026-02-12",
                    "tracking_number": "NF884120073",
                }
            },
        ),
        ("node", {"node_id": "tell_status", "type": "action"}),
        (
            "delta",
            {
                "text": "Your order HP-20417 (oak wall shelf, 3 boards) is shipped. "
                "The carrier expects to deliver it on 2026-02-12."
            },
        ),
        ("node", {"node_id": "ask_problem", "type": "agent"}),
        (
            "delta",
            {"text": "Is anything wrong with the delivery: none, late or damaged?"},
        ),
    ]
    name, complete = stream[-1]
    reply = complete.pop("reply")
    assert name == "complete"
    assert reply.endswith("Is anything wrong with the delivery: none, late or damaged?")
    assert complete == read(api, session)
    assert complete["completed_steps"] == ["identify_order", "look_up_order", "tell_status"]
    assert (complete["current_step_id"], complete["step_count"]) == ("ask_problem", 5)


def test_decision_resumes_a_session_at_its_approval(api: Gateway) -> None:
    session = open_awaiting_approval(api)
    waiting = read(api, session)
    assert (waiting["awaiting_approval"], waiting["last_signal"]) == (True, "approval_required")

    answer = decide(api, session, "approve", note="seen the photos")

    stream = dict(frames(answer.text))
    assert stream["signal"] == {"signal": "completed"}
    assert stream["complete"]["reply"].startswith("I have refunded 249 euros")
    assert (read(api, session)["awaiting_approval"], read(api, session)["current_step_id"]) == (
        False, None
    )  # fmt: skip


def test_denial_without_a_note_follows_its_edge(api: Gateway) -> None:
    session = open_awaiting_approval(api)

    name, complete = last(decide(api, session, "deny", note=None).text)

    assert (name, complete["current_step_id"]) == ("complete", "offer_alternative")


def test_request_at_the_wrong_time_is_refused_and_changes_nothing(api: Gateway) -> None:
    waiting, ended = open_awaiting_approval(api), open_awaiting_approval(api)
    fresh = open_session(api)
    decide(api, ended, "approve")
    before = stored_items()

    for answer, code in (
        (say(api, waiting, "Hello?"), "awaiting_approval"),
        (decide(api, fresh, "approve"), "not_awaiting_approval"),
        (say(api, ended, "Hello?"), "session_ended"),
        (decide(api, ended, "deny"), "not_awaiting_approval"),
    ):
        assert (answer.status, answer.json["error"]) == (409, code)
        assert set(answer.json) == {"error", "message"}

    assert stored_items() == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("messages", {}),
        ("messages", {"message": ""}),
        ("messages", {"message": " \n\t"}),
        ("messages", {"message": None}),
        ("messages", {"message": 7}),
        ("messages", {"message": "x" * 50_001}),
        ("resume", {}),
        ("resume", {"decision": "maybe"}),
        ("resume", {"decision": "approve", "note": "x" * 50_001}),
        ("resume", {"decision": True}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_invalid_body_is_refused_and_changes_nothing(
    api: Gateway, path: str, body: dict[str, Any]
) -> None:
    session = open_session(api)
    before = stored_items()

    answer = api("POST", f"{URL}/{session}/{path}", body)

    assert answer.status == 422
    [error] = answer.json["detail"]
    assert error["loc"][0] == "body"
    if str(body.get("message", "-")).strip() == "":
        assert error["msg"] == "message must not be empty"
    assert stored_items() == before


def test_message_of_a_megabyte_is_refused(api: Gateway) -> None:
    session = open_session(api)

    assert say(api, session, "x" * 1024 * 1024).status == 413
    assert read(api, session)["step_count"] == 0


def test_concurrent_messages_run_one_turn(api: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    session = open_session(api)
    everyone, here = threading.Barrier(4, timeout=60), threading.local()
    answer = ScriptedAgent.answer

    def once_all_have_read(agent: ScriptedAgent, request: AgentRequest) -> AgentAnswer:
        if not hasattr(here, "waited"):
            here.waited = everyone.wait()
        return answer(agent, request)

    monkeypatch.setattr(ScriptedAgent, "answer", once_all_have_read)

    message = {"message": "I am ada@example.org"}
    answers = race(api, "POST", f"{URL}/{session}/messages", message, clients=4)

    won, *refused = sorted(answers, key=lambda answer: answer.status)
    assert won.status == 200
    assert [(lost.status, lost.json["error"]) for lost in refused] == [(409, "turn_conflict")] * 3
    now = read(api, session)
    assert now == {k: v for k, v in last(won.text)[1].items() if k != "reply"}
    assert now["step_count"] == 1
    assert len(api("GET", f"{URL}/{session}/trace").json["items"]) == 1


@pytest.mark.parametrize("message", ["\U0001f600 \u2028 line\r\nbreak", "{{email}}"])
def test_stream_is_valid_for_any_text(api: Gateway, message: str) -> None:
    session = open_session_on(api)
    say(api, session, "Hi")

    stream = frames(say(api, session, message).text)

    context = ("context", {"set": {"parcel": message.strip()}})
    assert context in stream or stream[-1][0] == "complete"
