"""What tests of workflows do before they ask their question."""

from typing import Any

from tests.support.gateway import Answer, Gateway
from tests.unit.playground.graphs import small


def a_workflow(api: Gateway, name: str = "Parcels") -> str:
    return str(api("POST", "/v1/workflows", {"name": name}).json["id"])


def a_revision(api: Gateway, workflow: str | None = None, **fields: Any) -> str:
    workflow = workflow or a_workflow(api)
    body = {"name": "first", "instructions": "Find parcels."} | fields
    return str(api("POST", f"/v1/workflows/{workflow}/revisions", body).json["id"])


def put_graph(api: Gateway, revision: str, graph: dict[str, Any], **options: Any) -> Answer:
    url = f"/v1/workflows/revisions/{revision}/graph"
    return api("PUT", url, {"compiled_graph": graph}, **options)


def a_revision_with_graph(
    api: Gateway, graph: dict[str, Any] | None = None, workflow: str | None = None
) -> str:
    revision = a_revision(api, workflow)
    assert put_graph(api, revision, graph or small()).status == 200
    return revision


def activate(api: Gateway, workflow: str, revision: str) -> Answer:
    url = f"/v1/workflows/{workflow}/set-active-revision"
    return api("POST", url, {"revision_id": revision})
