"""Graphs of sessions and of the catalog, as clients read them."""

from tests.support.gateway import Gateway
from tests.unit.playground.conversations import (
    REVISIONS,
    URL,
    new_revision_with_graph,
    open_session,
    put_graph,
)
from tests.unit.playground.graphs import small

CATALOG = "/v1/workflow/playground/catalog"


def test_session_keeps_its_graph_after_a_change_of_the_revision(api: Gateway) -> None:
    revision = new_revision_with_graph(api)
    stored = api("GET", f"{REVISIONS}/{revision}/graph").json["compiled_graph"]
    session = api("POST", URL, {"revision_id": revision}).json["session_id"]
    put_graph(api, revision, small(name="Another question"))

    body = api("GET", f"{URL}/{session}/graph").json

    assert body["compiled_graph"] == stored
    assert body["compiled_graph"]["name"] == "Parcel question"


def test_graph_of_a_session_has_its_findings(api: Gateway) -> None:
    graph = small()
    graph["context_variables"].append({"name": "unused", "type": "string"})
    revision = new_revision_with_graph(api, graph)
    session = api("POST", URL, {"revision_id": revision}).json["session_id"]

    findings = api("GET", f"{URL}/{session}/graph").json["findings"]

    assert ("suggestion", "unused_variable") in [
        (finding["severity"], finding["rule_id"]) for finding in findings
    ]


def test_graph_of_an_unknown_session_is_not_found(api: Gateway) -> None:
    assert api("GET", f"{URL}/bfe0c2c2-e77d-8b59-9eb3-11f12e66960e/graph").status == 404


def test_graph_of_a_catalog_workflow_can_be_put_into_a_revision(api: Gateway) -> None:
    revision = new_revision_with_graph(api)
    entry = api("GET", f"{CATALOG}/refund-approval").json

    put_graph(api, revision, entry["compiled_graph"])

    stored = api("GET", f"{REVISIONS}/{revision}/graph").json["compiled_graph"]
    assert stored == entry["compiled_graph"]
    assert stored["edges"][0]["from"] == "collect_request"


def test_session_on_the_catalog_has_the_graph_of_the_catalog(api: Gateway) -> None:
    session = open_session(api)

    body = api("GET", f"{URL}/{session}/graph").json

    expected = api("GET", f"{CATALOG}/{api('GET', f'{URL}/{session}').json['catalog_slug']}").json
    assert body == {"compiled_graph": expected["compiled_graph"], "findings": []}


def test_unknown_catalog_workflow_is_not_found(api: Gateway) -> None:
    assert api("GET", f"{CATALOG}/..%2Forder-status").status == 404
    assert api("GET", f"{CATALOG}/none").status == 404
