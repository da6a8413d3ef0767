"""Deletion of origins and of forks: a log stays as long as a session refers to it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from shared.sessions.forking import load_origin
from shared.storage.client import dynamodb
from tests.support.agents import SESSION_ENDPOINTS, new_agent, say
from tests.support.clocks import move_clock
from tests.support.forks import converse, delete, fork, log, purge
from tests.support.gateway import Gateway
from tests.support.racing import race_of
from tests.support.storage import TABLE, counted_requests
from tests.support.turns import Model, Turns, in_event_loop, text


def stored(session_id: str) -> dict[str, Any]:
    """Return the items of a session by sort key."""
    digits = session_id.removeprefix("session_")
    items = dynamodb().scan(TableName=TABLE)["Items"]
    return {item["sk"]["S"]: item for item in items if item["pk"]["S"].endswith(digits)}


def stored_events(session_id: str) -> int:
    return sum(sort.startswith("events#") for sort in stored(session_id))


def test_fork_is_whole_after_its_origin_is_purged(api: Gateway, session_id: str) -> None:
    converse(api, session_id)
    whole = log(api, session_id)
    forks = {at: fork(api, session_id, at) for at in (1, 7, 20)}
    expected = {one: log(api, one) for one in forks.values()}
    delete(api, session_id)

    for method, path, body in SESSION_ENDPOINTS:
        assert api(method, f"/v1/sessions/{session_id}{path}", body).status == 404
    refused = api("POST", f"/v1/sessions/{session_id}/fork", {"at_sequence": 1})
    assert (refused.status, refused.json) == (404, {"error": "Session not found"})
    left = stored(session_id)
    assert {sort for sort in left if sort <= "session"} == {
        "session",
        *(sort for sort in left if "events#" <= sort <= f"events#{20:012d}"),
    }
    assert "tool#session_notes" not in left
    turns = Turns(Model(text("still here")))
    turns.run()
    for at, one in forks.items():
        assert log(api, one)[:at] == whole[:at]
        assert log(api, one)[: len(expected[one])] == expected[one]
        say(api, one, "Still there?")
        turns.run()
        assert log(api, one)[-1]["type"] == "session.idled"


def test_last_fork_takes_the_rest_of_a_deleted_origin_along(api: Gateway, session_id: str) -> None:
    converse(api, session_id)
    first, second = fork(api, session_id, 20), fork(api, session_id, 5)
    delete(api, session_id)
    assert "expires_at" not in stored(session_id)["session"]
    before = log(api, second)

    delete(api, first)
    assert log(api, second) == before
    assert {one for one in stored(session_id) if one.startswith("events#")} == {
        sort for sort in stored(session_id) if sort <= f"events#{5:012d}"
    }
    delete(api, second)

    assert list(stored(session_id)) == ["session"]
    assert int(stored(session_id)["session"]["expires_at"]["N"]) > 0
    purge(api, second)
    purge(api, session_id)
    assert list(stored(session_id)) == list(stored(second)) == ["session"]


def test_delete_of_a_fork_leaves_the_origin_as_it_is(api: Gateway, answered_session: str) -> None:
    forked = fork(api, answered_session, 10)
    before = log(api, answered_session)
    delete(api, forked)
    assert log(api, answered_session) == before
    assert not [one for one in stored(answered_session) if one.startswith("shared#")]
    delete(api, answered_session)
    assert list(stored(answered_session)) == ["session"]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (1, 2, 0), (2, 1, 0)])
def test_chain_of_forks_is_purged_in_any_order(
    api: Gateway, answered_session: str, order: tuple[int, ...]
) -> None:
    chain = [answered_session]
    turns = Turns(Model(text("ok")))
    for _ in range(3):
        chain.append(fork(api, chain[-1], len(log(api, chain[-1]))))
        say(api, chain[-1], "More")
        turns.run()
    last = log(api, chain[-1])
    for number in order:
        delete(api, chain[number])
        assert log(api, chain[-1]) == last
    assert log(api, fork(api, chain[-1], 12))[:12] == last[:12]
    again = fork(api, chain[-1], len(last))
    delete(api, chain[-1])
    assert log(api, again) == last
    delete(api, again)
    assert {one for session in chain for one in stored(session)} > {"session"}


def test_nothing_is_left_of_a_chain_of_forks(api: Gateway, answered_session: str) -> None:
    chain = [answered_session]
    for _ in range(3):
        chain.append(fork(api, chain[-1], len(log(api, chain[-1]))))
        say(api, chain[-1], "More")
        Turns(Model(text("ok"))).run()
    for session in chain:
        delete(api, session, purged=False)
    for session in chain:
        purge(api, session)
    assert {sort for session in chain for sort in stored(session)} == {"session"}


def test_id_of_a_deleted_origin_is_not_used_again_while_a_fork_lives(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"agent_id": new_agent(api)["id"]}
    headers = {"idempotency-key": "k"}
    origin = api("POST", "/v1/sessions", body, headers=headers).json["id"]
    say(api, origin, "Hello")
    forked = fork(api, origin, 1)
    delete(api, origin)
    move_clock(monkeypatch, timedelta(days=31))
    refused = api("POST", "/v1/sessions", body, headers=headers)
    assert (refused.status, "was deleted" in refused.json["error"]) == (409, True)
    assert len(log(api, forked)) == 1


@pytest.fixture
def at_the_write(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """Return a function that has a call made once, between the read and the write of a fork."""

    def arrange(call: Callable[[], Any]) -> None:
        calls = [call]

        def load(*arguments: Any) -> Any:
            origin = load_origin(*arguments)
            if calls:
                with ThreadPoolExecutor(1) as thread:
                    thread.submit(in_event_loop, calls.pop()).result()
            return origin

        monkeypatch.setattr("shared.agents.forks.service.load_origin", load)

    return arrange


def test_origin_deleted_before_the_write_of_a_fork_is_not_found(
    api: Gateway, answered_session: str, at_the_write: Any
) -> None:
    at_the_write(lambda: delete(api, answered_session))
    answer = api("POST", f"/v1/sessions/{answered_session}/fork", {"at_sequence": 10})
    assert (answer.status, answer.json) == (404, {"error": "Session not found"})
    assert list(stored(answered_session)) == ["session"]


def test_concurrent_fork_that_raises_the_marker_repeats_the_other(
    api: Gateway, answered_session: str, at_the_write: Any
) -> None:
    at_the_write(lambda: fork(api, answered_session, 6))
    forked = fork(api, answered_session, 8)
    assert log(api, forked)[:8] == log(api, answered_session)[:8]
    assert '"through":8' in stored(answered_session)["shared"]["body"]["S"]
    with counted_requests() as requests:
        fork(api, answered_session, 10)
    assert requests == {"BatchGetItem": 1, "TransactWriteItems": 1}


def test_concurrent_forks_and_delete_leave_forks_whole_or_not_found(
    api: Gateway, answered_session: str
) -> None:
    expected = log(api, answered_session)
    path = f"/v1/sessions/{answered_session}"
    requests: list[Any] = [("POST", f"{path}/fork", {"at_sequence": at}) for at in (10, 4, 10, 4)]
    requests.insert(2, ("DELETE", path, None))
    answers = race_of(api, requests)
    assert {answer.status for answer in answers} <= {201, 204, 404}
    purge(api, answered_session)
    for answer in answers:
        if answer.status == 201:
            forked = log(api, answer.json["id"])
            at = answer.json["forked_from"]["sequence"]
            assert forked[:at] == expected[:at]
