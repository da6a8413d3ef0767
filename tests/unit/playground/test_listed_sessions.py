"""Playground sessions: list and delete."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from functions.triggers.purge_sessions import handler as purge
from shared.storage import filtered_lists
from tests.support.gateway import Gateway
from tests.support.snapshot import stored_items, stored_texts
from tests.support.storage import counted_requests
from tests.unit.playground.conversations import (
    OPERATIONS,
    URL,
    decide,
    items_of,
    new_revision_with_graph,
    open_awaiting_approval,
    open_overdue,
    open_session,
    open_session_on,
    pages,
    read,
    say,
)
from tests.unit.playground.graphs import small


def listed(api: Gateway, **query: str) -> list[dict[str, Any]]:
    return items_of(api, f"{URL}?{urlencode(query)}")


def ids(sessions: list[dict[str, Any]]) -> list[str]:
    return [session["session_id"] for session in sessions]


def test_sessions_are_listed_once_newest_first(api: Gateway, other_api: Gateway) -> None:
    sessions = [open_session(api) for _ in range(5)]
    open_session(other_api)

    assert ids(listed(api, limit="2")) == sessions[::-1]
    assert ids(listed(api)) == sessions[::-1]


def test_list_shows_sessions_as_they_are_read_alone(api: Gateway) -> None:
    open_session_on(api)
    open_awaiting_approval(api)

    rows = listed(api)

    for row in rows:
        whole = read(api, row["session_id"])
        common = row.keys() & whole.keys()
        assert {name: row[name] for name in common} == {name: whole[name] for name in common}
        assert set(whole) - set(row) == {"completed_steps", "context_vars"}
        assert row["tags"] == []
    assert rows[0]["awaiting_approval"]
    assert rows[0]["approval_deadline"] > rows[0]["updated_at"] > rows[0]["created_at"]


def test_list_can_be_filtered_by_awaited_approvals(api: Gateway) -> None:
    decided, waiting = open_awaiting_approval(api), open_awaiting_approval(api)
    plain = open_session(api)
    decide(api, decided, "approve")

    assert ids(listed(api, awaiting_approval="true")) == [waiting]
    assert ids(listed(api, awaiting_approval="false", limit="1")) == [plain, decided]
    assert ids(listed(api)) == [plain, waiting, decided]


def test_page_without_awaiting_sessions_ends_early_and_loses_none(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_session(api)
    for _ in range(5):
        open_awaiting_approval(api)
    last = open_session(api)
    monkeypatch.setattr(filtered_lists, "MAX_BYTES_READ", 2_000)

    found = pages(api, f"{URL}?awaiting_approval=false")

    assert len(found) > 2
    assert [session for page in found for session in ids(page)] == [last, first]


def test_awaiting_sessions_are_listed_without_reading_the_others(api: Gateway) -> None:
    waiting = open_awaiting_approval(api)
    for _ in range(12):
        open_session(api)

    with counted_requests() as requests:
        assert ids(listed(api, awaiting_approval="true", limit="1")) == [waiting]

    assert len(requests) <= 2  # one a shard


def test_page_of_large_sessions_ends_at_its_byte_limit(api: Gateway) -> None:
    graph = small() | {"persona": "You are brief. " * 16_000}
    revision = new_revision_with_graph(api, graph)
    sessions = [api("POST", URL, {"revision_id": revision}).json["session_id"] for _ in range(30)]

    found = pages(api, URL)

    assert 1 < len(found[0]) < len(sessions)
    assert [session for page in found for session in ids(page)] == sessions[::-1]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("?awaiting_approval=perhaps", "awaiting_approval"),
        ("?limit=0", "limit"),
        ("?limit=201", "limit"),
        ("?catalog_slug=order-status", "catalog_slug"),
        ("/{session}/trace?limit=0", "limit"),
        ("/{session}/trace?limit=201", "limit"),
        ("/{session}/trace?limit=x", "limit"),
        ("/{session}/trace?offset=1", "offset"),
        ("/{session}/trace?turn=2", "turn"),
    ],
)
def test_invalid_query_is_422_with_its_location(api: Gateway, query: str, parameter: str) -> None:
    answer = api("GET", URL + query.format(session=open_session(api)))

    assert answer.status == 422
    assert answer.json["detail"][0]["loc"] == ["query", parameter]


def test_cursor_of_another_filter_is_refused(api: Gateway) -> None:
    open_session(api)
    open_session(api)
    cursor = api("GET", f"{URL}?limit=1").json["next_cursor"]

    answer = api("GET", f"{URL}?cursor={cursor}&awaiting_approval=false")

    assert (answer.status, answer.json["error"]) == (400, "invalid_input")


def test_deleted_session_is_not_found_by_any_operation(api: Gateway) -> None:
    session, other = open_awaiting_approval(api), open_session(api)

    answer = api("DELETE", f"{URL}/{session}")

    assert (answer.status, answer.text) == (204, "")
    assert ids(listed(api)) == [other]
    assert listed(api, awaiting_approval="true") == []
    for method, path, body in OPERATIONS:
        gone = api(method, f"{URL}/{session}{path}", body)
        assert (gone.status, gone.json["error"]) == (404, "not_found")
    draft = api("POST", "/v1/scenarios/draft-from-session", {"session_id": session})
    assert (draft.status, draft.json["error"]) == (400, "session_not_found")


def test_turns_of_a_deleted_session_are_purged_by_the_event(api: Gateway) -> None:
    session = open_awaiting_approval(api)
    before = stored_items()
    api("DELETE", f"{URL}/{session}")
    detail = {"organization_id": str(api.organization_id), "session_id": session}

    purge({"detail": detail}, None)

    left = [sort for partition, sort in stored_items() if partition.endswith(UUID(session).hex)]
    assert left == ["session"]
    assert "NW-5581" in str(before)
    assert not [one for one in stored_texts() if "NW-5581" in one]


def test_deleted_session_is_not_expired(api: Gateway) -> None:
    session = open_overdue(api)

    assert api("DELETE", f"{URL}/{session}").status == 204
    assert api("GET", f"{URL}/{session}").status == 404


def test_delete_at_a_stale_version_fails(api: Gateway) -> None:
    session = open_session(api)
    say(api, session, "Hello")

    refused = api("DELETE", f"{URL}/{session}", headers={"if-match": '"1"'})

    assert (refused.status, refused.json["error"]) == (412, "precondition_failed")
    assert read(api, session)["step_count"] == 1
    assert api("DELETE", f"{URL}/{session}", headers={"if-match": '"2"'}).status == 204
