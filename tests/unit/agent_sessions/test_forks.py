"""Forks of agent sessions: the log up to a sequence by reference, and their own after it."""

from typing import Any

import pytest

from shared.agents.forks.replay import LogReplay
from shared.agents.sessions.wiring import session_repository
from shared.core.ids import SessionId
from tests.support.agents import new_agent, new_session, say
from tests.support.forks import converse, fork, log
from tests.support.gateway import Gateway
from tests.support.racing import race, race_of
from tests.support.storage import counted_requests
from tests.support.table_stream import count_sessions
from tests.support.turns import Model, Turns, answer_texts, events, session, text, types

#: Fields of a session that follow from its log.
FOLLOWING = ("usage", "preview", "output_preview", "started_at")


def url(session_id: str) -> str:
    return f"/v1/sessions/{session_id}"


def test_fork_at_every_sequence_begins_with_the_origins_log_and_goes_on(
    api: Gateway, session_id: str
) -> None:
    converse(api, session_id)
    origin = log(api, session_id)
    forks = [fork(api, session_id, at) for at in range(len(origin) + 1)]
    turns = Turns(Model(text("again")))
    turns.run()
    for at, one in enumerate(forks):
        say(api, one, "More")
        turns.run()
        mine = log(api, one)
        assert mine[:at] == origin[:at]
        assert [event["sequence"] for event in mine] == list(range(1, len(mine) + 1))
        messages = [e["data"]["message"] for e in mine if e["type"] == "input.message"]
        ended = {
            e["context"]["input_message_id"]
            for e in mine
            if e["type"] in ("turn.completed", "turn.cancelled")
        }
        assert ended == {message["id"] for message in messages}
        assert answer_texts(api, one)[-1] == "again"
        assert session(api, one)["status"] == "idle"
    assert log(api, session_id) == origin


def test_fork_has_the_state_that_the_origin_had_at_that_sequence(
    api: Gateway, session_id: str
) -> None:
    states: dict[int, Any] = {0: session(api, session_id)}
    turns = Turns(Model(text("One", tokens=7), text("Two", tokens=5)))
    for words in ("First", "Second"):
        say(api, session_id, words)
        states[len(events(api, session_id))] = session(api, session_id)
        turns.run()
        states[len(events(api, session_id))] = session(api, session_id)
    for at, state in states.items():
        forked = session(api, fork(api, session_id, at))
        assert {name: forked[name] for name in FOLLOWING} == {
            name: state[name] for name in FOLLOWING
        }
        assert forked["agent_id"] == state["agent_id"]
        assert forked["forked_from"] == {"session_id": session_id, "sequence": at}
    assert "forked_from" not in states[0]


def test_replay_of_a_log_gives_the_stored_state(api: Gateway, session_id: str) -> None:
    converse(api, session_id)
    stored, events_of_log = session_repository().read(
        api.organization_id, SessionId.parse(session_id)
    )
    replay = LogReplay()
    replay.add(events_of_log)
    assert replay.apply_to(stored) == stored


def test_event_ids_of_a_fork_are_its_own_and_continue_its_log(
    api: Gateway, answered_session: str
) -> None:
    forked = fork(api, answered_session, 10)
    origin, mine = events(api, answered_session), events(api, forked)
    assert not {event["id"] for event in origin} & {event["id"] for event in mine}
    assert {event["session_id"] for event in mine} == {forked}
    for place, event in enumerate(mine, 1):
        assert events(api, forked, f"?since_id={event['id']}") == mine[place:]
    assert events(api, forked, f"?around={mine[4]['id']}&window=1") == mine[3:6]
    refused = api("GET", f"{url(forked)}/events?since_id={origin[4]['id']}")
    assert refused.status == 400
    assert [e["id"] for e in events(api, forked, "?order_desc=true&limit=3")] == [
        event["id"] for event in mine[:-4:-1]
    ]


def test_messages_of_a_fork_keep_the_ids_of_their_origin(
    api: Gateway, answered_session: str
) -> None:
    forked = fork(api, answered_session, 10)
    both = [api("GET", f"{url(one)}/messages").json["data"] for one in (answered_session, forked)]
    assert [message["id"] for message in both[0]] == [message["id"] for message in both[1]]
    assert {message["session_id"] for message in both[1]} == {forked}


def test_fork_within_a_turn_ends_that_turn_and_its_calls(api: Gateway, session_id: str) -> None:
    converse(api, session_id)
    started = types(api, session_id).index("tool.started") + 1
    forked = fork(api, session_id, started)
    own = events(api, forked)[started:]
    assert [event["type"] for event in own] == ["tool.completed", "turn.cancelled", "session.idled"]
    assert own[0]["data"]["status"] == "cancelled"
    assert own[1]["data"]["reason"] == "The session was forked within this turn."
    assert own[1]["data"]["usage"]["input_tokens"] == 1
    assert session(api, forked)["status"] == "idle"


def test_fork_at_a_message_answers_it_in_the_fork_only(api: Gateway, answered_session: str) -> None:
    forked = fork(api, answered_session, 1)
    model = Model(text("Another answer"))
    Turns(model).run()
    assert answer_texts(api, forked) == ["Another answer"]
    assert answer_texts(api, answered_session) == ["Hi"]
    assert len(model.requests) == 1


def test_fork_of_a_session_with_a_running_turn_leaves_it_running(
    api: Gateway, session_id: str
) -> None:
    forks: list[str] = []

    def fork_first(_: Any) -> Any:
        forks.append(fork(api, session_id, 4))
        return text("done")

    say(api, session_id, "Hello")
    Turns(Model(fork_first)).run()
    assert answer_texts(api, session_id) == ["done"]
    assert types(api, forks[0])[4:] == ["turn.cancelled", "session.idled"]


