"""Workflows of the catalog, walked to each of their ends through the deployed API."""

from typing import Any

import httpx
import pytest

from tests.support.sse import last
from tests.support.walks import Walk, all_walks

URL = "/v1/workflow/playground/sessions"


def _end(walk: Walk) -> tuple[Any, ...]:
    """Return the last node and the decisions of a walk."""
    decisions = tuple(turn["decide"] for turn in walk["turns"] if "decide" in turn)
    return walk["edges"][-1].rpartition("->")[2], decisions


def _to_each_end() -> list[Any]:
    """Return the first recorded walk to each end that needs only the catalog's tools."""
    first: dict[Any, Any] = {}
    for slug, walk in all_walks():
        waits = any("wait_seconds" in turn for turn in walk["turns"])
        if "mock_world" not in walk and not waits:
            case = pytest.param(slug, walk, id=f"{slug}: {walk['name']}")
            first.setdefault((slug, *_end(walk)), case)
    return list(first.values())


@pytest.mark.parametrize(("slug", "walk"), _to_each_end())
def test_recorded_walk_has_the_same_course_through_the_api(
    http: httpx.Client, slug: str, walk: Walk
) -> None:
    session = http.post(URL, json={"catalog_slug": slug}).json()["session_id"]

    for turn in walk["turns"]:
        if "say" in turn:
            path, body = "messages", {"message": turn["say"]}
        else:
            path, body = "resume", {"decision": turn["decide"], "note": turn.get("note")}
        answer = http.post(f"{URL}/{session}/{path}", json=body)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/event-stream")
        name, data = last(answer.text)
        assert name == "complete", data
        assert (data["reply"], data["current_step_id"], data["last_signal"]) == (
            turn["reply"], turn["at"], turn["signal"]
        )  # fmt: skip

    data.pop("reply")
    assert http.get(f"{URL}/{session}").json() == data
    edges = [
        node["way"]["edge_id"] or f"{node['node_id']}->{node['way']['to']}"
        for traced in http.get(f"{URL}/{session}/trace").json()["items"]
        for node in traced["nodes"]
        if node["way"]
    ]
    assert edges == walk["edges"]
    assert http.post(f"{URL}/{session}/messages", json={"message": "Hi"}).status_code == 409
