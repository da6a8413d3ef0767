"""The filters of the list of events that the official SDK can send, and what they cost."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from shared.agents import event_service
from shared.core.ids import EventId
from shared.sessions import log_times
from tests.support.agents import new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests
from tests.support.turns import Model, Turns, call, events, text

type Asked = dict[str, Any]


@pytest.fixture
def log(api: Gateway, session_id: str) -> list[dict[str, Any]]:
    """Two turns: nine events, and fifteen with a call of a tool (the 16th and 17th)."""
    say(api, session_id, "Hello")
    Turns(Model(text("Hi there"))).run()
    say(api, session_id, "How much is it?")
    Turns(Model(call("calculator", expression="6 * 7"), text("There, 42"))).run()
    found = events(api, session_id)
    assert len(found) == 24
    return found


def filled(asked: Asked, log: list[dict[str, Any]]) -> str:
    """Write a query, with events and their times in place of their sequences."""
    fields = {"since_id": "id", "around": "id", "from_ts": "ts", "to_ts": "ts"}
    values = {
        name: log[value - 1][fields[name]] if name in fields else value
        for name, value in asked.items()
    }
    if "turn_id" in values:
        values["turn_id"] = log[values["turn_id"] - 1]["context"]["turn_id"]
    return "?" + urlencode(values, doseq=True)


def sequences(page: dict[str, Any]) -> list[int]:
    return [event["sequence"] for event in page["data"]]


FOUND: dict[str, tuple[Asked, list[int]]] = {
    "turn": ({"turn_id": 2}, [*range(2, 10)]),
    "turn, the first of": ({"turn_id": 12, "limit": 2}, [11, 12]),
    "turn, the last of": ({"turn_id": 12, "limit": 2, "order_desc": "true"}, [24, 23]),
    "turn, in part": ({"turn_id": 12, "since_id": 20, "exclude": "session.idled"}, [21, 22, 23]),
    "turn, before": ({"turn_id": 12, "before_sequence": 13}, [11, 12]),
    "tool": ({"tool_name": "calculator"}, [16, 17]),
    "tool, first of its events": ({"tool_name": "calculator", "limit": 1}, [16]),
    "tool, one of its events": ({"tool_name": "calculator", "types": "tool.completed"}, [17]),
    "tool nobody called": ({"tool_name": "clock"}, []),
    "a word": ({"q": "THERE"}, [6, 21]),
    "a word, the first": ({"q": "there", "limit": 1}, [6]),
    "words": ({"q": "42 there"}, [21]),
    "words of a tool": ({"q": "6 7 expression"}, [17]),
    "no word": ({"q": " "}, [*range(1, 25)]),
    "downwards": ({"order_desc": "true"}, [*range(24, 0, -1)]),
    "upwards": ({"order_desc": "false", "limit": 2}, [23, 24]),
    "downwards, the newest": ({"order_desc": "true", "limit": 3}, [24, 23, 22]),
    "downwards, before": ({"order_desc": "true", "limit": 2, "before_sequence": 4}, [3, 2]),
    "downwards, behind": ({"order_desc": "true", "after_sequence": 22}, [24, 23]),
    "downwards, since": ({"order_desc": "true", "limit": 1, "since_id": 22}, [24]),
    "downwards, of types": ({"order_desc": "true", "types": "input.message"}, [10, 1]),
    "around": ({"around": 12, "window": 2}, [10, 11, 12, 13, 14]),
    "around the last": ({"around": 24, "window": 1}, [23, 24]),
    "around, fifty at once": ({"around": 1}, [*range(1, 25)]),
    "around, those of a type": ({"around": 12, "window": 2, "types": "input.message"}, [10]),
    "around, whatever the order": (
        {"around": 12, "window": 1, "limit": 1, "order_desc": "true"},
        [11, 12, 13],
    ),
    "execution": ({"exec_id": "exec_1"}, []),
    "trace": ({"trace_id": "turn_1"}, []),
    "tags": ({"tags": ["a", "b"]}, []),
    "no tags": ({"tags": []}, [*range(1, 25)]),
}


@pytest.mark.parametrize(("asked", "expected"), FOUND.values(), ids=FOUND)
def test_given_filters_then_the_events_that_hold_to_all_are_listed(
    api: Gateway, session_id: str, log: list[dict[str, Any]], asked: Asked, expected: list[int]
) -> None:
    found = events(api, session_id, filled(asked, log))
    assert found == [log[sequence - 1] for sequence in expected]


def range_of(low: str, high: str) -> Callable[[str], bool]:
    first, last = datetime.fromisoformat(low), datetime.fromisoformat(high)
    return lambda at: first <= datetime.fromisoformat(at) <= last


@pytest.mark.parametrize("near", [2, log_times.NEAR])
@pytest.mark.parametrize(
    ("start", "end", "more"),
    [
        (10, 24, {}),
        (1, 9, {}),
        (10, 13, {"types": "turn.started"}),
        (2, 24, {"limit": 3}),
        (2, 24, {"limit": 3, "order_desc": "true"}),
        (2, 24, {"before_sequence": 12}),
        (10, 11, {"around": 9, "window": 3}),
    ],
)
def test_given_times_then_events_from_the_one_to_the_other_are_listed(
    api: Gateway,
    session_id: str,
    log: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    near: int,
    start: int,
    end: int,
    more: Asked,
) -> None:
    monkeypatch.setattr(log_times, "NEAR", near)
    low, high = log[start - 1]["ts"], log[end - 1]["ts"]
    between = range_of(low, high)
    inside = [event for event in log if between(event["ts"])]
    if "types" in more:
        inside = [event for event in inside if event["type"] == more["types"]]
    if "before_sequence" in more:
        inside = [event for event in inside if event["sequence"] < more["before_sequence"]]
    if "around" in more:
        inside = [event for event in inside if abs(event["sequence"] - 9) <= more["window"]]
    if "order_desc" in more:
        inside.reverse()
    asked = {"from_ts": start, "to_ts": end, **more}
    assert events(api, session_id, filled(asked, log)) == inside[: more.get("limit")]


def test_given_a_time_in_another_zone_then_it_is_the_same_time(
    api: Gateway, session_id: str, log: list[dict[str, Any]]
) -> None:
    url = f"/v1/sessions/{session_id}/events?"
    past, future = ({"from_ts": f"{year}-01-01T02:00:00.5+02:00"} for year in (2000, 9000))
    assert api("GET", url + urlencode(past)).json["data"] == log
    assert api("GET", url + urlencode(future)).json["data"] == []


REFUSED: dict[str, tuple[str, str]] = {
    "around malformed": ("around=7", "Invalid event ID: expected event_"),
    "around nobody": (f"around={EventId.new()}", "Invalid event ID: around is no event"),
    "around and since": ("around={id}&since_id={id}", "around: does not go with since_id"),
    "around and after": ("around={id}&after_sequence=0", "around: does not go with after_sequence"),
    "around and before": ("around={id}&before_sequence=1", "around: does not go with before_seq"),
    "window alone": ("window=5", "window: goes with around"),
    "window of none": ("around={id}&window=0", "window: "),
    "window too wide": ("around={id}&window=501", "window: "),
    "window no number": ("around={id}&window=x", "window: "),
    "from no time": ("from_ts=yesterday", "from_ts: not a time as RFC 3339"),
    "from a number": ("from_ts=1715040000", "from_ts: not a time as RFC 3339"),
    "from a day": ("from_ts=2026-05-07", "from_ts: not a time as RFC 3339"),
    "from nowhere": ("from_ts=2026-05-07T00:00:00", "from_ts: not a time as RFC 3339"),
    "to no day": ("to_ts=2026-02-30T00:00:00Z", "to_ts: "),
    "to outside of time": ("to_ts=9999-12-31T23:59:59-14:00", "to_ts: "),
    "from behind to": (
        "from_ts=2026-05-07T00:00:01Z&to_ts=2026-05-07T00:00:00Z",
        "from_ts: lies behind to_ts",
    ),
    "order no choice": ("order_desc=down", "order_desc: "),
    "words too many": ("q=" + "+".join(["word"] * 65), "q: longer than 64 words"),
    "words too long": ("q=" + "w" * 4097, "q: longer than 64 words or 4096 bytes"),
    "tags too many": ("tags=a" + "&tags=a" * 20, "tags: "),
    "a filter nobody knows": ("turn=1", "turn: "),
}


@pytest.mark.parametrize(("query", "error"), REFUSED.values(), ids=REFUSED)
def test_bad_filters_are_refused_by_name(
    api: Gateway, session_id: str, log: list[dict[str, Any]], query: str, error: str
) -> None:
    filled_in = query.format(id=log[0]["id"])
    answer = api("GET", f"/v1/sessions/{session_id}/events?{filled_in}")
    assert (answer.status, set(answer.json)) == (400, {"error"})
    assert answer.json["error"].startswith(error)


def test_given_an_event_of_another_session_then_nothing_lies_around_it(
    api: Gateway, session_id: str, log: list[dict[str, Any]]
) -> None:
    other = str(new_session(api)["id"])
    say(api, other, "Hello")
    theirs = events(api, other)[0]["id"]
    assert api("GET", f"/v1/sessions/{session_id}/events?around={theirs}").status == 400


@pytest.mark.parametrize("query", ["turn_id=1", "q=a", "around=1", "limit=1", "order_desc=true"])
def test_given_a_stream_then_it_knows_no_filters_of_the_list(
    api: Gateway, session_id: str, query: str
) -> None:
    assert api("GET", f"/v1/sessions/{session_id}/sse?{query}").status == 400


def pages(api: Gateway, session_id: str, query: str) -> list[list[int]]:
    """Read a list to its end, page by page."""
    found: list[list[int]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api("GET", f"/v1/sessions/{session_id}/events{query}{cursor}").json
        found.append(sequences(page))
        cursor = f"&cursor={page['next_cursor']}" if "next_cursor" in page else None
    return found


@pytest.mark.parametrize("part", [100, event_service.MAX_PAGE_BYTES // 2])
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"order_desc": "true"}, [*range(24, 0, -1)]),
        ({"order_desc": "true", "limit": 5}, [*range(24, 0, -1)]),
        ({"order_desc": "true", "limit": 2, "before_sequence": 6}, [5, 4, 3, 2, 1]),
        ({"order_desc": "true", "limit": 2, "after_sequence": 20}, [24, 23, 22, 21]),
        ({"order_desc": "true", "types": "input.message", "limit": 1}, [10, 1]),
        ({"tool_name": "calculator", "limit": 1}, [16, 17]),
        ({"turn_id": 2, "limit": 3}, [*range(2, 10)]),
        ({"around": 12, "window": 3}, [*range(9, 16)]),
    ],
)
def test_given_more_than_a_page_then_pages_bring_each_event_once_in_order(
    api: Gateway,
    session_id: str,
    log: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    asked: Asked,
    expected: list[int],
    part: int,
) -> None:
    monkeypatch.setattr(event_service, "_MAX_PART_BYTES", part)
    monkeypatch.setattr(event_service, "MAX_PAGE_BYTES", 2 * part)
    found = pages(api, session_id, filled(asked, log))
    assert [sequence for page in found for sequence in page] == expected
    assert all(len(page) <= asked.get("limit", 24) for page in found)


def test_given_a_cursor_of_the_other_direction_then_it_is_refused(
    api: Gateway, session_id: str, log: list[dict[str, Any]]
) -> None:
    url = f"/v1/sessions/{session_id}/events"
    down = api("GET", f"{url}?order_desc=true&limit=5").json["next_cursor"]
    up = api("GET", f"{url}?after_sequence=0&limit=5").json["next_cursor"]
    assert api("GET", f"{url}?cursor={down}").status == 400
    assert api("GET", f"{url}?order_desc=true&cursor={up}").status == 400
    assert sequences(api("GET", f"{url}?order_desc=true&limit=1&cursor={down}").json) == [19]


def test_given_a_limit_then_reading_goes_on_until_it_is_reached(
    api: Gateway, session_id: str, log: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The official SDK reads one page: a filter may not make it shorter than was asked for."""
    monkeypatch.setattr(event_service, "_MAX_PART_BYTES", 700)
    found = events(api, session_id, "?after_sequence=0&types=input.message&limit=2")
    assert [event["sequence"] for event in found] == [1, 10]


