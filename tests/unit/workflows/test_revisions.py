"""Revisions: made, based on one another, listed, changed, published, removed."""

from typing import Any
from uuid import uuid4

import pytest

from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.unit.playground.graphs import small
from tests.unit.workflows.steps import (
    a_revision,
    a_revision_with_graph,
    a_workflow,
    activate,
    put_graph,
)

URL = "/v1/workflows/revisions"
MODEL = {"model": "m", "config": {"temperature": 0.5}}


def test_given_only_what_is_required_then_a_revision_is_made_with_the_defaults(
    api: Gateway,
) -> None:
    workflow = a_workflow(api)

    answer = api(
        "POST", f"/v1/workflows/{workflow}/revisions", {"name": "first", "instructions": "Do it."}
    )

    assert answer.status == 201
    body = answer.json
    assert body.pop("id")
    assert body.pop("created_at") == body.pop("updated_at")
    assert body == {
        "workflow_id": workflow,
        "name": "first",
        "description": None,
        "instructions": "Do it.",
        "system_prompt": None,
        "compiled_graph": None,
        "quality_report": None,
        "compilation_errors": None,
        "compilation_strategy": "manual",
        "compilation_status": "pending",
        "compilation_task_id": None,
        "compilation_input_hash": None,
        "trigger_type": "manual",
        "trigger_config": {},
        "router_config_id": None,
        "analyzer_model_settings": None,
        "router_model_settings": None,
        "policy_ids": [],
        "tool_input_defaults": None,
        "tools": [],
        "knowledge_base_ids": [],
        "created_by": str(api.key_id),
    }


def test_given_all_fields_then_a_revision_keeps_them(api: Gateway) -> None:
    given: dict[str, Any] = {
        "name": "full",
        "description": "d",
        "instructions": "i",
        "system_prompt": "s",
        "compilation_strategy": "guided",
        "trigger_type": "event",
        "trigger_config": {"on": "order"},
        "router_config_id": str(uuid4()),
        "analyzer_model_settings": MODEL,
        "policy_ids": [str(uuid4())],
    }

    revision = a_revision(api, **given)

    body = api("GET", f"{URL}/{revision}").json
    assert body["analyzer_model_settings"]["config"]["temperature"] == 0.5
    del given["analyzer_model_settings"]
    assert {name: body[name] for name in given} == given


def test_given_a_base_when_a_revision_is_made_on_it_then_it_takes_over_what_is_left_out(
    api: Gateway,
) -> None:
    workflow = a_workflow(api)
    base = a_revision(api, workflow, system_prompt="be kind", trigger_type="event")
    put_graph(api, base, small())

    made = api(
        "POST",
        f"/v1/workflows/{workflow}/revisions",
        {"name": "second", "instructions": "New.", "based_on_revision_id": base},
    ).json

    assert (made["name"], made["instructions"]) == ("second", "New.")
    assert (made["system_prompt"], made["trigger_type"]) == ("be kind", "event")
    assert made["compilation_status"] == "compiled"
    assert made["compiled_graph"] == api("GET", f"{URL}/{base}").json["compiled_graph"]


def test_given_a_base_in_another_workflow_then_404(api: Gateway) -> None:
    body = {"name": "x", "instructions": "y", "based_on_revision_id": a_revision(api)}

    assert api("POST", f"/v1/workflows/{a_workflow(api)}/revisions", body).status == 404


def test_given_revisions_when_they_are_listed_then_newest_first_and_without_their_graphs(
    api: Gateway,
) -> None:
    workflow = a_workflow(api)
    made = [a_revision_with_graph(api, workflow=workflow) for _ in range(3)]
    a_revision(api)

    page = api("GET", f"/v1/workflows/{workflow}/revisions?limit=2").json

    assert [item["id"] for item in page["items"]] == made[:0:-1]
    assert {item["compiled_graph"] for item in page["items"]} == {None}
    assert {item["compilation_status"] for item in page["items"]} == {"compiled"}
    rest = api("GET", f"/v1/workflows/{workflow}/revisions?cursor={page['next_cursor']}").json
    assert [item["id"] for item in rest["items"]] == made[:1]
    assert rest["has_more"] is False


@pytest.mark.parametrize(
    "change,field,value",
    [
        ({"name": "New"}, "name", "New"),
        ({"name": None}, "name", "first"),
        ({"instructions": "Other."}, "instructions", "Other."),
        ({"description": "d"}, "description", "d"),
        ({"system_prompt": None}, "system_prompt", None),
        ({"trigger_config": {"a": 1}}, "trigger_config", {"a": 1}),
        ({"policy_ids": []}, "policy_ids", []),
    ],
)
def test_given_a_change_when_it_is_put_then_only_what_it_names_changes(
    api: Gateway, change: dict[str, Any], field: str, value: Any
) -> None:
    revision = a_revision_with_graph(api)
    before = api("GET", f"{URL}/{revision}").json

    answer = api("PUT", f"{URL}/{revision}", change)

    assert (answer.status, answer.json[field]) == (200, value)
    after = api("GET", f"{URL}/{revision}").json
    untouched = set(before) - {field, "updated_at"}
    assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}


