"""List of events: ranges, types, limits, pages and errors."""

import pytest

from shared.agents.events import service as event_service
from shared.core.ids import EventId
from shared.sessions import log_reading
from tests.support.agents import new_session, pages, say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests
from tests.support.turns import events


def test_log_of_new_session_is_empty(api: Gateway, session_id: str) -> None:
    with counted_requests() as requests:
        assert api("GET", f"/v1/sessions/{session_id}/events").json == {"data": []}
    assert requests == {"GetItem": 1}


def test_events_have_all_required_keys(api: Gateway, answered_session: str) -> None:
    for place, event in enumerate(events(api, answered_session), 1):
        assert set(event) == {"id", "type", "ts", "session_id", "sequence", "context", "data"}
        assert event["id"].startswith("event_")
        assert event["ts"].endswith("Z")
        assert (event["session_id"], event["sequence"]) == (answered_session, place)


def test_since_id_returns_later_events(api: Gateway, answered_session: str) -> None:
    everything = events(api, answered_session)
    for place, event in enumerate(everything):
        rest = events(api, answered_session, f"?since_id={event['id']}")
        assert rest == everything[place + 1 :]


def test_polling_without_new_events_costs_one_read(api: Gateway, answered_session: str) -> None:
    last = events(api, answered_session)[-1]["id"]
    with counted_requests() as requests:
        assert events(api, answered_session, f"?since_id={last}") == []
    assert requests == {"GetItem": 1}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?exclude=input.message", 9),
        ("?exclude=input.message&exclude=turn.completed", 8),
        ("?exclude=output.message.delta&exclude=reason.thinking.delta", 10),
        ("?types=input.message&types=turn.completed", 2),
        ("?types=input.message&exclude=input.message", 0),
        ("?after_sequence=7", 3),
        ("?after_sequence=99", 0),
    ],
)
def test_types_and_sequence_select_events(
    api: Gateway, answered_session: str, query: str, count: int
) -> None:
    assert len(events(api, answered_session, query)) == count


REFUSED = {
    "exclude unknown": ("?exclude=turn.exploded", 400, "exclude.0: must be an event type"),
    "types unknown": ("?types=", 400, "types.0: must be an event type"),
    "since malformed": ("?since_id=7", 400, "Invalid event ID: expected event_"),
    "since of another kind": ("?since_id=message_" + "0" * 32, 400, "Invalid event ID"),
    "since unknown": (
        f"?since_id={EventId.new()}",
        400,
        "Invalid event ID: since_id must be an event",
    ),
    "unknown parameter": ("?turn=1", 400, "turn: "),
    "since and after": (
        "?since_id={id}&after_sequence=0",
        400,
        "since_id: cannot be used together with after_sequence.",
    ),
    "no events": ("?limit=0", 400, "limit: "),
    "cursor malformed": ("?cursor=x", 400, "cursor: "),
}


@pytest.mark.parametrize("path", ["events", "sse"])
@pytest.mark.parametrize(("query", "status", "error"), REFUSED.values(), ids=REFUSED)
def test_invalid_filter_is_rejected(
    api: Gateway, answered_session: str, path: str, query: str, status: int, error: str
) -> None:
    first = events(api, answered_session)[0]["id"]
    answer = api("GET", f"/v1/sessions/{answered_session}/{path}{query.format(id=first)}")
    assert (answer.status, set(answer.json)) == (status, {"error"})
    assert answer.json["error"].startswith(error)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("after_sequence=0&limit=4", [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10]]),
        ("after_sequence=0&limit=10", [[*range(1, 11)]]),
        ("after_sequence=2&before_sequence=6&limit=2", [[3, 4], [5]]),
        ("after_sequence=0&limit=1&types=input.message&types=session.idled", [[1], [10]]),
    ],
)
def test_pages_contain_each_event_once(
    api: Gateway, answered_session: str, query: str, expected: list[list[int]]
) -> None:
    found = pages(api, f"/v1/sessions/{answered_session}/events?{query}")
    assert [[event["sequence"] for event in page] for page in found] == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("limit=4", [7, 8, 9, 10]),
        ("limit=10", [*range(1, 11)]),
        ("limit=1000", [*range(1, 11)]),
        ("limit=3&before_sequence=6", [3, 4, 5]),
        ("limit=3&before_sequence=2", [1]),
        ("limit=3&before_sequence=0", []),
        ("before_sequence=4", [1, 2, 3]),
        ("limit=1&types=input.message", [1]),
        ("limit=2&exclude=session.idled&before_sequence=99", [8, 9]),
    ],
)
def test_limit_returns_newest_events_in_log_order(
    api: Gateway, answered_session: str, query: str, expected: list[int]
) -> None:
    """As the official SDK has it: ``limit`` with ``before_sequence`` pages backwards."""
    page = api("GET", f"/v1/sessions/{answered_session}/events?{query}").json
    assert [event["sequence"] for event in page["data"]] == expected
    assert "next_cursor" not in page


