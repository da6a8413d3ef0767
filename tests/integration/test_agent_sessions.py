"""Agent sessions on the deployed stack: turns and change events through the stream."""

import json
import time

import httpx

from tests.integration.conftest import answers, create, events_about, send_message
from tests.support.bus_listener import BusListener
from tests.support.running_stack import RunningStack, until

#: Seconds that a model takes while its turn is canceled, and by which its answer must have come.
THINKING, ANSWERED = 6, 8


def event_types(http: httpx.Client, session: str) -> list[str]:
    answer = http.get(f"/v1/sessions/{session}/events")
    return [event["type"] for event in answer.json()["data"]]


def test_notes_outlive_a_turn(http: httpx.Client, agent_session: str) -> None:
    send_message(http, agent_session, "Remember that my name is Ada")
    send_message(http, agent_session, "What is my name?")

    until(lambda: event_types(http, agent_session).count("turn.completed") == 2)
    messages = http.get(f"/v1/sessions/{agent_session}/messages").json()["data"]
    assert messages[-1]["content"][0]["text"] == "key: name, value: Ada"


def test_failed_turn_leaves_the_session_idle_and_usable(
    http: httpx.Client, agent_session: str
) -> None:
    send_message(http, agent_session, "[fail retryable]")
    until(lambda: event_types(http, agent_session)[-1] == "session.idled")
    assert event_types(http, agent_session)[-2] == "turn.failed"

    send_message(http, agent_session, "Hello")
    until(lambda: event_types(http, agent_session)[-2:] == ["turn.completed", "session.idled"])


def test_canceled_turn_ends_before_its_model_answers(
    http: httpx.Client, agent_session: str
) -> None:
    """The late answer is discarded, and the next message gets its own."""
    session = f"/v1/sessions/{agent_session}"
    # Warms up the function.
    assert http.post(f"{session}/cancel").json()["status"] == "no_op"
    send_message(http, agent_session, f"Take your time [wait {THINKING}]")
    until(lambda: http.get(session).json()["status"] == "active")
    started = time.monotonic()

    canceled = http.post(f"{session}/cancel", json={}).json()
    state = http.get(session).json()
    seconds = time.monotonic() - started
    assert (canceled["status"], state["status"]) == ("cancelled", "idle")
    assert event_types(http, agent_session)[-2:] == ["turn.cancelled", "session.idled"]
    # The next read says so: the seconds are those of two requests, on any machine.
    assert seconds < THINKING

    send_message(http, agent_session, "Hello")
    until(
        lambda: (
            event_types(http, agent_session)[-1:] == ["session.idled"]
            and answers(http, agent_session)
        )
    )
    until(lambda: time.monotonic() > started + ANSWERED)
    assert answers(http, agent_session) == ["You said: Hello"]
    assert event_types(http, agent_session).count("turn.started") == 2


def test_deleted_session_leaves_only_a_tombstone(
    stack: RunningStack, http: httpx.Client, agent_session: str
) -> None:
    send_message(http, agent_session, "Hello")
    until(lambda: "turn.completed" in event_types(http, agent_session))

    assert http.delete(f"/v1/sessions/{agent_session}").status_code == 204
    assert http.get(f"/v1/sessions/{agent_session}").status_code == 404

    until(lambda: list(stack.session_items(agent_session)) == ["session"])


def test_changes_of_a_session_are_received_in_order(http: httpx.Client, bus: BusListener) -> None:
    agent = create(http, "/v1/agents", name="Ada", system_prompt="You help.")
    session = create(http, "/v1/sessions", agent_id=agent)
    send_message(http, session, "My number is 4711.")

    events = events_about(bus, session, count=2)

    assert [event["detail-type"] for event in events[:2]] == ["session.created", "session.updated"]
    assert [event["detail"]["version"] for event in events[:2]] == [1, 2]
    assert {event["detail"]["kind"] for event in events} == {"agent"}
    assert "4711" not in json.dumps(events)


def test_fork_goes_on_and_outlives_its_origin(
    http: httpx.Client, stack: RunningStack, agent_session: str
) -> None:
    send_message(http, agent_session, "Hello")
    until(lambda: event_types(http, agent_session)[-1:] == ["session.idled"])
    last = len(event_types(http, agent_session))
    path = f"/v1/sessions/{agent_session}/fork"
    at_message, at_end = (create(http, path, at_sequence=at) for at in (1, last))
    until(lambda: event_types(http, at_message)[-1] == "session.idled")

    assert http.delete(f"/v1/sessions/{agent_session}").status_code == 204
    assert http.get(f"/v1/sessions/{agent_session}/events").status_code == 404
    send_message(http, at_end, "Thanks")
    until(lambda: event_types(http, at_end).count("turn.completed") == 2)
    assert event_types(http, at_end)[:last] == event_types(http, at_message)[:last]
    assert answers(http, at_message) == answers(http, at_end)[:1]

    for fork in (at_end, at_message):
        assert http.delete(f"/v1/sessions/{fork}").status_code == 204
    until(lambda: set(stack.session_items(agent_session)) == {"session"})
