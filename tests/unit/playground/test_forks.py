"""Forks of playground sessions: the turns up to one by reference, and their own after it."""

from datetime import datetime
from typing import Any

import pytest

from functions.triggers import purge_sessions
from tests.support.gateway import Gateway
from tests.support.sse import last
from tests.support.storage import counted_requests
from tests.unit.playground.conversations import (
    REFUND,
    URL,
    decide,
    items_of,
    open_awaiting_approval,
    open_session,
    open_session_on,
    read,
    say,
)

#: Fields of a session that differ between a fork and its origin.
OWN = {"session_id", "created_at", "forked_from"}


def fork(api: Gateway, session: str, at: int) -> str:
    answer = api("POST", f"{URL}/{session}/fork", {"at_turn": at})
    assert answer.status == 201, answer.text
    return str(answer.json["session_id"])


def trace(api: Gateway, session: str) -> list[dict[str, Any]]:
    return list(api("GET", f"{URL}/{session}/trace").json["items"])


def common(session: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in session.items() if name not in OWN}


def purge(api: Gateway, session: str) -> None:
    assert api("DELETE", f"{URL}/{session}").status == 204
    detail = {"organization_id": str(api.organization_id), "session_id": session}
    purge_sessions.handler({"detail": detail}, None)


def test_fork_at_every_turn_has_the_state_of_that_turn_and_goes_on(api: Gateway) -> None:
    session = open_session(api, "refund-approval")
    states = [read(api, session)]
    for message in REFUND:
        say(api, session, message)
        states.append(read(api, session))
    turns = trace(api, session)

    for at, state in enumerate(states):
        forked = fork(api, session, at)
        assert common(read(api, forked)) == common(state)
        assert trace(api, forked) == turns[:at]
        for message in REFUND[at:]:
            assert last(say(api, forked, message).text)[0] == "complete"
        assert common(read(api, forked)) == common(states[-1])
        assert last(decide(api, forked, "deny").text)[0] == "complete"
    assert read(api, session) == states[-1]
    assert last(decide(api, session, "approve").text)[0] == "complete"


def test_forks_of_forks_outlive_their_origins(api: Gateway) -> None:
    session = open_session(api, "refund-approval")
    chain = [session]
    for message in REFUND:
        say(api, chain[-1], message)
        chain.append(fork(api, chain[-1], len(chain)))
    expected, state = trace(api, chain[-1]), read(api, chain[-1])
    for one in chain[:-1]:
        purge(api, one)
        assert api("GET", f"{URL}/{one}").status == 404
    assert trace(api, chain[-1]) == expected
    assert common(read(api, fork(api, chain[-1], 4))) == common(state)
    assert len(trace(api, fork(api, chain[-1], 2))) == 2
    assert last(decide(api, chain[-1], "approve").text)[0] == "complete"


@pytest.mark.parametrize("at", [0, 1])
def test_system_variables_of_a_fork_are_its_own(api: Gateway, at: int) -> None:
    session = open_session_on(api)
    say(api, session, "P-4711")
    forked = fork(api, session, at)
    variables = read(api, forked)["context_vars"]
    assert variables["session_id"] == forked
    assert variables["opened_at"] == read(api, forked)["created_at"]
    assert variables.get("parcel") == (None if at == 0 else "P-4711")


def test_repeated_message_in_a_fork_gets_the_first_turn(api: Gateway) -> None:
    session = open_session(api, "refund-approval")
    say(api, session, REFUND[0])
    forked = fork(api, session, 1)
    key = {"idempotency-key": "k"}
    first = say(api, forked, REFUND[1], headers=key)
    say(api, forked, REFUND[2])
    again = say(api, forked, REFUND[1], headers=key)
    assert (again.text, again.headers["idempotent-replayed"]) == (first.text, "true")


@pytest.mark.parametrize("is_decided", [False, True])
def test_deadline_of_an_approval_begins_anew_in_a_fork(api: Gateway, is_decided: bool) -> None:
    session = open_awaiting_approval(api)
    before = deadlines(api)[session]
    if is_decided:
        decide(api, session, "approve")
    forked = fork(api, session, 4)
    assert deadlines(api)[forked] > before
    assert last(decide(api, forked, "deny").text)[0] == "complete"


def deadlines(api: Gateway) -> dict[str, datetime]:
    """Return the deadlines of all awaited approvals, by session."""
    return {
        one["session_id"]: datetime.fromisoformat(one["approval_deadline"])
        for one in items_of(api, f"{URL}?awaiting_approval=true")
    }


def test_stream_of_a_fork_has_the_shared_turns(api: Gateway) -> None:
    session = open_session(api, "refund-approval")
    say(api, session, REFUND[0])
    say(api, session, REFUND[1])
    forked = fork(api, session, 1)
    shared = api("GET", f"{URL}/{forked}/sse").text
    assert "event: node" in shared
    assert shared.count("event: complete") == 1
    assert say(api, forked, REFUND[2]).status == 200
    assert api("GET", f"{URL}/{forked}/sse").text.startswith(shared.partition("event: complete")[0])


@pytest.mark.parametrize(
    ("body", "status"),
    [({"at_turn": 2}, 400), ({"at_turn": -1}, 422), ({}, 422), ({"at_turn": 1, "x": 1}, 422)],
)
def test_invalid_fork_is_refused(api: Gateway, body: Any, status: int) -> None:
    session = open_session(api, "refund-approval")
    say(api, session, REFUND[0])
    answer = api("POST", f"{URL}/{session}/fork", body)
    assert answer.status == status
    if status == 400:
        assert "at_turn: must be 0 to 1, the session's last turn." in answer.text


def test_fork_of_an_unknown_session_is_not_found(api: Gateway, other_api: Gateway) -> None:
    session = open_session(api, "refund-approval")
    assert other_api("POST", f"{URL}/{session}/fork", {"at_turn": 0}).status == 404
    purge(api, session)
    assert api("POST", f"{URL}/{session}/fork", {"at_turn": 0}).status == 404


def test_fork_at_the_last_turn_reads_no_events(api: Gateway) -> None:
    session = open_session(api, "refund-approval")
    say(api, session, REFUND[0])
    say(api, session, REFUND[1])
    for at, queries in ((2, {}), (1, {"Query": 1})):
        with counted_requests() as requests:
            fork(api, session, at)
        assert requests == {"BatchGetItem": 1, "TransactWriteItems": 1, **queries}
