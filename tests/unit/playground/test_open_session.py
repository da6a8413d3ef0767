"""Opening a playground session and reading it back."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests
from tests.unit.playground.graphs import small
from tests.unit.workflows.steps import a_revision, a_revision_with_graph, put_graph

URL = "/v1/workflow/playground/sessions"


def test_given_the_catalog_when_a_session_is_opened_then_it_stands_at_the_entry_node(
    api: Gateway,
) -> None:
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


def test_given_a_revision_when_a_session_is_opened_then_its_system_variables_are_filled(
    api: Gateway,
) -> None:
    revision = a_revision_with_graph(api)

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


def test_given_a_graph_without_persona_then_it_is_told_as_null(api: Gateway) -> None:
    graph = small()
    del graph["persona"]
    revision = a_revision_with_graph(api, graph)

    assert api("POST", URL, {"revision_id": revision}).json["graph"]["persona"] is None


def test_given_an_open_session_when_it_is_read_then_it_is_the_same(api: Gateway) -> None:
    opened = api("POST", URL, {"catalog_slug": "troubleshooting"})

    read = api("GET", f"{URL}/{opened.json['session_id']}")

    assert (read.status, read.json) == (200, opened.json)
    assert read.headers["etag"] == opened.headers["etag"] == '"1"'


def test_given_a_session_when_its_revision_gets_another_graph_then_it_keeps_its_own(
    api: Gateway,
) -> None:
    revision = a_revision_with_graph(api)
    opened = api("POST", URL, {"revision_id": revision}).json

    put_graph(api, revision, small(name="Something else", persona=None))

    assert api("GET", f"{URL}/{opened['session_id']}").json == opened
    assert api("POST", URL, {"revision_id": revision}).json["graph"]["name"] == "Something else"


def test_given_another_organisation_then_the_session_and_the_revision_do_not_exist(
    api: Gateway, other_api: Gateway
) -> None:
    revision = a_revision_with_graph(api)
    session = api("POST", URL, {"revision_id": revision}).json["session_id"]

    foreign, unknown = other_api("GET", f"{URL}/{session}"), other_api("GET", f"{URL}/{uuid4()}")
    assert foreign.status == unknown.status == 404
    assert foreign.json == unknown.json == {"error": "not_found", "message": "Session not found"}
    foreign = other_api("POST", URL, {"revision_id": revision})
    unknown = other_api("POST", URL, {"revision_id": str(uuid4())})
    assert foreign.status == unknown.status == 404
    assert foreign.json == unknown.json
    assert foreign.json["error"] == "not_found"


def test_given_a_revision_without_a_graph_then_no_session_can_be_opened_on_it(api: Gateway) -> None:
    answer = api("POST", URL, {"revision_id": a_revision(api)})

    assert (answer.status, answer.json["error"]) == (409, "graph_not_runnable")


@pytest.mark.parametrize(
    "body,place,kind",
    [
        ({}, ["body"], "value_error"),
        ({"catalog_slug": None, "revision_id": None}, ["body"], "value_error"),
        (
            {"catalog_slug": "order-status", "revision_id": str(uuid4())},
            ["body"],
            "value_error",
        ),
        ({"catalog_slug": ""}, ["body", "catalog_slug"], "string_too_short"),
        ({"catalog_slug": "x" * 129}, ["body", "catalog_slug"], "string_too_long"),
        ({"catalog_slug": 7}, ["body", "catalog_slug"], "string_type"),
        ({"catalog_slug": "\ud800"}, ["body", "catalog_slug"], "string_unicode"),
        ({"revision_id": "7"}, ["body", "revision_id"], "uuid_parsing"),
        ({"revision_id": 7}, ["body", "revision_id"], "uuid_type"),
        ([], ["body"], "model_attributes_type"),
        ("order-status", ["body"], "model_attributes_type"),
    ],
)
def test_given_a_wrong_body_then_422_tells_where_and_what(
    api: Gateway, body: object, place: list[str], kind: str
) -> None:
    answer = api("POST", URL, body)

    assert answer.status == 422
    first = answer.json["detail"][0]
    assert (first["loc"], first["type"]) == (place, kind)
    assert {"loc", "msg", "type", "input"} <= set(first) <= {"loc", "msg", "type", "input", "ctx"}


@pytest.mark.parametrize("raw", ["", "{", '{"catalog_slug": NaN}', '{"a":' * 5000])
def test_given_a_body_that_is_not_json_then_422(api: Gateway, raw: str) -> None:
    assert api("POST", URL, raw=raw).status == 422


def test_given_a_body_over_one_megabyte_then_413(api: Gateway) -> None:
    answer = api("POST", URL, {"catalog_slug": "x" * 1024 * 1024})

    assert (answer.status, answer.json["error"]) == (413, "payload_too_large")


@pytest.mark.parametrize(
    "slug", ["no-such-workflow", "../catalog/order-status", "order_status", "/"]
)
def test_given_a_slug_that_is_not_in_the_catalog_then_404(api: Gateway, slug: str) -> None:
    answer = api("POST", URL, {"catalog_slug": slug})

    assert (answer.status, answer.json["error"]) == (404, "not_found")


@pytest.mark.parametrize("identifier", ["7", "x" * 400, "session_" + "0" * 32, "0" * 32, "{}"])
def test_given_text_that_is_no_session_id_then_404(api: Gateway, identifier: str) -> None:
    answer = api("GET", f"{URL}/{identifier}")

    assert (answer.status, answer.json["error"]) == (404, "not_found")


def test_given_a_read_only_key_then_no_session_is_opened(api: Gateway) -> None:
    api.scopes = "read"

    assert api("POST", URL, {"catalog_slug": "order-status"}).status == 403
    assert api("GET", "/v1/workflow/playground/catalog").status == 200


def test_given_an_idempotency_key_when_the_request_is_repeated_then_the_answer_is_too(
    api: Gateway,
) -> None:
    headers = {"Idempotency-Key": "monday-1"}
    first = api("POST", URL, {"catalog_slug": "order-status"}, headers=headers)

    again = api("POST", URL, {"catalog_slug": "order-status"}, headers=headers)
    other = api("POST", URL, {"catalog_slug": "troubleshooting"}, headers=headers)

    assert (again.status, again.json) == (201, first.json)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert (other.status, other.json["error"]) == (422, "idempotency_key_reused")


def test_given_a_replay_after_the_revision_has_gone_then_the_answer_is_still_the_first(
    api: Gateway,
) -> None:
    headers = {"Idempotency-Key": "monday-2"}
    revision = a_revision_with_graph(api)
    first = api("POST", URL, {"revision_id": revision}, headers=headers)
    assert api("DELETE", f"/v1/workflows/revisions/{revision}").status == 204

    again = api("POST", URL, {"revision_id": revision}, headers=headers)

    assert (again.status, again.json) == (201, first.json)
    assert again.headers["idempotent-replayed"] == "true"
    assert api("POST", URL, {"revision_id": revision}).status == 404


def test_given_twenty_clients_with_one_key_then_there_is_one_session(api: Gateway) -> None:
    answers = race(
        api, "POST", URL, {"catalog_slug": "order-status"}, headers={"Idempotency-Key": "race"}
    )

    assert {answer.status for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1


def test_opening_and_reading_cost_no_more_requests_than_designed(api: Gateway) -> None:
    revision = a_revision_with_graph(api)

    with counted_requests() as from_catalog:
        session = api("POST", URL, {"catalog_slug": "order-status"}).json["session_id"]
    with counted_requests() as from_revision:
        api("POST", URL, {"revision_id": revision})
    with counted_requests() as read:
        api("GET", f"{URL}/{session}")
    with counted_requests() as catalog:
        api("GET", "/v1/workflow/playground/catalog")

    assert from_catalog == {"PutItem": 1}
    assert from_revision == {"GetItem": 1, "PutItem": 1}
    assert read == {"GetItem": 1}
    assert catalog == {}
