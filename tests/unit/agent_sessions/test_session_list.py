"""List of sessions: order, filter, pages by offset and by cursor, totals."""

from typing import Any

import pytest

from tests.support.agents import new_agent, new_session, pages, say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests
from tests.support.table_stream import count_sessions

SHARDS = 3


@pytest.fixture
def seven(api: Gateway) -> list[str]:
    """Ids of seven sessions of one agent, newest first; two newer ones are of another agent."""
    one, other = new_agent(api)["id"], new_agent(api)["id"]
    ids = [new_session(api, agent_id=one, title=str(number))["id"] for number in range(7)]
    for _ in range(2):
        new_session(api, agent_id=other)
    count_sessions()
    return ids[::-1]


def agent_of(api: Gateway, session_id: str) -> str:
    return str(api("GET", f"/v1/sessions/{session_id}").json["agent_id"])


def ids(page: dict[str, Any]) -> list[str]:
    return [session["id"] for session in page["data"]]


def test_list_without_sessions_is_empty(api: Gateway) -> None:
    expected = {"data": [], "total": 0, "offset": 0, "limit": 20, "next_cursor": None}
    assert api("GET", "/v1/sessions").json == expected


def test_list_returns_sessions_of_organization_newest_first(
    api: Gateway, other_api: Gateway, seven: list[str]
) -> None:
    new_session(other_api)
    with counted_requests() as requests:
        page = api("GET", "/v1/sessions").json
    assert ids(page)[2:] == seven
    assert page["total"] == 9
    assert page["data"][2] == api("GET", f"/v1/sessions/{seven[0]}").json
    assert requests == {"Query": SHARDS}


def test_list_of_agent_returns_its_sessions_only(api: Gateway, seven: list[str]) -> None:
    agent_id = agent_of(api, seven[0])
    with counted_requests() as requests:
        page = api("GET", f"/v1/sessions?agent_id={agent_id}").json
    assert ids(page) == seven
    assert page["total"] == 7
    assert requests == {"Query": SHARDS}


def test_list_of_unknown_agent_is_empty(api: Gateway, other_api: Gateway) -> None:
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
def test_pages_by_offset_have_the_exact_total(
    api: Gateway, seven: list[str], offset: int, limit: int, expected: slice
) -> None:
    filters = f"agent_id={agent_of(api, seven[0])}"
    with counted_requests() as requests:
        page = api("GET", f"/v1/sessions?{filters}&offset={offset}&limit={limit}").json
    assert ids(page) == seven[expected]
    assert (page["total"], page["offset"], page["limit"]) == (7, offset, min(limit, 100))
    assert requests["Query"] <= SHARDS
    assert requests["BatchGetItem"] <= 1


def test_pages_by_cursor_contain_each_session_once(api: Gateway, seven: list[str]) -> None:
    filters = f"agent_id={agent_of(api, seven[0])}&limit=3"
    url = f"/v1/sessions?{filters}"
    found = pages(api, url)
    assert [len(page) for page in found] == [3, 3, 1]
    assert [session["id"] for page in found for session in page] == seven
    first = api("GET", url).json
    second = api("GET", f"{url}&cursor={first['next_cursor']}").json
    assert (first["total"], second["total"]) == (7, 7)


def test_cursor_is_bound_to_its_list(api: Gateway, other_api: Gateway, seven: list[str]) -> None:
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
     "agent_id=x", "agent_id=", "agent_id=session_" + "0" * 32, "cursor=x", "query=late"],
)  # fmt: skip
def test_invalid_list_parameter_is_rejected(api: Gateway, query: str) -> None:
    answer = api("GET", f"/v1/sessions?{query}")
    assert answer.status == 400, answer.text
    assert set(answer.json) == {"error"}


def test_list_has_previews_without_reading_messages(api: Gateway) -> None:
    session_id = new_session(api)["id"]
    say(api, session_id, "Where is my order?")
    with counted_requests() as requests:
        [session] = api("GET", "/v1/sessions").json["data"]
    assert session["preview"] == "Where is my order?"
    assert requests == {"Query": SHARDS}
