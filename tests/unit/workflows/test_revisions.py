"""Revisions: create, base, list, update, activate and delete."""

from typing import Any
from uuid import uuid4

import pytest

from tests.support.gateway import Gateway
from tests.unit.playground.conversations import (
    REVISIONS,
    WORKFLOWS,
    activate,
    new_revision,
    new_revision_with_graph,
    new_workflow,
    pages,
    put_graph,
)
from tests.unit.playground.graphs import small

MODEL = {"model": "m", "config": {"temperature": 0.5}}


def test_revision_with_required_fields_has_the_defaults(api: Gateway) -> None:
    workflow = new_workflow(api)

    answer = api(
        "POST", f"{WORKFLOWS}/{workflow}/revisions", {"name": "first", "instructions": "Do it."}
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


def test_revision_keeps_all_fields(api: Gateway) -> None:
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

    revision = new_revision(api, **given)

    body = api("GET", f"{REVISIONS}/{revision}").json
    assert body["analyzer_model_settings"]["config"]["temperature"] == 0.5
    del given["analyzer_model_settings"]
    assert {name: body[name] for name in given} == given


def test_revision_based_on_another_takes_its_omitted_fields(api: Gateway) -> None:
    workflow = new_workflow(api)
    base = new_revision(api, workflow, system_prompt="be kind", trigger_type="event")
    put_graph(api, base, small())

    created = api(
        "POST",
        f"{WORKFLOWS}/{workflow}/revisions",
        {"name": "second", "instructions": "New.", "based_on_revision_id": base},
    ).json

    assert (created["name"], created["instructions"]) == ("second", "New.")
    assert (created["system_prompt"], created["trigger_type"]) == ("be kind", "event")
    assert created["compilation_status"] == "compiled"
    assert created["compiled_graph"] == api("GET", f"{REVISIONS}/{base}").json["compiled_graph"]


def test_base_of_another_workflow_is_404(api: Gateway) -> None:
    body = {"name": "x", "instructions": "y", "based_on_revision_id": new_revision(api)}

    assert api("POST", f"{WORKFLOWS}/{new_workflow(api)}/revisions", body).status == 404


def test_list_is_newest_first_and_without_graphs(api: Gateway) -> None:
    workflow = new_workflow(api)
    created = [new_revision_with_graph(api, workflow=workflow) for _ in range(3)]
    new_revision(api)

    first, rest = pages(api, f"{WORKFLOWS}/{workflow}/revisions?limit=2")

    assert [item["id"] for item in [*first, *rest]] == created[::-1]
    assert len(first) == 2
    for item in first:
        assert (item["compiled_graph"], item["compilation_status"]) == (None, "compiled")


def test_active_revision_cannot_be_changed(api: Gateway) -> None:
    workflow = new_workflow(api)
    revision = new_revision_with_graph(api, workflow=workflow)
    published = activate(api, workflow, revision)
    assert (published.status, published.json["id"]) == (200, revision)
    before = api("GET", f"{REVISIONS}/{revision}")

    refused = [
        api("PUT", f"{REVISIONS}/{revision}", {"name": "x"}),
        put_graph(api, revision, small(name="x")),
        put_graph(api, revision, {}),
        api("DELETE", f"{REVISIONS}/{revision}"),
    ]

    assert {(answer.status, answer.json["error"]) for answer in refused} == {
        (409, "revision_active")
    }
    assert api("GET", f"{REVISIONS}/{revision}").text == before.text


def test_former_active_revision_can_be_changed_again(api: Gateway) -> None:
    workflow = new_workflow(api)
    first, second = (new_revision_with_graph(api, workflow=workflow) for _ in range(2))
    activate(api, workflow, first)

    assert activate(api, workflow, second).status == 200
    assert activate(api, workflow, second).status == 200

    assert api("PUT", f"{REVISIONS}/{first}", {"name": "again"}).status == 200
    assert api("PUT", f"{REVISIONS}/{second}", {"name": "again"}).status == 409
    assert api("GET", f"{WORKFLOWS}/{workflow}").json["active_revision_id"] == second


@pytest.mark.parametrize(
    "of_the_workflow,graph,status,code",
    [(True, False, 409, "graph_not_runnable"), (False, True, 404, "not_found")],
)
def test_failed_activation_leaves_the_workflow_unchanged(
    api: Gateway, of_the_workflow: bool, graph: bool, status: int, code: str
) -> None:
    workflow = new_workflow(api)
    owner = workflow if of_the_workflow else new_workflow(api)
    make = new_revision_with_graph if graph else new_revision
    revision = make(api, workflow=owner)

    answer = activate(api, workflow, revision)

    assert (answer.status, answer.json["error"]) == (status, code)
    assert api("GET", f"{WORKFLOWS}/{workflow}").json["active_revision_id"] is None
