"""The list of sessions: order, filter, pages by offset and by cursor, true totals."""

from typing import Any

import pytest

from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests

SHARDS = 3


@pytest.fixture
def seven(api: Gateway) -> list[str]:
    """The ids of seven sessions of one agent, newest first, and more of another agent."""
    one, other = new_agent(api)["id"], new_agent(api)["id"]
    ids = [new_session(api, agent_id=one, title=str(number))["id"] for number in range(7)]
    for _ in range(2):
        new_session(api, agent_id=other)
    return ids[::-1]


def agent_of(api: Gateway, session_id: str) -> str:
    return str(api("GET", f"/v1/sessions/{session_id}").json["agent_id"])


def ids(page: dict[str, Any]) -> list[str]:
    return [session["id"] for session in page["data"]]


def test_given_no_sessions_then_the_page_is_empty(api: Gateway) -> None:
    expected = {"data": [], "total": 0, "offset": 0, "limit": 20, "next_cursor": None}
    assert api("GET", "/v1/sessions").json == expected


def test_sessions_are_listed_newest_first_and_nobody_elses(
    api: Gateway, other_api: Gateway, seven: list[str]
) -> None:
    new_session(other_api)
    with counted_requests() as requests:
        page = api("GET", "/v1/sessions").json
    assert ids(page)[2:] == seven
    assert page["total"] == 9
    assert page["data"][2] == api("GET", f"/v1/sessions/{seven[0]}").json
    assert requests == {"Query": SHARDS}


def test_given_an_agent_then_only_its_sessions_are_listed(api: Gateway, seven: list[str]) -> None:
    agent_id = agent_of(api, seven[0])
    with counted_requests() as requests:
        page = api("GET", f"/v1/sessions?agent_id={agent_id}").json
    assert ids(page) == seven
    assert page["total"] == 7
    assert requests == {"Query": SHARDS}


def test_given_an_agent_nobody_knows_here_then_the_list_is_empty(
    api: Gateway, other_api: Gateway
) -> None:
    foreign = new_session(other_api)["agent_id"]
    for agent_id in (foreign, "agent_" + "f" * 32):
        answer = api("GET", f"/v1/sessions?agent_id={agent_id}")
        assert (answer.status, answer.json["data"], answer.json["total"]) == (200, [], 0)


@pytest.mark.parametrize(
    "offset, limit, expected",
    [(0, 3, slice(0, 3)), (3, 3, slice(3, 6)), (6, 3, slice(6, 7)), (7, 3, slice(7, 7)),
     (100, 3, slice(7, 7)), (0, 0, slice(0, 0)), (2, 0, slice(0, 0)), (0, 7, slice(0, 7)),
     (0, 101, slice(0, 7))],
)  # fmt: skip
def test_pages_by_offset_are_windows_with_a_true_total(
    api: Gateway, seven: list[str], offset: int, limit: int, expected: slice
) -> None:
    filters = f"agent_id={agent_of(api, seven[0])}"
    with counted_requests() as requests:
        page = api("GET", f"/v1/sessions?{filters}&offset={offset}&limit={limit}").json
    assert ids(page) == seven[expected]
    assert (page["total"], page["offset"], page["limit"]) == (7, offset, min(limit, 100))
    assert requests["Query"] <= SHARDS
    assert requests["BatchGetItem"] <= 1


def test_cursors_lead_through_the_whole_list_once(api: Gateway, seven: list[str]) -> None:
    filters = f"agent_id={agent_of(api, seven[0])}&limit=3"
    found: list[str] = []
    url = f"/v1/sessions?{filters}"
    for size in (3, 3, 1):
        page = api("GET", url).json
        assert len(page["data"]) == size
        assert page["total"] == 7
        found += ids(page)
        url = f"/v1/sessions?{filters}&cursor={page['next_cursor']}"
    assert page["next_cursor"] is None
    assert found == seven


def test_a_cursor_is_good_for_its_own_list_only(
    api: Gateway, other_api: Gateway, seven: list[str]
) -> None:
    cursor = api("GET", "/v1/sessions?limit=3").json["next_cursor"]
    agent_id = agent_of(api, seven[0])
    for answer in (
        other_api("GET", f"/v1/sessions?cursor={cursor}"),
        api("GET", f"/v1/sessions?agent_id={agent_id}&cursor={cursor}"),
        api("GET", f"/v1/sessions?cursor=A{cursor}"),
        api("GET", f"/v1/sessions?offset=1&cursor={cursor}"),
    ):
        assert answer.status == 400
        assert set(answer.json) == {"error"}


@pytest.mark.parametrize(
    "query",
    ["offset=-1", "limit=-1", "offset=x", "limit=x", "limit=1.5", "limit=", "offset=2147483648",
     "agent_id=x", "agent_id=", "agent_id=session_" + "0" * 32, "cursor=x", "search=late"],
)  # fmt: skip
def test_a_parameter_that_cannot_be_meant_is_400(api: Gateway, query: str) -> None:
    answer = api("GET", f"/v1/sessions?{query}")
    assert answer.status == 400, answer.text
    assert set(answer.json) == {"error"}


def test_a_list_shows_previews_without_reading_messages(api: Gateway) -> None:
    session_id = new_session(api)["id"]
    say(api, session_id, "Where is my order?")
    with counted_requests() as requests:
        [session] = api("GET", "/v1/sessions").json["data"]
    assert session["preview"] == "Where is my order?"
    assert requests == {"Query": SHARDS}
