"""Filters of the list of events (the official SDK sends them), and their cost."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from shared.agents.events import service as event_service
from shared.core.ids import EventId
from shared.sessions import log_times
from tests.support.agents import new_agent, new_session, pages, say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests, moto_table
from tests.support.turns import Model, Turns, call, events, text
from tests.unit.agent_sessions.conftest import CAPABILITIES

type Query = dict[str, Any]


@pytest.fixture(scope="module")
def dynamodb_table() -> Iterator[Any]:
    """One table for all tests here: they only read the log."""
    with pytest.MonkeyPatch.context() as monkeypatch, moto_table(monkeypatch) as client:
        yield client


@pytest.fixture(scope="module")
def api(dynamodb_table: Any) -> Gateway:
    return Gateway()


@pytest.fixture(scope="module")
def session_id(api: Gateway) -> str:
    agent = new_agent(api, capabilities=CAPABILITIES)
    return str(new_session(api, agent_id=agent["id"])["id"])


@pytest.fixture(scope="module")
def log(api: Gateway, session_id: str) -> list[dict[str, Any]]:
    """Two turns: ten events, and nineteen with a tool call (the 20th and 21st)."""
    say(api, session_id, "Hello")
    Turns(Model(text("Hi there"))).run()
    say(api, session_id, "How much is it?")
    Turns(Model(call("calculator", expression="6 * 7"), text("There, 42"))).run()
    found = events(api, session_id)
    assert len(found) == 29
    return found


def query_of(given: Query, log: list[dict[str, Any]]) -> str:
    """Return a query string, with the ids and times of events in place of their sequences."""
    fields = {"since_id": "id", "around": "id", "from_ts": "ts", "to_ts": "ts"}
    values = {
        name: log[value - 1][fields[name]] if name in fields else value
        for name, value in given.items()
    }
    if "turn_id" in values:
        values["turn_id"] = log[values["turn_id"] - 1]["context"]["turn_id"]
    return "?" + urlencode(values, doseq=True)


def sequences(page: dict[str, Any]) -> list[int]:
    return [event["sequence"] for event in page["data"]]


FOUND: dict[str, tuple[Query, list[int]]] = {
    "turn": ({"turn_id": 2}, [*range(2, 11)]),
    "turn, the first of": ({"turn_id": 13, "limit": 2}, [12, 13]),
    "turn, the last of": ({"turn_id": 13, "limit": 2, "order_desc": "true"}, [29, 28]),
    "turn, in part": (
        {"turn_id": 13, "since_id": 24, "exclude": "session.idled"},
        [*range(25, 29)],
    ),
    "turn, before": ({"turn_id": 13, "before_sequence": 14}, [12, 13]),
    "tool": ({"tool_name": "calculator"}, [20, 21]),
    "tool, first of its events": ({"tool_name": "calculator", "limit": 1}, [20]),
    "tool, one of its events": ({"tool_name": "calculator", "types": "tool.completed"}, [21]),
    "tool never called": ({"tool_name": "clock"}, []),
    "a word": ({"q": "THERE"}, [6, 25]),
    "a word, the first": ({"q": "there", "limit": 1}, [6]),
    "words": ({"q": "42 there"}, [25]),
    "words of a tool": ({"q": "6 7 expression"}, [21]),
    "no words": ({"q": " "}, [*range(1, 30)]),
    "downwards": ({"order_desc": "true"}, [*range(29, 0, -1)]),
    "upwards": ({"order_desc": "false", "limit": 2}, [28, 29]),
    "downwards, the newest": ({"order_desc": "true", "limit": 3}, [29, 28, 27]),
    "downwards, before": ({"order_desc": "true", "limit": 2, "before_sequence": 4}, [3, 2]),
    "downwards, behind": ({"order_desc": "true", "after_sequence": 27}, [29, 28]),
    "downwards, since": ({"order_desc": "true", "limit": 1, "since_id": 27}, [29]),
    "downwards, of types": ({"order_desc": "true", "types": "input.message"}, [11, 1]),
    "around": ({"around": 12, "window": 2}, [10, 11, 12, 13, 14]),
    "around the last": ({"around": 29, "window": 1}, [28, 29]),
    "around, fifty at once": ({"around": 1}, [*range(1, 30)]),
    "around, those of a type": ({"around": 12, "window": 2, "types": "input.message"}, [11]),
    "around, whatever the order": (
        {"around": 12, "window": 1, "limit": 1, "order_desc": "true"},
        [11, 12, 13],
    ),
    "execution": ({"exec_id": "exec_1"}, []),
    "trace": ({"trace_id": "turn_1"}, []),
    "tags": ({"tags": ["a", "b"]}, []),
    "no tags": ({"tags": []}, [*range(1, 30)]),
}


@pytest.mark.parametrize(("given", "expected"), FOUND.values(), ids=FOUND)
def test_filters_select_events_that_meet_all_of_them(
    api: Gateway, session_id: str, log: list[dict[str, Any]], given: Query, expected: list[int]
) -> None:
    found = events(api, session_id, query_of(given, log))
    assert found == [log[sequence - 1] for sequence in expected]


@pytest.mark.parametrize("near", [2, log_times.NEAR])
@pytest.mark.parametrize(
    ("start", "end", "more"),
    [
        (11, 29, {}),
        (1, 10, {}),
        (11, 14, {"types": "turn.started"}),
        (2, 29, {"limit": 3}),
        (2, 29, {"limit": 3, "order_desc": "true"}),
        (2, 29, {"before_sequence": 13}),
        (10, 11, {"around": 9, "window": 3}),
    ],
)
def test_times_select_events_between_them(
    api: Gateway,
    session_id: str,
    log: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    near: int,
    start: int,
    end: int,
    more: Query,
) -> None:
    monkeypatch.setattr(log_times, "NEAR", near)
    times = [datetime.fromisoformat(event["ts"]) for event in log]
    low, high = times[start - 1], times[end - 1]
    inside = [event for event, at in zip(log, times, strict=True) if low <= at <= high]
    if "types" in more:
        inside = [event for event in inside if event["type"] == more["types"]]
    if "before_sequence" in more:
        inside = [event for event in inside if event["sequence"] < more["before_sequence"]]
    if "around" in more:
        inside = [event for event in inside if abs(event["sequence"] - 9) <= more["window"]]
    if "order_desc" in more:
        inside.reverse()
    given = {"from_ts": start, "to_ts": end, **more}
    assert events(api, session_id, query_of(given, log)) == inside[: more.get("limit")]


def test_time_zone_is_converted(api: Gateway, session_id: str, log: list[dict[str, Any]]) -> None:
    url = f"/v1/sessions/{session_id}/events?"
    past, future = ({"from_ts": f"{year}-01-01T02:00:00.5+02:00"} for year in (2000, 9000))
    assert api("GET", url + urlencode(past)).json["data"] == log
    assert api("GET", url + urlencode(future)).json["data"] == []


EXCLUDED = "around: cannot be used together with "
INVALID: dict[str, tuple[str, str]] = {
    "around malformed": ("around=7", "Invalid event ID: expected event_"),
    "around unknown": (f"around={EventId.new()}", "Invalid event ID: around must be an event"),
    "around and since": ("around={id}&since_id={id}", EXCLUDED + "since_id"),
    "around and after": ("around={id}&after_sequence=0", EXCLUDED + "after_sequence"),
    "around and before": ("around={id}&before_sequence=1", EXCLUDED + "before_sequence"),
    "since and after": (
        "since_id={id}&after_sequence=0",
        "since_id: cannot be used together with after_sequence",
    ),
    "window alone": ("window=5", "window: can only be used together with around"),
    "window of 0": ("around={id}&window=0", "window: "),
    "window too wide": ("around={id}&window=501", "window: "),
    "window no number": ("around={id}&window=x", "window: "),
    "from not a time": ("from_ts=yesterday", "from_ts: must be an RFC 3339 time"),
    "from a number": ("from_ts=1715040000", "from_ts: must be an RFC 3339 time"),
    "from a date": ("from_ts=2026-05-07", "from_ts: must be an RFC 3339 time"),
    "from without zone": ("from_ts=2026-05-07T00:00:00", "from_ts: must be an RFC 3339 time"),
    "to invalid date": ("to_ts=2026-02-30T00:00:00Z", "to_ts: "),
    "to out of range": ("to_ts=9999-12-31T23:59:59-14:00", "to_ts: "),
    "from later than to": (
        "from_ts=2026-05-07T00:00:01Z&to_ts=2026-05-07T00:00:00Z",
        "from_ts: must not be later than to_ts",
    ),
    "order invalid": ("order_desc=down", "order_desc: "),
    "words too many": ("q=" + "+".join(["word"] * 65), "q: must not exceed 64 words"),
    "words too long": ("q=" + "w" * 4097, "q: must not exceed 64 words or 4096 bytes"),
    "tags too many": ("tags=a" + "&tags=a" * 20, "tags: "),
    "unknown parameter": ("turn=1", "turn: "),
}


@pytest.mark.parametrize(("query", "error"), INVALID.values(), ids=INVALID)
def test_invalid_filter_is_rejected_by_name(
    api: Gateway, session_id: str, log: list[dict[str, Any]], query: str, error: str
) -> None:
    filled_in = query.format(id=log[0]["id"])
    answer = api("GET", f"/v1/sessions/{session_id}/events?{filled_in}")
    assert (answer.status, set(answer.json)) == (400, {"error"})
    assert answer.json["error"].startswith(error)


def test_around_event_of_other_session_is_rejected(
    api: Gateway, session_id: str, log: list[dict[str, Any]]
) -> None:
    other = str(new_session(api)["id"])
    say(api, other, "Hello")
    theirs = events(api, other)[0]["id"]
    assert api("GET", f"/v1/sessions/{session_id}/events?around={theirs}").status == 400


def test_stream_rejects_two_beginnings(
    api: Gateway, session_id: str, log: list[dict[str, Any]]
) -> None:
    url = f"/v1/sessions/{session_id}/sse?since_id={log[0]['id']}"
    answer = api("GET", f"{url}&after_sequence=0")
    assert (answer.status, answer.json) == (
        400,
        {"error": "since_id: cannot be used together with after_sequence."},
    )
    assert api("GET", url).status == 200


@pytest.mark.parametrize("query", ["turn_id=1", "q=a", "around=1", "limit=1", "order_desc=true"])
def test_stream_rejects_filters_of_the_list(api: Gateway, session_id: str, query: str) -> None:
    assert api("GET", f"/v1/sessions/{session_id}/sse?{query}").status == 400


@pytest.mark.parametrize("part", [100, event_service.MAX_PAGE_BYTES // 2])
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"order_desc": "true"}, [*range(29, 0, -1)]),
        ({"order_desc": "true", "limit": 5}, [*range(29, 0, -1)]),
        ({"order_desc": "true", "limit": 2, "before_sequence": 6}, [5, 4, 3, 2, 1]),
        ({"order_desc": "true", "limit": 2, "after_sequence": 25}, [29, 28, 27, 26]),
        ({"order_desc": "true", "types": "input.message", "limit": 1}, [11, 1]),
        ({"tool_name": "calculator", "limit": 1}, [20, 21]),
        ({"turn_id": 2, "limit": 3}, [*range(2, 11)]),
        ({"around": 12, "window": 3}, [*range(9, 16)]),
    ],
)
def test_pages_contain_each_event_once_in_order(
    api: Gateway,
    session_id: str,
    log: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    given: Query,
    expected: list[int],
    part: int,
) -> None:
    monkeypatch.setattr(event_service, "_MAX_PART_BYTES", part)
    monkeypatch.setattr(event_service, "MAX_PAGE_BYTES", 2 * part)
    found = pages(api, f"/v1/sessions/{session_id}/events{query_of(given, log)}")
    assert [event["sequence"] for page in found for event in page] == expected
    assert all(len(page) <= given.get("limit", 29) for page in found)


def test_cursor_of_other_direction_is_rejected(
    api: Gateway, session_id: str, log: list[dict[str, Any]]
) -> None:
    url = f"/v1/sessions/{session_id}/events"
    down = api("GET", f"{url}?order_desc=true&limit=5").json["next_cursor"]
    up = api("GET", f"{url}?after_sequence=0&limit=5").json["next_cursor"]
    assert api("GET", f"{url}?cursor={down}").status == 400
    assert api("GET", f"{url}?order_desc=true&cursor={up}").status == 400
    assert sequences(api("GET", f"{url}?order_desc=true&limit=1&cursor={down}").json) == [24]


def test_limit_is_reached_across_several_reads(
    api: Gateway, session_id: str, log: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The official SDK reads one page, which a filter must not make shorter than the limit."""
    monkeypatch.setattr(event_service, "_MAX_PART_BYTES", 700)
    found = events(api, session_id, "?after_sequence=0&types=input.message&limit=2")
    assert [event["sequence"] for event in found] == [1, 11]