def test_given_a_published_revision_then_nothing_in_it_can_be_changed(api: Gateway) -> None:
    workflow = a_workflow(api)
    revision = a_revision_with_graph(api, workflow=workflow)
    published = activate(api, workflow, revision)
    assert (published.status, published.json["id"]) == (200, revision)
    before = api("GET", f"{URL}/{revision}")

    refused = [
        api("PUT", f"{URL}/{revision}", {"name": "x"}),
        put_graph(api, revision, small(name="x")),
        put_graph(api, revision, {}),
        api("DELETE", f"{URL}/{revision}"),
    ]

    assert {(answer.status, answer.json["error"]) for answer in refused} == {
        (409, "revision_active")
    }
    assert api("GET", f"{URL}/{revision}").text == before.text


def test_given_another_active_revision_then_the_former_can_be_edited_again(api: Gateway) -> None:
    workflow = a_workflow(api)
    first, second = (a_revision_with_graph(api, workflow=workflow) for _ in range(2))
    activate(api, workflow, first)

    assert activate(api, workflow, second).status == 200
    assert activate(api, workflow, second).status == 200

    assert api("PUT", f"{URL}/{first}", {"name": "again"}).status == 200
    assert api("PUT", f"{URL}/{second}", {"name": "again"}).status == 409
    assert api("GET", f"/v1/workflows/{workflow}").json["active_revision_id"] == second


@pytest.mark.parametrize(
    "of_the_workflow,graph,status,code",
    [(True, False, 409, "graph_not_runnable"), (False, True, 404, "not_found")],
)
def test_given_a_revision_that_cannot_be_published_then_the_workflow_stays(
    api: Gateway, of_the_workflow: bool, graph: bool, status: int, code: str
) -> None:
    workflow = a_workflow(api)
    owner = workflow if of_the_workflow else a_workflow(api)
    make = a_revision_with_graph if graph else a_revision
    revision = make(api, workflow=owner)

    answer = activate(api, workflow, revision)

    assert (answer.status, answer.json["error"]) == (status, code)
    assert api("GET", f"/v1/workflows/{workflow}").json["active_revision_id"] is None


def test_given_a_stale_etag_then_nothing_is_changed_or_removed(api: Gateway) -> None:
    revision = a_revision(api)
    url = f"{URL}/{revision}"
    assert api("PUT", url, {"name": "A"}, headers={"If-Match": '"1"'}).headers["etag"] == '"2"'
    stale = {"If-Match": '"1"'}

    assert api("PUT", url, {"name": "B"}, headers=stale).status == 412
    assert api("DELETE", url, headers=stale).status == 412
    assert put_graph(api, revision, small(), headers=stale).status == 412
    assert api("GET", url).json["name"] == "A"
    assert api("GET", url).json["compilation_status"] == "pending"


@pytest.mark.parametrize(
    "method,path,body",
    [
        ("GET", "", None),
        ("PUT", "", {"name": "x"}),
        ("DELETE", "", None),
        ("GET", "/graph", None),
        ("PUT", "/graph", {"compiled_graph": small()}),
        ("POST", "/graph/validate", {"compiled_graph": small()}),
    ],
)
def test_given_a_foreign_revision_then_it_answers_as_an_unknown_one(
    api: Gateway, other_api: Gateway, method: str, path: str, body: Any
) -> None:
    foreign = other_api(method, f"{URL}/{a_revision(api)}{path}", body)
    unknown = other_api(method, f"{URL}/{uuid4()}{path}", body)

    assert foreign.status == unknown.status == 404
    assert foreign.json == unknown.json
    assert foreign.json["error"] == "not_found"


@pytest.mark.parametrize(
    "body,place",
    [
        ({}, ["body", "name"]),
        ({"name": "x"}, ["body", "instructions"]),
        ({"name": "x", "instructions": None}, ["body", "instructions"]),
        ({"name": "x", "instructions": "y", "policy_ids": ["7"]}, ["body", "policy_ids", 0]),
        (
            {"name": "x", "instructions": "y", "based_on_revision_id": "7"},
            ["body", "based_on_revision_id"],
        ),
        (
            {"name": "x", "instructions": "y", "router_model_settings": {}},
            ["body", "router_model_settings", "model"],
        ),
        (
            {
                "name": "x",
                "instructions": "y",
                "router_model_settings": {"model": "m", "config": {"thinking_budget": 0}},
            },
            ["body", "router_model_settings", "config", "thinking_budget"],
        ),
    ],
)
def test_given_a_wrong_body_then_422_tells_where(
    api: Gateway, body: dict[str, Any], place: list[str]
) -> None:
    answer = api("POST", f"/v1/workflows/{a_workflow(api)}/revisions", body)

    assert (answer.status, answer.json["detail"][0]["loc"]) == (422, place)


def test_given_twenty_clients_with_one_key_then_there_is_one_revision(api: Gateway) -> None:
    workflow = a_workflow(api)
    url, body = f"/v1/workflows/{workflow}/revisions", {"name": "x", "instructions": "y"}

    answers = race(api, "POST", url, body, headers={"Idempotency-Key": "race"})

    assert {(answer.status, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert len(api("GET", url).json["items"]) == 1
