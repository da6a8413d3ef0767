"""Messages and decisions through the API: frames, refusals, costs."""

from typing import Any

import pytest

from tests.support.gateway import Gateway
from tests.support.sse import frames, last
from tests.support.storage import counted_requests, forget_process_state
from tests.unit.playground.conversations import (
    URL,
    awaiting_approval,
    decide,
    items,
    opened,
    opened_on,
    read,
    say,
)
from tests.unit.playground.graphs import small

UNKNOWN = "0192d3a0-0000-7000-8000-000000000000"


def test_given_a_session_when_a_message_is_sent_then_its_frames_tell_the_turn(
    api: Gateway,
) -> None:
    session = opened(api)
    say(api, session, "I am ada@example.org")

    answer = say(api, session, "It is HP-20417")

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = frames(answer.text)
    output = told[4][1]["output"]["order"]
    assert told[:-1] == [
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
    name, complete = told[-1]
    reply = complete.pop("reply")
    assert name == "complete"
    assert reply.endswith("Is anything wrong with the delivery: none, late or damaged?")
    assert complete == read(api, session)
    assert complete["completed_steps"] == ["identify_order", "look_up_order", "tell_status"]
    assert (complete["current_step_id"], complete["step_count"]) == ("ask_problem", 5)


def test_given_a_session_at_its_approval_when_it_is_decided_then_it_goes_on(
    api: Gateway,
) -> None:
    session = awaiting_approval(api)
    waiting = read(api, session)
    assert (waiting["awaiting_approval"], waiting["last_signal"]) == (True, "approval_required")

    answer = decide(api, session, "approve", note="seen the photos")

    told = dict(frames(answer.text))
    assert told["signal"] == {"signal": "completed"}
    assert told["complete"]["reply"].startswith("I have refunded 249 euros")
    assert (read(api, session)["awaiting_approval"], read(api, session)["current_step_id"]) == (
        False, None
    )  # fmt: skip


def test_given_a_decision_without_a_note_then_deny_takes_its_way(api: Gateway) -> None:
    session = awaiting_approval(api)

    name, complete = last(decide(api, session, "deny", note=None).text)

    assert (name, complete["current_step_id"]) == ("complete", "offer_alternative")


def test_given_the_wrong_time_then_a_request_is_refused_and_changes_nothing(api: Gateway) -> None:
    waiting, fresh, ended = awaiting_approval(api), opened(api), awaiting_approval(api)
    decide(api, ended, "approve")
    before = items()

    for answer, code in (
        (say(api, waiting, "Hello?"), "awaiting_approval"),
        (decide(api, fresh, "approve"), "not_awaiting_approval"),
        (say(api, ended, "Hello?"), "session_ended"),
        (decide(api, ended, "deny"), "not_awaiting_approval"),
    ):
        assert (answer.status, answer.json["error"]) == (409, code)
        assert set(answer.json) == {"error", "message"}

    assert items() == before


BAD_BODIES = [
    ("messages", {}),
    ("messages", {"message": ""}),
    ("messages", {"message": " \n\t"}),
    ("messages", {"message": None}),
    ("messages", {"message": 7}),
    ("messages", {"message": "\ud800"}),
    ("messages", {"message": "x" * 50_001}),
    ("resume", {}),
    ("resume", {"decision": "maybe"}),
    ("resume", {"decision": "approve", "note": "x" * 50_001}),
    ("resume", {"decision": True}),
]


@pytest.mark.parametrize(
    ("path", "body"), BAD_BODIES, ids=[f"{p} {str(b)[:40]}" for p, b in BAD_BODIES]
)
def test_given_a_body_that_does_not_fit_then_it_is_refused_and_changes_nothing(
    api: Gateway, path: str, body: dict[str, Any]
) -> None:
    session = opened(api)
    before = items()

    answer = api("POST", f"{URL}/{session}/{path}", body)

    assert answer.status == 422
    assert answer.json["detail"][0]["loc"][0] == "body"
    assert items() == before


@pytest.mark.parametrize("message", ["", " \n\t"])
def test_given_an_empty_message_then_the_refusal_says_so(api: Gateway, message: str) -> None:
    answer = api("POST", f"{URL}/{opened(api)}/messages", {"message": message})

    assert answer.json["detail"][0]["msg"] == "message must not be empty"


def test_given_a_message_of_a_megabyte_then_it_is_refused(api: Gateway) -> None:
    session = opened(api)

    assert say(api, session, "x" * 1024 * 1024).status == 413
    assert read(api, session)["step_count"] == 0


@pytest.mark.parametrize("path", ["messages", "resume"])
@pytest.mark.parametrize("session", [UNKNOWN, "nonsense", "session_00"])
def test_given_an_unknown_session_then_it_is_not_found(
    api: Gateway, path: str, session: str
) -> None:
    body = {"message": "Hi"} if path == "messages" else {"decision": "deny"}

    answer = api("POST", f"{URL}/{session}/{path}", body)

    assert (answer.status, answer.json["error"]) == (404, "not_found")


def test_given_anothers_session_then_it_is_not_found(api: Gateway, other_api: Gateway) -> None:
    session = awaiting_approval(api)

    unknown = say(other_api, UNKNOWN, "Hi")
    for answer in (say(other_api, session, "Hi"), decide(other_api, session, "approve")):
        assert (answer.status, answer.json) == (404, unknown.json)
    assert read(api, session)["awaiting_approval"]


def test_given_a_reader_then_it_may_not_talk(api: Gateway) -> None:
    session = opened(api)
    reader = Gateway(organization_id=api.organization_id, scopes="read")

    assert say(reader, session, "Hi").status == 403


def test_given_a_turn_then_it_costs_one_read_and_one_transaction(api: Gateway) -> None:
    session = opened(api)
    forget_process_state()

    with counted_requests() as counts:
        say(api, session, "Hi")

    assert counts == {"GetItem": 1, "TransactWriteItems": 1}


@pytest.mark.parametrize("message", ["\U0001f600 \u2028 line\r\nbreak", "{{email}}"])
def test_given_any_text_then_the_stream_stays_readable(api: Gateway, message: str) -> None:
    graph = small(entry_node_id="ask")
    session = opened_on(api, graph)
    say(api, session, "Hi")

    told = frames(say(api, session, message).text)

    assert ("context", {"set": {"parcel": message.strip()}}) in told or told[-1][0] == "complete"