COSTS: dict[str, tuple[Query, dict[str, int]]] = {
    "field of no event": ({"exec_id": "exec_1"}, {"GetItem": 1}),
    "nothing behind": ({"since_id": 29, "turn_id": 2}, {"GetItem": 1}),
    "a filter": ({"turn_id": 2}, {"GetItem": 1, "Query": 1}),
    "downwards": ({"order_desc": "true", "limit": 1}, {"GetItem": 1, "Query": 1}),
    "times in a short log": ({"from_ts": 11, "to_ts": 13}, {"GetItem": 1, "Query": 1}),
    # The last event is in the middle of events that were written together.
    "around": ({"around": 29, "window": 2}, {"GetItem": 1, "Query": 2}),
}


@pytest.mark.parametrize(("given", "cost"), COSTS.values(), ids=COSTS)
def test_list_costs_only_what_it_reads(
    api: Gateway, session_id: str, log: list[dict[str, Any]], given: Query, cost: dict[str, int]
) -> None:
    query = query_of(given, log)
    events(api, session_id, "?after_sequence=0&limit=1")  # creates the signing secret
    with counted_requests() as requests:
        events(api, session_id, query)
    assert requests == cost


def test_events_outside_the_window_are_not_read(
    api: Gateway, session_id: str, log: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With parts of one item, every item that is read costs a request."""
    monkeypatch.setattr(event_service, "MAX_PAGE_BYTES", 1)
    for given in ({"around": 1, "window": 500, "types": "turn.failed"}, {"types": "turn.failed"}):
        with counted_requests() as whole:
            events(api, session_id, query_of(given, log))
    for given in (
        {"around": 1, "window": 2, "types": "turn.failed"},
        {"before_sequence": 4, "types": "turn.failed"},
    ):
        with counted_requests() as part:
            events(api, session_id, query_of(given, log))
        assert part["Query"] < whole["Query"] / 2
