"""Filters of the list of sessions: what they select, what they read, and what is refused."""

from typing import Any
from urllib.parse import quote

import pytest

from shared.storage import filtered_lists
from tests.support.agents import new_agent, new_session, pages, say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests
from tests.support.turns import Model, Turns, text

SHARDS = 3
TITLES = ["Late parcel", "Refund", "LATE refund", None, "late"]
TAGS = [["web"], ["web", "late"], ["late"], [], ["web", "late", "vip"]]


@pytest.fixture
def five(api: Gateway) -> list[dict[str, Any]]:
    """Five sessions, oldest first; the last two are of another agent."""
    agents = [new_agent(api)["id"] for _ in range(2)]
    return [
        new_session(api, agent_id=agents[number > 2], title=title, tags=tags)
        for number, (title, tags) in enumerate(zip(TITLES, TAGS, strict=True))
    ]


def found(api: Gateway, five: list[dict[str, Any]], query: str) -> list[int]:
    """Return the numbers of the sessions that a query finds, oldest first."""
    answer = api("GET", f"/v1/sessions?{query}")
    assert answer.status == 200, answer.text
    ids = [session["id"] for session in five]
    numbers = [ids.index(session["id"]) for session in answer.json["data"]]
    assert answer.json["total"] == len(numbers)
    assert answer.json["next_cursor"] is None
    assert numbers == sorted(numbers, reverse=True)
    return numbers[::-1]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("search=late", [0, 2, 4]),
        ("search=LATE%20", [0, 2]),
        ("search=", [0, 1, 2, 3, 4]),
        ("search=nobody", []),
        ("tags=web", [0, 1, 4]),
        ("tags=web&tags=late", [1, 4]),
        ("tags=we", []),
        ("status=started", [0, 1, 2, 3, 4]),
        ("status=idle", []),
        ("tags=late&search=refund", [1, 2]),
        ("agent_id={agent}&tags=late", [1, 2]),
        ("created_after={1}&created_before={3}", [1, 2, 3]),
        ("created_after={4}", [4]),
        ("created_before={0}", [0]),
        ("created_after={1}&agent_id={agent}", [1, 2]),
        ("created_after={1}&search=late&status=started", [2, 4]),
        ("created_after=9000-01-01T00:00:00Z", []),
    ],
)
def test_filters_select_sessions_that_meet_all_of_them(
    api: Gateway, five: list[dict[str, Any]], query: str, expected: list[int]
) -> None:
    times = [quote(session["created_at"]) for session in five]
    filled_in = query.format(*times, agent=five[0]["agent_id"])
    assert found(api, five, filled_in) == expected


def test_status_selects_sessions_whose_turn_has_ended(
    api: Gateway, five: list[dict[str, Any]]
) -> None:
    say(api, five[2]["id"], "Hello")
    Turns(Model(text("Hi"))).run()
    assert found(api, five, "status=idle") == [2]
    assert found(api, five, "status=started") == [0, 1, 3, 4]


def test_times_and_agent_cost_one_query_per_shard(api: Gateway, five: list[dict[str, Any]]) -> None:
    query = f"created_after={quote(five[1]['created_at'])}&agent_id={five[0]['agent_id']}"
    with counted_requests() as requests:
        assert found(api, five, query) == [1, 2]
    assert requests == {"Query": SHARDS}


def test_pages_contain_each_matching_session_once(api: Gateway, five: list[dict[str, Any]]) -> None:
    url = "/v1/sessions?search=late&limit=1"
    titles = [[session["title"] for session in page] for page in pages(api, url)]
    assert titles == [["late"], ["LATE refund"], ["Late parcel"]]
    page = api("GET", "/v1/sessions?search=late&offset=1&limit=1").json
    assert [session["title"] for session in page["data"]] == ["LATE refund"]
    assert (page["total"], page["offset"], page["limit"]) == (3, 1, 1)
    assert api("GET", "/v1/sessions?search=late&offset=9").json["total"] == 3
    assert api("GET", "/v1/sessions?search=late&limit=0").json["data"] == []


def test_client_that_pages_by_offset_and_total_sees_each_matching_session(
    api: Gateway, five: list[dict[str, Any]]
) -> None:
    titles: list[str] = []
    total = 1
    while len(titles) < total:
        page = api("GET", f"/v1/sessions?search=late&limit=1&offset={len(titles)}").json
        titles += [session["title"] for session in page["data"]]
        total = page["total"]
    assert titles == ["late", "LATE refund", "Late parcel"]


def test_total_counts_from_the_cursor_on(api: Gateway, five: list[dict[str, Any]]) -> None:
    first = api("GET", "/v1/sessions?search=late&limit=1").json
    rest = api("GET", f"/v1/sessions?search=late&cursor={first['next_cursor']}").json
    nothing = api("GET", "/v1/sessions?search=late&limit=0").json
    assert (first["total"], rest["total"], nothing["total"]) == (2, 2, 0)


def test_page_reads_a_limited_number_of_sessions(
    api: Gateway, five: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filtered_lists, "MAX_READ", 2)
    found_pages = pages(api, "/v1/sessions?search=parcel")
    assert [len(page) for page in found_pages] == [0, 0, 1]
    skipped = api("GET", "/v1/sessions?search=late&offset=2")
    assert skipped.status == 400
    assert skipped.json["error"].startswith("offset: a page with such a filter")


def test_cursor_is_bound_to_the_filters(api: Gateway, five: list[dict[str, Any]]) -> None:
    cursor = api("GET", "/v1/sessions?search=late&limit=1").json["next_cursor"]
    for query in ("", "search=parcel&", "search=late&tags=web&"):
        assert api("GET", f"/v1/sessions?{query}cursor={cursor}").status == 400
    assert api("GET", f"/v1/sessions?search=late&limit=9&cursor={cursor}").status == 200


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("status=gone", "status: "),
        ("created_after=yesterday", "created_after: must be an RFC 3339 time"),
        ("created_before=2026-05-07", "created_before: must be an RFC 3339 time"),
        (
            "created_after=2026-05-08T00:00:00Z&created_before=2026-05-07T00:00:00Z",
            "created_after: must not be later than created_before.",
        ),
        ("search=" + "s" * 501, "search: "),
        ("tags=" + "t" * 129, "tags.0: "),
        ("tags=t" + "&tags=t" * 50, "tags: "),
        ("metadata=a", "metadata: is not served, sessions have none; filter by tags"),
        ("query=late", "query: "),
    ],
)
def test_invalid_filter_is_rejected_by_name(api: Gateway, query: str, error: str) -> None:
    answer = api("GET", f"/v1/sessions?{query}")
    assert (answer.status, set(answer.json)) == (400, {"error"})
    assert answer.json["error"].startswith(error)


def test_capped_limit_is_said(api: Gateway) -> None:
    assert api("GET", "/v1/sessions?limit=10000").json["limit"] == 100
