"""Agent sessions on the deployed stack: what only the stack itself can show."""

import time

import httpx
import pytest

from tests.support.running_stack import RunningStack
from tests.support.waiting import PATIENCE, until

#: Seconds that a model thinks while its turn is cancelled, and after which its answer must have
#: come.
THINKING, ANSWERED = 6, 8


@pytest.fixture
def session(http: httpx.Client) -> str:
    body = {"name": "Ada", "system_prompt": "You help.", "capabilities": [{"ref": "session_notes"}]}
    agent = http.post("/v1/agents", json=body).json()["id"]
    return str(http.post("/v1/sessions", json={"agent_id": agent}).json()["id"])


def say(http: httpx.Client, session: str, text: str) -> None:
    body = {"message": {"content": [{"type": "text", "text": text}]}}
    http.post(f"/v1/sessions/{session}/messages", json=body).raise_for_status()


def types(http: httpx.Client, session: str) -> list[str]:
    answer = http.get(f"/v1/sessions/{session}/events")
    return [event["type"] for event in answer.json()["data"]]


def test_notes_outlive_a_turn(http: httpx.Client, session: str) -> None:
    """Given a note, when it is asked for in a later turn, then it is told."""
    say(http, session, "Remember that my name is Ada")
    say(http, session, "What is my name?")

    until(lambda: types(http, session).count("turn.completed") == 2)
    messages = http.get(f"/v1/sessions/{session}/messages").json()["data"]
    assert messages[-1]["content"][0]["text"] == "key: name, value: Ada"


def test_failed_turn_comes_to_rest(http: httpx.Client, session: str) -> None:
    """Given a model that gives no answer, then the turn fails and the next one goes on."""
    say(http, session, "[fail retryable]")
    until(lambda: types(http, session)[-1] == "session.idled")
    assert types(http, session)[-2] == "turn.failed"

    say(http, session, "Hello")
    until(lambda: types(http, session)[-2:] == ["turn.completed", "session.idled"])


def test_cancelled_turn_is_over_before_its_model_answers(http: httpx.Client, session: str) -> None:
    """Given a model that thinks for long, when its turn is cancelled, then its answer is lost.

    The session is idle while the model still thinks; the answer that comes later is nowhere,
    and the next message has its own.
    """
    # The function is warm then.
    assert http.post(f"/v1/sessions/{session}/cancel").json()["status"] == "no_op"
    say(http, session, f"Take your time [wait {THINKING}]")
    until(lambda: http.get(f"/v1/sessions/{session}").json()["status"] == "active")
    begun = time.monotonic()

    told = http.post(f"/v1/sessions/{session}/cancel", json={}).json()
    state = http.get(f"/v1/sessions/{session}").json()
    seconds = time.monotonic() - begun
    assert (told["status"], state["status"]) == ("cancelled", "idle")
    assert types(http, session)[-2:] == ["turn.cancelled", "session.idled"]
    # The very next read says so: the seconds are those of two requests, on any machine.
    assert seconds < THINKING

    say(http, session, "Hello")
    until(lambda: types(http, session)[-1:] == ["session.idled"] and _answers(http, session))
    until(lambda: time.monotonic() > begun + ANSWERED)
    assert _answers(http, session) == ["You said: Hello"]
    assert types(http, session).count("turn.started") == 2


def _answers(http: httpx.Client, session: str) -> list[str]:
    messages = http.get(f"/v1/sessions/{session}/messages").json()["data"]
    return [message["content"][0]["text"] for message in messages if message["role"] == "agent"]


def test_deleted_session_leaves_nothing_but_its_tombstone(
    stack: RunningStack, http: httpx.Client, session: str
) -> None:
    """Given a session with turns, when it is deleted, then it is gone, and soon its events are."""
    say(http, session, "Hello")
    until(lambda: "turn.completed" in types(http, session))

    assert http.delete(f"/v1/sessions/{session}").status_code == 204
    assert http.get(f"/v1/sessions/{session}").status_code == 404

    until(lambda: stack.items_of_session(session) == ["session"])


def test_totals_are_true_at_once(stack: RunningStack) -> None:
    """Given a new organization, when sessions come and go, then each list says how many."""
    made = stack.new_key()
    headers = {"x-api-key": made.api_key}
    with httpx.Client(base_url=stack.api_url, headers=headers, timeout=PATIENCE) as http:
        body = {"name": "Ada", "system_prompt": "You help."}
        agent = http.post("/v1/agents", json=body).json()["id"]
        ids = [http.post("/v1/sessions", json={"agent_id": agent}).json()["id"] for _ in range(5)]
        page = {"agent_id": agent, "limit": 2}
        assert http.get("/v1/sessions", params=page).json()["total"] == 5
        http.delete(f"/v1/sessions/{ids[0]}")
        assert http.get("/v1/sessions", params=page).json()["total"] == 4
        assert http.get("/v1/sessions", params={"limit": 1}).json()["total"] == 4