def test_forks_of_forks_read_every_origin(api: Gateway, answered_session: str) -> None:
    turns = Turns(Model(text("ok")))
    current, expected = answered_session, log(api, answered_session)
    chain = [current]
    for number in range(3):
        current = fork(api, current, len(expected))
        say(api, current, f"Branch {number}")
        turns.run()
        assert log(api, current)[: len(expected)] == expected
        expected = log(api, current)
        chain.append(current)
    assert len(answer_texts(api, current)) == 4
    for at in (3, 10, 14, 25, len(expected)):
        again = log(api, fork(api, current, at))
        assert again[:at] == expected[:at]
    assert log(api, fork(api, chain[1], 5))[:5] == expected[:5]
    found = events(api, current)
    for place, one in enumerate(found):
        around = events(api, current, f"?around={one['id']}&window=1")
        assert around == found[max(0, place - 1) : place + 2]


def test_fork_takes_title_and_tags_or_those_of_the_origin(api: Gateway) -> None:
    origin = new_session(api, title="Order", tags=["shop"], model_id=None)["id"]
    kept, given = fork(api, origin, 0), fork(api, origin, 0, title="Other", tags=[])
    assert (session(api, kept)["title"], session(api, kept)["tags"]) == ("Order", ["shop"])
    assert (session(api, given)["title"], session(api, given)["tags"]) == ("Other", [])
    assert session(api, kept)["status"] == "started"


def test_fork_begins_with_the_files_that_its_origin_began_with(api: Gateway) -> None:
    own = {"path": "/docs/own.md", "content": "Own.", "is_readonly": True}
    of_agent = {"path": "/docs/policy.md", "content": "30 days."}
    empty = {"path": "/docs/todo.md", "content": "", "is_readonly": True}
    agent = new_agent(api, initial_files=[of_agent])
    origin = new_session(api, agent_id=agent["id"], initial_files=[own, empty])["id"]
    assert api("PUT", f"{url(origin)}/fs/docs/policy.md", {"content": "60 days."}).status == 200
    forked = fork(api, origin, 0)
    assert api("DELETE", url(origin)).status == 204
    again = fork(api, forked, 0)
    read = {
        name: api("GET", f"{url(again)}/fs/docs/{name}.md").json
        for name in ("own", "policy", "todo")
    }
    assert {name: (one["content"], one["is_readonly"]) for name, one in read.items()} == {
        "own": ("Own.", True),
        "policy": ("30 days.", False),
        "todo": ("", True),
    }


def test_fork_begins_with_an_empty_file_alone(api: Gateway) -> None:
    origin = new_session(api, initial_files=[{"path": "/todo.md", "content": ""}])["id"]
    assert api("PUT", f"{url(origin)}/fs/todo.md", {"content": "Later."}).status == 200
    assert api("GET", f"{url(fork(api, origin, 0))}/fs/todo.md").json["content"] == ""


def test_forks_are_listed_and_counted(api: Gateway, answered_session: str) -> None:
    forked = fork(api, answered_session, 10)
    page = api("GET", "/v1/sessions").json
    assert [one["id"] for one in page["data"]] == [forked, answered_session]
    count_sessions()
    assert api("GET", "/v1/sessions?limit=1").json["total"] == 2


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({"at_sequence": 11}, 400, "at_sequence: must be 0 to 10, the session's last sequence."),
        ({"at_sequence": -1}, 422, "at_sequence"),
        ({"at_sequence": "x"}, 422, "at_sequence"),
        ({}, 422, "at_sequence"),
        ({"at_sequence": 2**40}, 422, "at_sequence"),
        ({"at_sequence": 1, "title": "x" * 256}, 400, "title"),
        ({"at_sequence": 1, "tags": ["x"] * 51}, 400, "tags"),
    ],
)
def test_invalid_fork_is_refused(
    api: Gateway, answered_session: str, body: Any, status: int, message: str
) -> None:
    answer = api("POST", f"{url(answered_session)}/fork", body)
    assert answer.status == status
    assert message in answer.json["error"]


def test_fork_of_another_organizations_session_is_not_found(
    api: Gateway, other_api: Gateway, answered_session: str
) -> None:
    answer = other_api("POST", f"{url(answered_session)}/fork", {"at_sequence": 1})
    assert (answer.status, answer.json) == (404, {"error": "Session not found"})


def test_fork_at_the_end_reads_no_events(api: Gateway, answered_session: str) -> None:
    with counted_requests() as requests:
        forked = fork(api, answered_session, 10)
    assert requests == {"BatchGetItem": 1, "TransactWriteItems": 1}
    with counted_requests() as requests:
        fork(api, answered_session, 4)
    assert requests == {"BatchGetItem": 1, "Query": 1, "TransactWriteItems": 1}
    with counted_requests() as requests:
        events(api, forked)
    assert requests == {"GetItem": 1, "Query": 1}


def test_concurrent_forks_with_one_key_create_one_session(
    api: Gateway, answered_session: str
) -> None:
    headers = {"idempotency-key": "k"}
    answers = race(
        api, "POST", f"{url(answered_session)}/fork", {"at_sequence": 4}, headers=headers, clients=5
    )
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1


def test_concurrent_forks_at_different_sequences_are_all_whole(
    api: Gateway, answered_session: str
) -> None:
    path = f"{url(answered_session)}/fork"
    answers = race_of(api, [("POST", path, {"at_sequence": at}) for at in range(1, 11)])
    expected = log(api, answered_session)
    for at, answer in enumerate(answers, 1):
        assert log(api, answer.json["id"])[:at] == expected[:at]
