"""Playground sessions: open and read."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.support.gateway import Gateway
from tests.support.snapshot import stored_items
from tests.unit.playground.conversations import (
    OPERATIONS,
    URL,
    new_revision,
    new_revision_with_graph,
    open_awaiting_approval,
    open_session,
    put_graph,
)
from tests.unit.playground.graphs import small


def test_session_on_the_catalog_starts_at_the_entry_node(api: Gateway) -> None:
    before = datetime.now(UTC)

    answer = api("POST", URL, {"catalog_slug": "order-status"})

    assert answer.status == 201
    body = answer.json
    opened = body.pop("created_at")
    assert before <= datetime.fromisoformat(opened) <= before + timedelta(minutes=1)
    identifier = body.pop("session_id")
    assert str(UUID(identifier)) == identifier
    assert body.pop("graph").pop("persona").startswith("You are Alex")
    assert body == {
        "catalog_slug": "order-status",
        "revision_id": None,
        "current_step_id": "identify_order",
        "completed_steps": [],
        "context_vars": {"session_id": identifier},
        "step_count": 0,
        "last_signal": None,
        "awaiting_approval": False,
    }


def test_session_on_a_revision_has_its_system_variables(api: Gateway) -> None:
    revision = new_revision_with_graph(api)

    body = api("POST", URL, {"revision_id": revision}).json

    assert (body["catalog_slug"], body["revision_id"]) == (None, revision)
    assert body["graph"] == {
        "name": "Parcel question",
        "entry_node_id": "ask",
        "persona": "You are brief.",
    }
    assert body["context_vars"]["session_id"] == body["session_id"]
    opened = datetime.fromisoformat(body["context_vars"]["opened_at"])
    assert opened == datetime.fromisoformat(body["created_at"])
    assert len(body["context_vars"]) == 2


def test_missing_persona_is_null(api: Gateway) -> None:
    graph = small()
    del graph["persona"]
    revision = new_revision_with_graph(api, graph)

    assert api("POST", URL, {"revision_id": revision}).json["graph"]["persona"] is None


def test_opened_session_is_read_unchanged(api: Gateway) -> None:
    opened = api("POST", URL, {"catalog_slug": "troubleshooting"})

    read = api("GET", f"{URL}/{opened.json['session_id']}")

    assert (read.status, read.json) == (200, opened.json)
    assert read.headers["etag"] == opened.headers["etag"] == '"1"'


def test_session_keeps_its_graph_when_the_revision_changes(api: Gateway) -> None:
    revision = new_revision_with_graph(api)
    opened = api("POST", URL, {"revision_id": revision}).json

    put_graph(api, revision, small(name="Something else", persona=None))

    assert api("GET", f"{URL}/{opened['session_id']}").json == opened
    assert api("POST", URL, {"revision_id": revision}).json["graph"]["name"] == "Something else"


@pytest.mark.parametrize(("method", "path", "body"), OPERATIONS)
def test_foreign_unknown_or_malformed_session_is_not_found(
    api: Gateway, other_api: Gateway, method: str, path: str, body: Any
) -> None:
    session = open_awaiting_approval(api)
    before = stored_items()

    for one in (session, uuid4(), "7", "x" * 400, "session_" + "0" * 32, "0" * 32, "{}", "no-id"):
        answer = other_api(method, f"{URL}/{one}{path}", body)
        assert answer.status == 404
        assert answer.json == {"error": "not_found", "message": "Session not found"}
    assert stored_items() == before


def test_foreign_revision_is_not_found(api: Gateway, other_api: Gateway) -> None:
    foreign = other_api("POST", URL, {"revision_id": new_revision_with_graph(api)})
    unknown = other_api("POST", URL, {"revision_id": str(uuid4())})

    assert foreign.status == unknown.status == 404
    assert foreign.json == unknown.json
    assert foreign.json["error"] == "not_found"


def test_revision_without_a_graph_is_refused(api: Gateway) -> None:
    answer = api("POST", URL, {"revision_id": new_revision(api)})

    assert (answer.status, answer.json["error"]) == (409, "graph_not_runnable")


@pytest.mark.parametrize(
    ("body", "location", "kind"),
    [
        ({}, ["body"], "value_error"),
        ({"catalog_slug": None, "revision_id": None}, ["body"], "value_error"),
        ({"catalog_slug": "order-status", "revision_id": str(uuid4())}, ["body"], "value_error"),
        ({"catalog_slug": ""}, ["body", "catalog_slug"], "string_too_short"),
        ({"catalog_slug": "x" * 129}, ["body", "catalog_slug"], "string_too_long"),
        ({"catalog_slug": 7}, ["body", "catalog_slug"], "string_type"),
        ({"revision_id": "7"}, ["body", "revision_id"], "uuid_parsing"),
        ({"revision_id": 7}, ["body", "revision_id"], "uuid_type"),
        ([], ["body"], "model_attributes_type"),
        ("order-status", ["body"], "model_attributes_type"),
    ],
)
def test_invalid_body_is_422_with_its_location(
    api: Gateway, body: object, location: list[str], kind: str
) -> None:
    answer = api("POST", URL, body)

    assert answer.status == 422
    first = answer.json["detail"][0]
    assert (first["loc"], first["type"]) == (location, kind)
    assert {"loc", "msg", "type", "input"} <= set(first) <= {"loc", "msg", "type", "input", "ctx"}


@pytest.mark.parametrize("raw", ["", "{", '{"catalog_slug": NaN}', '{"a":' * 5000])
def test_malformed_json_is_422(api: Gateway, raw: str) -> None:
    assert api("POST", URL, raw=raw).status == 422


@pytest.mark.parametrize(
    ("slug", "status", "code"),
    [
        ("x" * 1024 * 1024, 413, "payload_too_large"),
        ("no-such-workflow", 404, "not_found"),
        ("../catalog/order-status", 404, "not_found"),
        ("order_status", 404, "not_found"),
        ("/", 404, "not_found"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_unknown_or_oversized_slug_is_refused(
    api: Gateway, slug: str, status: int, code: str
) -> None:
    answer = api("POST", URL, {"catalog_slug": slug})

    assert (answer.status, answer.json["error"]) == (status, code)


def test_read_only_key_may_only_read(api: Gateway) -> None:
    session = open_session(api)
    api.scopes = "read"

    for method, path, body in OPERATIONS:
        answer = api(method, f"{URL}/{session}{path}", body)
        assert answer.status == (200 if method == "GET" else 403)
    assert api("POST", URL, {"catalog_slug": "order-status"}).status == 403
    assert api("GET", "/v1/workflow/playground/catalog").status == 200
