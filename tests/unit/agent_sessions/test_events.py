"""The log as clients read it: listed, filtered, and page by page."""

import pytest

from shared.agents import event_service
from shared.core.ids import EventId
from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests
from tests.support.turns import Model, Turns, events, text


@pytest.fixture
def session_id(api: Gateway) -> str:
    return str(new_session(api)["id"])


@pytest.fixture
def talked(api: Gateway, session_id: str) -> str:
    """A session with one turn: nine events."""
    say(api, session_id, "Hello")
    Turns(Model(text("Hi"))).run()
    return session_id


def test_given_a_new_session_then_its_log_is_empty(api: Gateway, session_id: str) -> None:
    with counted_requests() as requests:
        assert api("GET", f"/v1/sessions/{session_id}/events").json == {"data": []}
    assert requests == {"GetItem": 1}


def test_given_events_then_all_required_keys_are_there(api: Gateway, talked: str) -> None:
    for place, event in enumerate(events(api, talked), 1):
        assert set(event) == {"id", "type", "ts", "session_id", "sequence", "context", "data"}
        assert event["id"].startswith("event_")
        assert event["ts"].endswith("Z")
        assert (event["session_id"], event["sequence"]) == (talked, place)


def test_given_an_event_then_reading_goes_on_behind_it(api: Gateway, talked: str) -> None:
    everything = events(api, talked)
    for place, event in enumerate(everything):
        rest = events(api, talked, f"?since_id={event['id']}")
        assert rest == everything[place + 1 :]


def test_given_nothing_new_then_polling_costs_one_read(api: Gateway, talked: str) -> None:
    last = events(api, talked)[-1]["id"]
    with counted_requests() as requests:
        assert events(api, talked, f"?since_id={last}") == []
    assert requests == {"GetItem": 1}


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("?exclude=input.message", 8),
        ("?exclude=input.message&exclude=turn.completed", 7),
        ("?exclude=output.message.delta&exclude=reason.thinking.delta", 9),
        ("?types=input.message&types=turn.completed", 2),
        ("?types=input.message&exclude=input.message", 0),
        ("?after_sequence=7", 2),
        ("?after_sequence=99", 0),
    ],
)
def test_given_types_then_only_those_are_left(
    api: Gateway, talked: str, query: str, left: int
) -> None:
    assert len(events(api, talked, query)) == left


REFUSED = {
    "exclude unknown": ("?exclude=turn.exploded", 400, "exclude.0: not a type of event"),
    "types unknown": ("?types=", 400, "types.0: not a type of event"),
    "since malformed": ("?since_id=7", 400, "Invalid event ID: expected event_"),
    "since of another kind": ("?since_id=message_" + "0" * 32, 400, "Invalid event ID"),
    "since unknown": (f"?since_id={EventId.new()}", 400, "Invalid event ID: since_id is no event"),
    "a filter nobody knows": ("?turn=1", 400, "turn: "),
    "no events": ("?limit=0", 400, "limit: "),
}


@pytest.mark.parametrize("path", ["events", "sse"])
@pytest.mark.parametrize(("query", "status", "error"), REFUSED.values(), ids=REFUSED)
def test_bad_filters_are_refused(
    api: Gateway, talked: str, path: str, query: str, status: int, error: str
) -> None:
    answer = api("GET", f"/v1/sessions/{talked}/{path}{query}")
    assert (answer.status, set(answer.json)) == (status, {"error"})
    assert answer.json["error"].startswith(error)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("after_sequence=0&limit=4", [[1, 2, 3, 4], [5, 6, 7, 8], [9]]),
        ("after_sequence=0&limit=9", [[*range(1, 10)]]),
        ("after_sequence=2&before_sequence=6&limit=2", [[3, 4], [5]]),
        ("after_sequence=0&limit=1&types=input.message&types=session.idled", [[1], [9]]),
    ],
)
def test_given_a_start_and_a_limit_then_pages_hold_so_many_and_bring_each_once(
    api: Gateway, talked: str, query: str, expected: list[list[int]]
) -> None:
    pages: list[list[int]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api("GET", f"/v1/sessions/{talked}/events?{query}{cursor}").json
        pages.append([event["sequence"] for event in page["data"]])
        cursor = f"&cursor={page['next_cursor']}" if "next_cursor" in page else None
    assert pages == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("limit=4", [6, 7, 8, 9]),
        ("limit=9", [*range(1, 10)]),
        ("limit=1000", [*range(1, 10)]),
        ("limit=3&before_sequence=6", [3, 4, 5]),
        ("limit=3&before_sequence=2", [1]),
        ("limit=3&before_sequence=0", []),
        ("before_sequence=4", [1, 2, 3]),
        ("limit=1&types=input.message", [1]),
        ("limit=2&exclude=session.idled&before_sequence=99", [7, 8]),
    ],
)
def test_given_only_a_limit_then_the_newest_are_told_in_their_order(
    api: Gateway, talked: str, query: str, expected: list[int]
) -> None:
    """As the official SDK has it: ``limit`` with ``before_sequence`` pages backwards."""
    page = api("GET", f"/v1/sessions/{talked}/events?{query}").json
    assert [event["sequence"] for event in page["data"]] == expected
    assert "next_cursor" not in page


def test_given_a_limit_then_only_the_end_of_a_log_is_read(api: Gateway, session_id: str) -> None:
    for word in ("one", "two", "three"):
        say(api, session_id, word)
    with counted_requests() as requests:
        assert [event["sequence"] for event in events(api, session_id, "?limit=2")] == [2, 3]
    assert requests == {"GetItem": 1, "Query": 1}
    with counted_requests() as requests:
        assert events(api, session_id, "?limit=1&types=turn.failed") == []
    assert requests == {"GetItem": 1, "Query": 1}  # not one for each item


def test_given_a_full_answer_then_the_newest_of_the_limit_are_in_it(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_service, "_MAX_PART_BYTES", 1)
    for word in ("one", "two", "three"):
        say(api, session_id, word)
    assert [event["sequence"] for event in events(api, session_id, "?limit=2")] == [3]
    earlier = events(api, session_id, "?limit=2&before_sequence=3")
    assert [event["sequence"] for event in earlier] == [2]


def test_cursor_that_is_none_is_refused(api: Gateway, talked: str) -> None:
    assert api("GET", f"/v1/sessions/{talked}/events?cursor=x").status == 400


def test_given_an_event_of_another_session_then_it_is_no_place_to_go_on_from(
    api: Gateway, talked: str
) -> None:
    other = str(new_session(api)["id"])
    say(api, other, "Hello")
    theirs = events(api, other)[0]["id"]
    assert api("GET", f"/v1/sessions/{talked}/events?since_id={theirs}").status == 400


@pytest.mark.parametrize("path", ["events", "sse"])
def test_given_another_organization_then_there_is_no_such_session(
    api: Gateway, other_api: Gateway, talked: str, path: str
) -> None:
    foreign = other_api("GET", f"/v1/sessions/{talked}/{path}")
    unknown = api("GET", f"/v1/sessions/session_{'0' * 32}/{path}")
    assert (foreign.status, foreign.json) == (unknown.status, unknown.json)
    assert (foreign.status, foreign.json) == (404, {"error": "Session not found"})
    assert api("GET", f"/v1/sessions/session_1/{path}").status == 400


def test_given_an_agent_then_its_capabilities_list_their_tools(api: Gateway) -> None:
    new_agent(api)
    listed = api("GET", "/v1/capabilities").json["data"]
    assert [tool["name"] for one in listed for tool in one["tool_definitions"]] == [
        "current_time",
        "calculator",
        "session_notes",
    ]
