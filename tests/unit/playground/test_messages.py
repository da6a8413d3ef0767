"""Messages and decisions through the API: frames, refusals, replays, races."""

import threading
import time
from typing import Any

import pytest

from shared.playground.engine_ports import AgentAnswer, AgentRequest
from shared.playground.scripted_agent import ScriptedAgent
from shared.storage.table import table
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.sse import frames, last
from tests.support.storage import counted_requests, forget_process_state
from tests.unit.playground.conversations import (
    URL,
    awaiting_approval,
    decide,
    opened,
    opened_on,
    read,
    say,
)
from tests.unit.playground.graphs import small

UNKNOWN = "0192d3a0-0000-7000-8000-000000000000"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mocked tools take no time; who waits for them is told how long it would have been."""
    monkeypatch.setattr(time, "sleep", lambda _: None)


def items() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table().client.scan(TableName=table().name)["Items"]
    return found


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


def test_given_a_message_again_with_its_key_then_it_streams_the_same_and_changes_nothing(
    api: Gateway,
) -> None:
    session = opened(api)
    key = {"Idempotency-Key": "one"}
    first = say(api, session, "I am ada@example.org", headers=key)
    say(api, session, "HP-20417")
    say(api, session, "none")
    before = items()

    again = say(api, session, "I am ada@example.org", headers=key)

    assert (again.status, again.text) == (200, first.text)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert items() == before


def test_given_a_decision_again_with_its_key_then_it_streams_the_same(api: Gateway) -> None:
    session = awaiting_approval(api)
    url, key = f"{URL}/{session}/resume", {"Idempotency-Key": "one"}

    answers = [api("POST", url, {"decision": "deny"}, headers=key) for _ in range(2)]

    assert answers[0].text == answers[1].text
    assert last(answers[1].text)[1]["current_step_id"] == "offer_alternative"


def test_given_a_key_with_another_message_then_it_is_refused(api: Gateway) -> None:
    session = opened(api)
    key = {"Idempotency-Key": "one"}
    say(api, session, "Hi", headers=key)

    answer = say(api, session, "Ho", headers=key)

    assert (answer.status, answer.json["error"]) == (422, "idempotency_key_reused")


def test_given_messages_at_once_then_one_wins_and_nothing_is_mixed(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened(api)
    everyone, here = threading.Barrier(4), threading.local()
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


def test_given_one_message_twice_at_once_with_one_key_then_it_is_one_turn(api: Gateway) -> None:
    session = opened(api)
    key = {"Idempotency-Key": "one"}

    answers = race(
        api, "POST", f"{URL}/{session}/messages", {"message": "Hi"}, headers=key, clients=6
    )

    assert {answer.status for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert read(api, session)["step_count"] == 1


def failing(**changes: Any) -> dict[str, Any]:
    """A graph whose tool fails, and no failure path leads on."""
    graph = small(**changes)
    graph["edges"] = [edge for edge in graph["edges"] if edge["from"] != "look_up"]
    graph["mock_world"] = {"find_parcel": {"error": "no such parcel"}}
    return graph


def test_given_a_turn_that_fails_then_an_error_ends_the_stream_and_the_session_is_as_before(
    api: Gateway,
) -> None:
    session = opened_on(api, failing())
    say(api, session, "Hi")
    say(api, session, "P7")
    before, stored = read(api, session), items()
    assert before["awaiting_approval"]

    answer = decide(api, session, "approve")

    assert answer.status == 200
    told = frames(answer.text)
    assert told[-2] == ("signal", {"signal": "node_execution_failed: tool_failed"})
    assert told[-1] == (
        "error",
        {
            "error": "node_execution_failed: tool_failed",
            "message": "'look_up' failed, and no failure path leads on.",
            "retryable": False,
        },
    )
    assert ("delta", {"text": "That did not work."}) in told
    assert read(api, session) == before
    assert items() == stored
    assert last(decide(api, session, "deny").text)[0] == "complete"


def test_given_a_graph_that_never_waits_then_the_turn_fails_with_its_signal(api: Gateway) -> None:
    graph = small(entry_node_id="look_up")
    graph["edges"] = [
        {"from": "look_up", "to": "look_up", "condition": "missing(parcel)"},
        {"from": "look_up", "to": "person", "priority": 1},
        {"from": "look_up", "to": "person", "is_failure_path": True},
    ]
    graph["nodes"] = [node for node in graph["nodes"] if node["id"] in ("look_up", "person")]
    session = opened_on(api, graph)

    told = frames(say(api, session, "Hi").text)

    assert told[-2] == ("signal", {"signal": "max_steps_exceeded"})
    assert told[-1][0] == "error"
    assert read(api, session)["step_count"] == 0


def test_given_values_too_large_to_store_then_the_turn_fails_and_the_session_stays(
    api: Gateway,
) -> None:
    names = [f"v{n}" for n in range(12)]
    graph = small(
        context_variables=[
            {"name": name, "type": "string", "description": f"part {name}"} for name in names
        ],
        entry_node_id="ask",
        nodes=[
            {"id": "ask", "type": "agent", "instructions": "Ask.", "required_writes": names},
            {"id": "person", "type": "handoff", "static_text": "I call a colleague."},
        ],
        edges=[
            {"from": "ask", "to": "person"},
            {"from": "ask", "to": "person", "is_failure_path": True},
        ],
        mock_world={},
    )
    session = opened_on(api, graph)
    say(api, session, "Hi")

    for number in range(12):
        before = read(api, session)
        # Four bytes a character.
        name, data = last(say(api, session, "\U0001d538" * 50_000).text)
        if name == "error":
            assert data["error"] == "turn_too_large"
            assert read(api, session) == before
            return
        assert number < 11
    pytest.fail("nothing was too large")


def test_given_a_turn_then_it_costs_one_read_and_one_transaction(api: Gateway) -> None:
    session = opened(api)
    forget_process_state()

    with counted_requests() as counts:
        say(api, session, "Hi")

    assert counts == {"GetItem": 1, "TransactWriteItems": 1}


def test_given_a_turn_with_a_key_then_it_costs_no_more_requests(api: Gateway) -> None:
    session = opened(api)

    with counted_requests() as counts:
        say(api, session, "Hi", headers={"Idempotency-Key": "one"})

    assert counts == {"BatchGetItem": 1, "TransactWriteItems": 1}


@pytest.mark.parametrize("message", ["\U0001f600 \u2028 line\r\nbreak", "{{email}}"])
def test_given_any_text_then_the_stream_stays_readable(api: Gateway, message: str) -> None:
    graph = small(entry_node_id="ask")
    session = opened_on(api, graph)
    say(api, session, "Hi")

    told = frames(say(api, session, message).text)

    assert ("context", {"set": {"parcel": message.strip()}}) in told or told[-1][0] == "complete"
