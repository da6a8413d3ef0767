"""Graphs of revisions: validate, put and read."""

from typing import Any

import pytest

from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.unit.playground.conversations import (
    REVISIONS,
    new_revision,
    new_revision_with_graph,
    put_graph,
)
from tests.unit.playground.graphs import changed, small


def test_put_of_a_valid_graph_compiles_the_revision(api: Gateway) -> None:
    revision = new_revision(api)

    answer = put_graph(api, revision, small())

    assert answer.status == 200
    body = answer.json
    assert body["updated"] is True
    assert body["validation"]["valid"] is True
    assert body["validation"]["findings"] == []
    assert body["revision"]["compilation_status"] == "compiled"
    assert body["revision"]["compiled_graph"] == body["validation"]["normalized_graph"]
    read = api("GET", f"{REVISIONS}/{revision}")
    assert read.json == body["revision"]
    assert read.headers["etag"] == answer.headers["etag"] == '"2"'


def test_put_of_an_invalid_graph_stores_nothing(api: Gateway) -> None:
    revision = new_revision_with_graph(api)
    before = api("GET", f"{REVISIONS}/{revision}").text

    answer = put_graph(api, revision, changed("edges.0.to", "nowhere"))

    assert answer.status == 422
    body = answer.json
    assert (body["updated"], body["revision"]) == (False, None)
    validation = body["validation"]
    assert (validation["valid"], validation["error_count"]) == (False, 1)
    assert validation["normalized_graph"] is None
    assert validation["findings"] == [
        {
            "severity": "error",
            "rule_id": "edge_to_nowhere",
            "category": "structure",
            "message": "edges[0].to: must name a node, not 'nowhere'.",
            "node_id": None,
            "edge_id": "0:ask->nowhere",
            "related_node_ids": [],
            "related_edge_ids": [],
            "source_span": None,
            "suggested_fix": "Use the id of a node of this graph.",
            "related_spans": [],
        }
    ]
    assert api("GET", f"{REVISIONS}/{revision}").text == before


@pytest.mark.parametrize(
    "graph,valid,errors,warnings",
    [
        (small(), True, 0, 0),
        (changed("nodes.0.position", {"x": 1}), True, 0, 1),
        (changed("entry_node_id", "x"), False, 1, 0),
        ({}, False, 3, 0),
    ],
)
def test_validation_returns_findings_and_stores_nothing(
    api: Gateway, graph: dict[str, Any], valid: bool, errors: int, warnings: int
) -> None:
    revision = new_revision(api)

    answer = api("POST", f"{REVISIONS}/{revision}/graph/validate", {"compiled_graph": graph})

    assert answer.status == 200
    body = answer.json
    assert (body["valid"], body["error_count"], body["warning_count"]) == (valid, errors, warnings)
    assert body["suggestion_count"] == 0
    assert (body["normalized_graph"] is not None) == valid
    assert api("GET", f"{REVISIONS}/{revision}").json["compilation_status"] == "pending"


def test_graph_is_read_as_it_was_put(api: Gateway) -> None:
    revision = new_revision(api)
    empty = api("GET", f"{REVISIONS}/{revision}/graph").json
    put_graph(api, revision, small())

    full = api("GET", f"{REVISIONS}/{revision}/graph").json

    assert (empty["compiled_graph"], empty["compilation_status"]) == (None, "pending")
    assert (full["revision_id"], full["compilation_status"]) == (revision, "compiled")
    assert full["compiled_graph"]["edges"][0]["from"] == "ask"
    assert set(full) == {
        "revision_id",
        "workflow_id",
        "compiled_graph",
        "compilation_status",
        "compilation_errors",
        "updated_at",
    }


def test_graph_of_nearly_256_kilobytes_is_stored_and_read(api: Gateway) -> None:
    revision = new_revision(api)
    graph = small(persona="ü" * 130_000)

    assert put_graph(api, revision, graph).status == 200
    read = api("GET", f"{REVISIONS}/{revision}/graph").json["compiled_graph"]
    assert read["persona"] == graph["persona"]


@pytest.mark.parametrize(
    "path,value",
    [
        ("mock_world.find_parcel.output", {"n": ["\x00", 10**300, -1e308, None, True]}),
        ("edges.0.priority", -(10**400)),
        ("nodes.0.instructions", ""),
    ],
)
def test_unusual_json_values_round_trip(api: Gateway, path: str, value: Any) -> None:
    revision = new_revision(api)

    assert put_graph(api, revision, changed(path, value)).status == 200
    found = api("GET", f"{REVISIONS}/{revision}/graph").json["compiled_graph"]
    for step in path.split("."):
        found = found[int(step) if step.isdigit() else step]
    assert found == value


def test_lone_surrogates_in_texts_and_keys_are_replaced(api: Gateway) -> None:
    revision = new_revision(api)
    graph = changed("mock_world.find_parcel.output", {"\udfff": "\ud800"})

    assert put_graph(api, revision, graph).status == 200
    found = api("GET", f"{REVISIONS}/{revision}/graph").json["compiled_graph"]
    assert found["mock_world"]["find_parcel"]["output"] == {"\ufffd": "\ufffd"}


def test_concurrent_puts_leave_one_complete_graph(api: Gateway) -> None:
    revision = new_revision(api)
    url = f"{REVISIONS}/{revision}/graph"

    answers = race(api, "PUT", url, {"compiled_graph": small()}, clients=6)

    assert {answer.status for answer in answers} == {200}
    assert sorted(answer.headers["etag"] for answer in answers) == [f'"{n}"' for n in range(2, 8)]
