"""Workflows: create, list, read and delete."""

from tests.support.gateway import Gateway
from tests.unit.playground.conversations import (
    WORKFLOWS,
    activate,
    new_revision,
    new_revision_with_graph,
    new_workflow,
    pages,
)


def test_created_workflow_has_all_fields(api: Gateway) -> None:
    answer = api("POST", WORKFLOWS, {"name": "Parcels", "metadata": {"team": "north"}})

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


def test_workflow_is_read_with_its_active_revision(api: Gateway) -> None:
    workflow = new_workflow(api)
    revision = new_revision_with_graph(api, workflow=workflow)
    activate(api, workflow, revision)

    body = api("GET", f"{WORKFLOWS}/{workflow}").json

    assert body["active_revision_id"] == body["active_revision"]["id"] == revision
    assert body["active_revision"]["compiled_graph"]["name"] == "Parcel question"
    assert body["attachments"] == []


def test_pages_return_each_workflow_once_newest_first(api: Gateway, other_api: Gateway) -> None:
    created = [new_workflow(api, f"w{number}") for number in range(7)]
    new_workflow(other_api)

    found = pages(api, f"{WORKFLOWS}?limit=3")

    assert [item["id"] for page in found for item in page] == created[::-1]
    assert [len(page) for page in found] == [3, 3, 1]
    assert set(found[0][0]) == {
        "id",
        "organization_id",
        "name",
        "description",
        "active_revision_id",
        "created_at",
        "updated_at",
    }


def test_cursor_of_another_list_is_400(api: Gateway) -> None:
    workflow = new_workflow(api)
    for _ in range(2):
        new_revision(api, workflow)
    cursor = api("GET", f"{WORKFLOWS}/{workflow}/revisions?limit=1").json["next_cursor"]

    assert api("GET", f"{WORKFLOWS}/{workflow}/revisions?limit=1&cursor={cursor}").status == 200
    assert api("GET", f"{WORKFLOWS}?cursor={cursor}").status == 400
    assert api("GET", f"{WORKFLOWS}/{new_workflow(api)}/revisions?cursor={cursor}").status == 400


def test_delete_of_a_workflow_deletes_more_revisions_than_a_transaction_holds(api: Gateway) -> None:
    workflow = new_workflow(api)
    active = new_revision_with_graph(api, workflow=workflow)
    activate(api, workflow, active)
    revisions = [active, *(new_revision(api, workflow) for _ in range(104))]

    answer = api("DELETE", f"{WORKFLOWS}/{workflow}")

    assert (answer.status, answer.text) == (204, "")
    assert api("GET", f"{WORKFLOWS}/{workflow}").status == 404
    assert api("GET", WORKFLOWS).json["items"] == []
    for revision in (active, revisions[1], revisions[-1]):
        assert api("GET", f"{WORKFLOWS}/revisions/{revision}").status == 404
    assert api("DELETE", f"{WORKFLOWS}/{workflow}").status == 404


def test_oversized_workflow_is_refused_with_field_and_rule(api: Gateway) -> None:
    for field, value in (("name", "x" * 600_000), ("metadata", {"a": "x" * 300_000})):
        answer = api("POST", WORKFLOWS, {"name": "n"} | {field: value})

        assert (answer.status, answer.json["detail"][0]["loc"]) == (422, ["body", field])
    assert api("GET", WORKFLOWS).json["items"] == []


def test_revision_beyond_item_limit_is_413(api: Gateway) -> None:
    url = f"{WORKFLOWS}/{new_workflow(api)}/revisions"
    text = "ü" * 150_000

    answer = api("POST", url, {"name": "n", "instructions": text, "system_prompt": text})

    assert (answer.status, answer.json["error"]) == (413, "payload_too_large")
    assert api("GET", url).json["items"] == []