def test_limit_reads_only_the_end_of_the_log(api: Gateway, session_id: str) -> None:
    for word in ("one", "two", "three"):
        say(api, session_id, word)
    with counted_requests() as requests:
        assert [event["sequence"] for event in events(api, session_id, "?limit=2")] == [5, 6]
    assert requests == {"GetItem": 1, "Query": 1}
    with counted_requests() as requests:
        assert events(api, session_id, "?limit=1&types=turn.failed") == []
    assert requests == {"GetItem": 1, "Query": 1}  # not one for each item


def test_full_page_contains_the_newest_events(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_service, "_MAX_PART_BYTES", 1)
    for word in ("one", "two", "three"):
        say(api, session_id, word)
    assert [event["sequence"] for event in events(api, session_id, "?limit=2")] == [6]
    earlier = events(api, session_id, "?limit=2&before_sequence=6")
    assert [event["sequence"] for event in earlier] == [5]


def test_page_shorter_than_its_limit_has_a_cursor_for_what_lies_before(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_reading, "MAX_RESPONSE_BYTES", 12_000)
    for number in range(10):  # the first one with the events of its turn's begin
        say(api, session_id, f"{number}{'x' * 2000}")

    found = pages(api, f"/v1/sessions/{session_id}/events?limit=1000")

    assert [len(page) for page in found] == [4, 4, 5]
    assert [[event["sequence"] for event in page] for page in found[:2]] == [
        [10, 11, 12, 13],
        [6, 7, 8, 9],
    ]
    url = f"/v1/sessions/{session_id}/events?limit=1000&order_desc=true"
    [backwards, *_] = pages(api, url)
    assert [event["sequence"] for event in backwards] == [13, 12, 11, 10]
    cursor = api("GET", f"/v1/sessions/{session_id}/events?limit=1000").json["next_cursor"]
    following = events(api, session_id, f"?cursor={cursor}&limit=2")
    assert [event["sequence"] for event in following] == [8, 9]


def test_large_log_is_read_whole_and_no_answer_is_too_large(api: Gateway, session_id: str) -> None:
    texts = [f"{number} " + '"' * 60_000 for number in range(100)]
    for words in texts:
        say(api, session_id, words)
    for query in ("limit=1000", "after_sequence=0&limit=1000", "order_desc=true", "q=1"):
        url = f"/v1/sessions/{session_id}/events?{query}"
        listed = [event for page in pages(api, url) for event in page]
        said = {e["sequence"]: e for e in listed if e["type"] == "input.message"}
        found = [said[n]["data"]["message"]["content"][0]["text"] for n in sorted(said)]
        assert found == [words for words in texts if query != "q=1" or "1" in words], query
    found = pages(api, f"/v1/sessions/{session_id}/messages?limit=1000")
    assert [one["content"][0]["text"] for page in found for one in page] == texts


def test_since_id_of_other_session_is_rejected(api: Gateway, answered_session: str) -> None:
    other = str(new_session(api)["id"])
    say(api, other, "Hello")
    theirs = events(api, other)[0]["id"]
    assert api("GET", f"/v1/sessions/{answered_session}/events?since_id={theirs}").status == 400