COSTS: dict[str, tuple[Asked, dict[str, int]]] = {
    "what no event carries": ({"exec_id": "exec_1"}, {"GetItem": 1}),
    "nothing behind": ({"since_id": 24, "turn_id": 2}, {"GetItem": 1}),
    "a filter": ({"turn_id": 2}, {"GetItem": 1, "Query": 1}),
    "downwards": ({"order_desc": "true", "limit": 1}, {"GetItem": 1, "Query": 1}),
    "times in a short log": ({"from_ts": 10, "to_ts": 12}, {"GetItem": 1, "Query": 1}),
    # The last one lies amid events that were written together.
    "around": ({"around": 24, "window": 2}, {"GetItem": 1, "Query": 2}),
}


@pytest.mark.parametrize(("asked", "cost"), COSTS.values(), ids=COSTS)
def test_given_filters_then_a_list_costs_what_is_read_for_it(
    api: Gateway, session_id: str, log: list[dict[str, Any]], asked: Asked, cost: dict[str, int]
) -> None:
    query = filled(asked, log)
    events(api, session_id, "?after_sequence=0&limit=1")  # a first cursor's secret is made
    with counted_requests() as requests:
        events(api, session_id, query)
    assert requests == cost


def test_given_a_window_then_what_lies_outside_is_not_read(
    api: Gateway, session_id: str, log: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts of one item: whatever is read for nothing costs a request more."""
    monkeypatch.setattr(event_service, "MAX_PAGE_BYTES", 1)
    for asked in ({"around": 1, "window": 500, "types": "turn.failed"}, {"types": "turn.failed"}):
        with counted_requests() as whole:
            events(api, session_id, filled(asked, log))
    for asked in (
        {"around": 1, "window": 2, "types": "turn.failed"},
        {"before_sequence": 4, "types": "turn.failed"},
    ):
        with counted_requests() as part:
            events(api, session_id, filled(asked, log))
        assert part["Query"] < whole["Query"] / 2
