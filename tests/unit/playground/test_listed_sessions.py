"""Listing playground sessions and deleting them."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from functions.triggers.purge_sessions import handler as purge
from tests.support.gateway import Answer, Gateway
from tests.support.storage import counted_requests
from tests.unit.playground.conversations import (
    URL,
    awaiting_approval,
    decide,
    items,
    let_pass,
    opened,
    read,
    say,
)
from tests.unit.playground.graphs import small
from tests.unit.workflows.steps import a_revision_with_graph


def asked(api: Gateway, **query: str) -> Answer:
    return api("GET", f"{URL}?{urlencode(query)}")


def listed(api: Gateway, **query: str) -> list[dict[str, Any]]:
    """Return all that a list has, page by page."""
    found: list[dict[str, Any]] = []
    page = asked(api, **query)
    assert page.status == 200, page.text
    found += page.json["items"]
    while page.json["has_more"]:
        page = asked(api, **query, cursor=page.json["next_cursor"])
        found += page.json["items"]
    assert page.json["next_cursor"] is None
    return found


def ids(sessions: list[dict[str, Any]]) -> list[str]:
    return [session["session_id"] for session in sessions]


def test_given_sessions_then_they_are_listed_newest_first_each_once(
    api: Gateway, other_api: Gateway
) -> None:
    sessions = [opened(api) for _ in range(5)]
    opened(other_api)

    assert ids(listed(api, limit="2")) == sessions[::-1]
    assert ids(listed(api)) == sessions[::-1]


def test_given_a_session_then_its_row_tells_where_it_stands(api: Gateway) -> None:
    session = awaiting_approval(api)

    (row,) = listed(api)

    whole = read(api, session)
    told = {name: value for name, value in row.items() if name in whole}
    assert told == {name: whole[name] for name in told}
    assert set(whole) - set(row) == {"completed_steps", "context_vars"}
    assert row["awaiting_approval"]
    assert row["approval_deadline"] > row["updated_at"] > row["created_at"]
    assert row["tags"] == []


def test_given_a_session_on_a_revision_then_its_row_names_it(api: Gateway) -> None:
    revision = a_revision_with_graph(api)
    api("POST", URL, {"revision_id": revision})

    (row,) = listed(api)

    assert (row["revision_id"], row["catalog_slug"]) == (revision, None)
    assert row["graph"] == {
        "name": "Parcel question",
        "entry_node_id": "ask",
        "persona": "You are brief.",
    }


def test_given_approvals_then_those_that_wait_and_the_others_can_be_listed(api: Gateway) -> None:
    decided, waiting, plain = awaiting_approval(api), awaiting_approval(api), opened(api)
    decide(api, decided, "approve")

    assert ids(listed(api, awaiting_approval="true")) == [waiting]
    assert ids(listed(api, awaiting_approval="false", limit="1")) == [plain, decided]
    assert ids(listed(api)) == [plain, waiting, decided]


def test_given_many_sessions_then_those_that_wait_are_found_without_the_others(
    api: Gateway,
) -> None:
    waiting = awaiting_approval(api)
    for _ in range(12):
        opened(api)

    with counted_requests() as requests:
        assert ids(listed(api, awaiting_approval="true", limit="1")) == [waiting]

    assert len(requests) <= 2  # one a shard


def test_given_sessions_that_no_answer_can_hold_then_a_page_has_those_that_fit(
    api: Gateway,
) -> None:
    graph = small() | {"persona": "You are brief. " * 16_000}
    revision = a_revision_with_graph(api, graph)
    sessions = [
        str(api("POST", URL, {"revision_id": revision}).json["session_id"]) for _ in range(30)
    ]

    first = asked(api)

    assert first.status == 200, first.text
    assert first.json["has_more"]
    assert 1 < len(first.json["items"]) < len(sessions)
    assert ids(listed(api)) == sessions[::-1]


@pytest.mark.parametrize(
    "query,place",
    [
        ({"awaiting_approval": "perhaps"}, ["query", "awaiting_approval"]),
        ({"limit": "0"}, ["query", "limit"]),
        ({"limit": "201"}, ["query", "limit"]),
        ({"catalog_slug": "order-status"}, ["query", "catalog_slug"]),
    ],
)
def test_given_a_bad_query_then_422_tells_where(
    api: Gateway, query: dict[str, str], place: list[str]
) -> None:
    answer = asked(api, **query)

    assert answer.status == 422
    assert answer.json["detail"][0]["loc"] == place


def test_given_a_cursor_of_another_filter_then_it_is_refused(api: Gateway) -> None:
    opened(api)
    opened(api)
    cursor = asked(api, limit="1").json["next_cursor"]

    answer = asked(api, cursor=cursor, awaiting_approval="false")

    assert (answer.status, answer.json["error"]) == (400, "invalid_input")


def test_given_a_deleted_session_then_it_is_gone_for_everybody(api: Gateway) -> None:
    session, other = awaiting_approval(api), opened(api)

    answer = api("DELETE", f"{URL}/{session}")

    assert (answer.status, answer.text) == (204, "")
    assert ids(listed(api)) == [other]
    assert listed(api, awaiting_approval="true") == []
    for gone in (
        api("GET", f"{URL}/{session}"),
        api("GET", f"{URL}/{session}/trace"),
        say(api, session, "Hello?"),
        decide(api, session, "approve"),
        api("DELETE", f"{URL}/{session}"),
    ):
        assert (gone.status, gone.json["error"]) == (404, "not_found")
    draft = api("POST", "/v1/scenarios/draft-from-session", {"session_id": session})
    assert (draft.status, draft.json["error"]) == (400, "session_not_found")


def test_given_a_deleted_session_then_its_turns_go_when_the_bus_tells_of_it(api: Gateway) -> None:
    session = awaiting_approval(api)
    before = {item["pk"]["S"]: item for item in items()}
    api("DELETE", f"{URL}/{session}")
    detail = {"organization_id": str(api.organization_id), "session_id": session}

    purge({"detail": detail}, None)

    left = [item for item in items() if item["pk"]["S"].endswith(session.replace("-", ""))]
    assert [item["sk"]["S"] for item in left] == ["session"]
    assert "NW-5581" in str(before)
    assert "NW-5581" not in str(items())


def test_given_an_overdue_approval_when_its_session_is_deleted_then_nothing_goes_on(
    api: Gateway,
) -> None:
    session = awaiting_approval(api)
    let_pass(api, session)

    assert api("DELETE", f"{URL}/{session}").status == 204
    assert api("GET", f"{URL}/{session}").status == 404


def test_given_an_older_version_then_a_session_is_not_deleted(api: Gateway) -> None:
    session = opened(api)
    say(api, session, "Hello")

    refused = api("DELETE", f"{URL}/{session}", headers={"if-match": '"1"'})

    assert (refused.status, refused.json["error"]) == (412, "precondition_failed")
    assert read(api, session)["step_count"] == 1
    assert api("DELETE", f"{URL}/{session}", headers={"if-match": '"2"'}).status == 204


def test_given_a_foreign_or_unknown_session_then_it_cannot_be_deleted(
    api: Gateway, other_api: Gateway
) -> None:
    session = opened(api)

    for answer in (
        other_api("DELETE", f"{URL}/{session}"),
        api("DELETE", f"{URL}/{uuid4()}"),
        api("DELETE", f"{URL}/no-id"),
    ):
        assert (answer.status, answer.json["error"]) == (404, "not_found")
    assert read(api, session)["session_id"] == session


def test_given_a_deleted_session_then_its_idempotency_key_does_not_open_it_anew(
    api: Gateway,
) -> None:
    key = {"idempotency-key": "once"}
    session = api("POST", URL, {"catalog_slug": "order-status"}, headers=key).json["session_id"]
    api("DELETE", f"{URL}/{session}")

    again = api("POST", URL, {"catalog_slug": "order-status"}, headers=key)

    assert (again.status, again.json["error"]) == (409, "conflict")
