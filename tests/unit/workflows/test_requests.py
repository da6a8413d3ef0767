"""Requests to workflows and revisions alike: updates, ETags, foreign ids, invalid input."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.support.gateway import Gateway
from tests.unit.playground.conversations import (
    REVISIONS,
    WORKFLOWS,
    new_revision,
    new_revision_with_graph,
    new_workflow,
    put_graph,
)
from tests.unit.playground.graphs import small

NO_ID = UUID(int=7)
OF_WORKFLOW, GRAPH = f"/{NO_ID}/revisions", f"/revisions/{NO_ID}/graph"
ROUTES = [
    ("GET", WORKFLOWS, "", None),
    ("PUT", WORKFLOWS, "", {"name": "x"}),
    ("DELETE", WORKFLOWS, "", None),
    ("GET", WORKFLOWS, "/revisions", None),
    ("POST", WORKFLOWS, "/revisions", {"name": "x", "instructions": "y"}),
    ("POST", WORKFLOWS, "/set-active-revision", {"revision_id": str(uuid4())}),
    ("GET", REVISIONS, "", None),
    ("PUT", REVISIONS, "", {"name": "x"}),
    ("DELETE", REVISIONS, "", None),
    ("GET", REVISIONS, "/graph", None),
    ("PUT", REVISIONS, "/graph", {"compiled_graph": small()}),
    ("POST", REVISIONS, "/graph/validate", {"compiled_graph": small()}),
]


@pytest.mark.parametrize(
    ("url", "change", "field", "value"),
    [
        (WORKFLOWS, {"name": "New"}, "name", "New"),
        (WORKFLOWS, {"name": None}, "name", "Parcels"),
        (WORKFLOWS, {"description": "d"}, "description", "d"),
        (WORKFLOWS, {"description": None}, "description", None),
        (WORKFLOWS, {"metadata": {"a": 1}}, "metadata", {"a": 1}),
        (WORKFLOWS, {"metadata": None}, "metadata", {}),
        (WORKFLOWS, {}, "name", "Parcels"),
        (REVISIONS, {"name": "New"}, "name", "New"),
        (REVISIONS, {"name": None}, "name", "first"),
        (REVISIONS, {"instructions": "Other."}, "instructions", "Other."),
        (REVISIONS, {"description": "d"}, "description", "d"),
        (REVISIONS, {"system_prompt": None}, "system_prompt", None),
        (REVISIONS, {"trigger_config": {"a": 1}}, "trigger_config", {"a": 1}),
        (REVISIONS, {"policy_ids": []}, "policy_ids", []),
    ],
)
def test_update_changes_only_the_fields_it_names(
    api: Gateway, url: str, change: dict[str, Any], field: str, value: Any
) -> None:
    url += f"/{new_workflow(api) if url == WORKFLOWS else new_revision_with_graph(api)}"
    before = api("GET", url).json

    answer = api("PUT", url, change)

    assert (answer.status, answer.json[field]) == (200, value)
    after = api("GET", url).json
    untouched = set(before) - {field, "updated_at"}
    assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}


@pytest.mark.parametrize("url", [WORKFLOWS, REVISIONS])
def test_stale_etag_changes_and_deletes_nothing(api: Gateway, url: str) -> None:
    identifier = new_workflow(api) if url == WORKFLOWS else new_revision(api)
    url += f"/{identifier}"
    stale, newest = {"If-Match": '"1"'}, {"If-Match": '"2"'}
    assert api("PUT", url, {"name": "A"}, headers=stale).headers["etag"] == '"2"'

    assert api("PUT", url, {"name": "B"}, headers=stale).status == 412
    assert api("DELETE", url, headers=stale).status == 412
    if url.startswith(REVISIONS):
        assert put_graph(api, identifier, small(), headers=stale).status == 412
    assert api("GET", url).json["name"] == "A"
    assert api("DELETE", url, headers=newest).status == 204


@pytest.mark.parametrize(("method", "url", "path", "body"), ROUTES)
def test_foreign_id_is_answered_as_an_unknown_one(
    api: Gateway, other_api: Gateway, method: str, url: str, path: str, body: Any
) -> None:
    identifier = new_workflow(api) if url == WORKFLOWS else new_revision(api)
    foreign = other_api(method, f"{url}/{identifier}{path}", body)
    unknown = other_api(method, f"{url}/{uuid4()}{path}", body)

    assert foreign.status == unknown.status == 404
    assert foreign.json == unknown.json
    assert foreign.json["error"] == "not_found"


REVISION = {"name": "x", "instructions": "y"}
SETTINGS = "router_model_settings"


@pytest.mark.parametrize(
    ("method", "path", "body", "location"),
    [
        ("POST", "", {}, ["body", "name"]),
        ("POST", "", {"name": None}, ["body", "name"]),
        ("POST", "", {"name": 7}, ["body", "name"]),
        ("POST", "", {"name": "x", "metadata": []}, ["body", "metadata"]),
        ("POST", "", {"name": "x", "description": 7}, ["body", "description"]),
        ("GET", "?limit=0", None, ["query", "limit"]),
        ("GET", "?limit=201", None, ["query", "limit"]),
        ("GET", "?limit=x", None, ["query", "limit"]),
        ("GET", "?offset=1", None, ["query", "offset"]),
        ("GET", "?name=x", None, ["query", "name"]),
        ("GET", f"/{NO_ID}/revisions?status=draft", None, ["query", "status"]),
        ("GET", "/7", None, ["path", "workflow_id"]),
        ("PUT", "/7", {}, ["path", "workflow_id"]),
        ("DELETE", "/7", None, ["path", "workflow_id"]),
        ("POST", OF_WORKFLOW, {}, ["body", "name"]),
        ("POST", OF_WORKFLOW, {"name": "x"}, ["body", "instructions"]),
        ("POST", OF_WORKFLOW, {"name": "x", "instructions": None}, ["body", "instructions"]),
        ("POST", OF_WORKFLOW, REVISION | {"policy_ids": ["7"]}, ["body", "policy_ids", 0]),
        (
            "POST",
            OF_WORKFLOW,
            REVISION | {"based_on_revision_id": "7"},
            ["body", "based_on_revision_id"],
        ),
        ("POST", OF_WORKFLOW, REVISION | {SETTINGS: {}}, ["body", SETTINGS, "model"]),
        (
            "POST",
            OF_WORKFLOW,
            REVISION | {SETTINGS: {"model": "m", "config": {"thinking_budget": 0}}},
            ["body", SETTINGS, "config", "thinking_budget"],
        ),
        ("PUT", GRAPH, {}, ["body", "compiled_graph"]),
        ("PUT", GRAPH, {"compiled_graph": None}, ["body", "compiled_graph"]),
        ("PUT", GRAPH, {"compiled_graph": []}, ["body", "compiled_graph"]),
        ("PUT", GRAPH, [], ["body"]),
    ],
)
def test_invalid_input_is_422_with_its_location(
    api: Gateway, method: str, path: str, body: Any, location: list[str]
) -> None:
    answer = api(method, f"{WORKFLOWS}{path}", body)

    assert (answer.status, answer.json["detail"][0]["loc"]) == (422, location)
