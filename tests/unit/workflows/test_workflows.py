"""Workflows: made, listed, read, changed, removed."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import counted_requests
from tests.unit.workflows.steps import a_revision, a_revision_with_graph, a_workflow, activate

URL = "/v1/workflows"


def test_given_a_name_when_a_workflow_is_made_then_all_fields_are_told(api: Gateway) -> None:
    answer = api("POST", URL, {"name": "Parcels", "metadata": {"team": "north"}})

    assert answer.status == 201
    assert answer.headers["etag"] == '"1"'
    body = answer.json
    assert body.pop("id")
    assert body.pop("created_at") == body.pop("updated_at")
    assert body == {
        "organization_id": str(api.organization_id.uuid),
        "name": "Parcels",
        "description": None,
        "active_revision_id": None,
        "active_revision": None,
        "metadata": {"team": "north"},
    }


def test_given_a_workflow_with_an_active_revision_when_it_is_read_then_both_are_told(
    api: Gateway,
) -> None:
    workflow = a_workflow(api)
    revision = a_revision_with_graph(api, workflow=workflow)
    activate(api, workflow, revision)

    body = api("GET", f"{URL}/{workflow}").json

    assert body["active_revision_id"] == body["active_revision"]["id"] == revision
    assert body["active_revision"]["compiled_graph"]["name"] == "Parcel question"
    assert body["attachments"] == []


def test_given_many_workflows_when_they_are_listed_by_pages_then_each_comes_once_newest_first(
    api: Gateway, other_api: Gateway
) -> None:
    made = [a_workflow(api, f"w{number}") for number in range(7)]
    a_workflow(other_api)

    seen, cursor = [], ""
    while True:
        page = api("GET", f"{URL}?limit=3{cursor}").json
        seen += [item["id"] for item in page["items"]]
        assert page["has_more"] == (page["next_cursor"] is not None)
        if not page["has_more"]:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert seen == made[::-1]
    assert set(page["items"][0]) == {
        "id",
        "organization_id",
        "name",
        "description",
        "active_revision_id",
        "created_at",
        "updated_at",
    }


def test_given_a_cursor_of_another_list_then_400(api: Gateway) -> None:
    workflow = a_workflow(api)
    for _ in range(2):
        a_revision(api, workflow)
    cursor = api("GET", f"{URL}/{workflow}/revisions?limit=1").json["next_cursor"]

    assert api("GET", f"{URL}/{workflow}/revisions?limit=1&cursor={cursor}").status == 200
    assert api("GET", f"{URL}?cursor={cursor}").status == 400
    assert api("GET", f"{URL}/{a_workflow(api)}/revisions?cursor={cursor}").status == 400


@pytest.mark.parametrize(
    "change,field,value",
    [
        ({"name": "New"}, "name", "New"),
        ({"name": None}, "name", "Parcels"),
        ({"description": "d"}, "description", "d"),
        ({"description": None}, "description", None),
        ({"metadata": {"a": 1}}, "metadata", {"a": 1}),
        ({"metadata": None}, "metadata", {}),
        ({}, "name", "Parcels"),
    ],
)
def test_given_a_change_when_it_is_put_then_only_what_it_names_changes(
    api: Gateway, change: dict[str, Any], field: str, value: Any
) -> None:
    before = api("POST", URL, {"name": "Parcels"}).json

    answer = api("PUT", f"{URL}/{before['id']}", change)

    assert (answer.status, answer.json[field]) == (200, value)
    after = api("GET", f"{URL}/{before['id']}").json
    untouched = set(before) - {field, "updated_at"}
    assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}


def test_given_a_stale_etag_then_nothing_is_changed_or_removed(api: Gateway) -> None:
    workflow = a_workflow(api)
    url = f"{URL}/{workflow}"
    assert api("PUT", url, {"name": "A"}, headers={"If-Match": '"1"'}).headers["etag"] == '"2"'

    assert api("PUT", url, {"name": "B"}, headers={"If-Match": '"1"'}).status == 412
    assert api("DELETE", url, headers={"If-Match": '"1"'}).status == 412
    assert api("GET", url).json["name"] == "A"
    assert api("DELETE", url, headers={"If-Match": '"2"'}).status == 204


def test_given_a_workflow_with_revisions_when_it_is_removed_then_all_of_it_is_gone(
    api: Gateway,
) -> None:
    workflow = a_workflow(api)
    revisions = [a_revision_with_graph(api, workflow=workflow) for _ in range(3)]
    activate(api, workflow, revisions[0])

    answer = api("DELETE", f"{URL}/{workflow}")

    assert (answer.status, answer.text) == (204, "")
    assert api("GET", f"{URL}/{workflow}").status == 404
    assert api("GET", URL).json["items"] == []
    for revision in revisions:
        assert api("GET", f"{URL}/revisions/{revision}").status == 404
    assert api("DELETE", f"{URL}/{workflow}").status == 404


def test_given_more_revisions_than_a_transaction_holds_then_the_workflow_can_be_removed(
    api: Gateway,
) -> None:
    workflow = a_workflow(api)
    revisions = [a_revision(api, workflow) for _ in range(105)]

    assert api("DELETE", f"{URL}/{workflow}").status == 204
    assert api("GET", f"{URL}/revisions/{revisions[0]}").status == 404
    assert api("GET", f"{URL}/revisions/{revisions[-1]}").status == 404


@pytest.mark.parametrize(
    "method,path,body",
    [
        ("GET", "", None),
        ("PUT", "", {"name": "x"}),
        ("DELETE", "", None),
        ("GET", "/revisions", None),
        ("POST", "/revisions", {"name": "x", "instructions": "y"}),
        ("POST", "/set-active-revision", {"revision_id": str(uuid4())}),
    ],
)
def test_given_a_foreign_workflow_then_it_answers_as_an_unknown_one(
    api: Gateway, other_api: Gateway, method: str, path: str, body: Any
) -> None:
    foreign = other_api(method, f"{URL}/{a_workflow(api)}{path}", body)
    unknown = other_api(method, f"{URL}/{uuid4()}{path}", body)

    assert foreign.status == unknown.status == 404
    assert foreign.json == unknown.json
    assert foreign.json["error"] == "not_found"


@pytest.mark.parametrize(
    "method,url,body,place",
    [
        ("POST", URL, {}, ["body", "name"]),
        ("POST", URL, {"name": None}, ["body", "name"]),
        ("POST", URL, {"name": 7}, ["body", "name"]),
        ("POST", URL, {"name": "x", "metadata": []}, ["body", "metadata"]),
        ("POST", URL, {"name": "x", "description": 7}, ["body", "description"]),
        ("GET", f"{URL}?limit=0", None, ["query", "limit"]),
        ("GET", f"{URL}?limit=201", None, ["query", "limit"]),
        ("GET", f"{URL}?limit=x", None, ["query", "limit"]),
        ("GET", f"{URL}?offset=1", None, ["query", "offset"]),
        ("GET", f"{URL}?name=x", None, ["query", "name"]),
        ("GET", f"{URL}/{UUID(int=7)}/revisions?status=draft", None, ["query", "status"]),
        ("GET", f"{URL}/7", None, ["path", "workflow_id"]),
        ("PUT", f"{URL}/7", {}, ["path", "workflow_id"]),
        ("DELETE", f"{URL}/7", None, ["path", "workflow_id"]),
    ],
)
def test_given_bad_input_then_422_tells_where(
    api: Gateway, method: str, url: str, body: Any, place: list[str]
) -> None:
    answer = api(method, url, body)

    assert (answer.status, answer.json["detail"][0]["loc"]) == (422, place)


def test_given_what_no_item_can_hold_then_413(api: Gateway) -> None:
    answer = api("POST", URL, {"name": "x" * 600_000})

    assert (answer.status, answer.json["error"]) == (413, "payload_too_large")
    assert api("GET", URL).json["items"] == []


def test_given_twenty_clients_with_one_key_then_there_is_one_workflow(api: Gateway) -> None:
    answers = race(api, "POST", URL, {"name": "Parcels"}, headers={"Idempotency-Key": "race"})

    assert {(answer.status, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert len(api("GET", URL).json["items"]) == 1


def test_given_a_changed_workflow_when_its_creation_is_replayed_then_the_first_answer_comes(
    api: Gateway,
) -> None:
    headers = {"Idempotency-Key": "k"}
    first = api("POST", URL, {"name": "Parcels"}, headers=headers)
    api("PUT", f"{URL}/{first.json['id']}", {"name": "Changed"})

    again = api("POST", URL, {"name": "Parcels"}, headers=headers)

    assert (again.status, again.json) == (201, first.json)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["etag"] == '"1"'
    assert api("POST", URL, {"name": "Other"}, headers=headers).status == 422


def test_making_and_listing_cost_no_more_requests_than_designed(api: Gateway) -> None:
    with counted_requests() as made:
        workflow = a_workflow(api)
    with counted_requests() as read:
        api("GET", f"{URL}/{workflow}")
    with counted_requests() as listed:
        api("GET", URL)

    assert made == {"PutItem": 1}
    assert read == {"GetItem": 1}
    assert listed == {"Query": 3}  # one a shard
