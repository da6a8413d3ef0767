"""Totals of agent sessions: what the stream has counted, and no fewer than a page shows."""

from typing import Any

import pytest

from tests.support.agents import new_agent, new_session
from tests.support.gateway import Gateway
from tests.support.racing import race_of
from tests.support.storage import counted_requests
from tests.support.table_stream import count_sessions


def total(api: Gateway, query: str = "limit=0") -> int:
    return int(api("GET", f"/v1/sessions?{query}").json["total"])


def test_total_follows_creates_and_deletes(api: Gateway, other_api: Gateway) -> None:
    one, other = new_agent(api)["id"], new_agent(api)["id"]
    ids = [new_session(api, agent_id=agent)["id"] for agent in (one, one, other)]
    new_session(other_api)
    expected = {"limit=0": 3, f"limit=0&agent_id={one}": 2, f"limit=0&agent_id={other}": 1}
    assert [total(api, query) for query in expected] == [0, 0, 0]
    for _ in range(2):
        count_sessions()
        assert {query: total(api, query) for query in expected} == expected

    api("PATCH", f"/v1/sessions/{ids[0]}", {"title": "changed"})
    api("DELETE", f"/v1/sessions/{ids[0]}")
    count_sessions()
    assert [total(api, query) for query in expected] == [2, 1, 1]
    assert total(other_api) == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [("limit=2", 3), ("limit=2&offset=1", 4), ("limit=2&offset=3", 5), ("limit=5", 5),
     ("limit=0", 0), ("limit=2&offset=9", 0)],
)  # fmt: skip
def test_total_counts_what_its_page_shows(api: Gateway, query: str, expected: int) -> None:
    """Before the stream has delivered anything: this page and those before, and a next one."""
    agent = new_agent(api)["id"]
    for _ in range(5):
        new_session(api, agent_id=agent)
    assert total(api, query) == expected
    assert total(api, f"{query}&agent_id={agent}") == expected


def test_repeated_and_concurrent_requests_are_counted_once(api: Gateway) -> None:
    body = {"agent_id": new_agent(api)["id"]}
    create: tuple[str, str, Any] = ("POST", "/v1/sessions", body)
    answers = race_of(api, [create] * 5, headers={"idempotency-key": "k"})
    [session] = {answer.json["id"] for answer in answers}
    count_sessions()
    assert total(api) == 1
    deletes = race_of(api, [("DELETE", f"/v1/sessions/{session}", None)] * 5)
    assert sorted(answer.status for answer in deletes) == [204, *[404] * 4]
    assert api(*create, headers={"idempotency-key": "k"}).status == 409
    count_sessions()
    assert total(api) == 0


def test_create_and_delete_write_no_counter(api: Gateway) -> None:
    with counted_requests() as requests:
        session = new_session(api)["id"]
        api("DELETE", f"/v1/sessions/{session}")
    assert requests["UpdateItem"] == 0
