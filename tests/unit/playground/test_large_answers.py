"""Answers that hold the largest entities: lists, the trace, and the findings of a graph."""

from typing import Any

import pytest

from shared.core.json import dumps
from shared.playground.graph import MAX_GRAPH_BYTES
from shared.storage.records import body_text
from tests.support.gateway import Answer, Gateway
from tests.support.node_graphs import agent, edge, failure_path, handoff, variable
from tests.support.snapshot import stored_items
from tests.support.storage import TABLE
from tests.unit.playground.conversations import (
    REVISIONS,
    URL,
    new_revision,
    new_revision_with_graph,
    open_session_on,
    put_graph,
    say,
)
from tests.unit.playground.graphs import small

#: A quotation mark takes four bytes in the response of a function, and two in an item.
QUOTES = '"' * 50_000


def whole_list(api: Gateway, url: str) -> list[Any]:
    """Return the items of all pages; every page must be answered with 200."""
    items: list[Any] = []
    cursor, mark = "", "&" if "?" in url else "?"
    while True:
        answer = api("GET", f"{url}{mark}limit=200{cursor}")
        assert answer.status == 200, answer.text[:200]
        items += answer.json["items"]
        if (following := answer.json["next_cursor"]) is None:
            return items
        cursor = f"&cursor={following}"


def test_trace_of_the_longest_messages_has_pages_that_fit(api: Gateway) -> None:
    session = open_session_on(api, _asking())
    for _ in range(40):
        assert say(api, session, QUOTES).status == 200

    turns = whole_list(api, f"{URL}/{session}/trace")

    assert [turn["turn"] for turn in turns] == list(range(1, 41))
    assert all(turn["message"] == QUOTES for turn in turns)


def _asking() -> dict[str, Any]:
    """Return a graph that asks for a number again and again."""
    return small(
        context_variables=[variable("amount", "int", reask_cap=100)],
        nodes=[agent("ask", "amount"), handoff("person", "Bye.")],
        edges=[edge("ask", "person"), failure_path("ask", "person")],
        mock_world={},
    )


def test_list_of_sessions_with_the_largest_personas_has_pages_that_fit(api: Gateway) -> None:
    revision = new_revision_with_graph(api, small(persona='"' * 120_000))
    sessions = [api("POST", URL, {"revision_id": revision}).json["session_id"] for _ in range(20)]

    found = whole_list(api, URL)

    assert [one["session_id"] for one in found] == sessions[::-1]


@pytest.mark.parametrize("part", ["steps", "edges", "quotes"])
def test_largest_graph_is_stored_and_answered_whole(api: Gateway, part: str) -> None:
    """Defaults multiply a graph's size; it is in the answer twice."""
    revision = new_revision(api)
    graph = _largest(part)
    assert MAX_GRAPH_BYTES * 0.8 < len(dumps(graph).encode()) <= MAX_GRAPH_BYTES

    answer = put_graph(api, revision, graph)

    assert answer.status == 200, answer.text[:300]
    assert answer.json["revision"]["compiled_graph"] is not None
    for path in ("", "/graph"):
        assert api("GET", f"{REVISIONS}/{revision}{path}").status == 200
    opened = api("POST", URL, {"revision_id": revision})
    assert opened.status == 201


def _largest(part: str) -> dict[str, Any]:
    step = {"kind": "speak", "text": "x"}
    nodes: list[Any] = [
        {"id": f"{n}", "type": "action", "failure_message": "", "steps": []} for n in range(150)
    ]
    edges: list[Any] = [edge(str(n), str(n + 1)) for n in range(149)]
    match part:
        case "steps":
            for node in nodes:
                node["steps"] = [{"id": f"{n:x}", **step} for n in range(38)]
        case "edges":
            ids = [f"{n:0>100}" for n in range(150)]
            nodes = [{**node, "id": name} for node, name in zip(nodes, ids, strict=True)]
            ends = [(ids[n % 149], ids[n % 149 + 1]) for n in range(1_000)]
            edges = [edge(*one, priority=n) for n, one in enumerate(ends)]
        case _:
            nodes, edges = [handoff("0", '"' * 120_000)], []
    return {
        "name": "n",
        "entry_node_id": nodes[0]["id"],
        "persona": "p",
        "nodes": nodes,
        "edges": edges,
    }


LONG = "k" * 200_000
UNKNOWN = {f"a{number}": 1 for number in range(2_000)}
END = {"id": "a", "type": "handoff", "static_text": "x"}


@pytest.mark.parametrize(
    "part",
    [
        {"mock_world": {LONG: {"output": 1} | UNKNOWN}},
        {"edges": [{"from": LONG, "to": "b"} | UNKNOWN]},
        {"nodes": [END | UNKNOWN | {"id": LONG}]},
        {LONG: 1},
        {"nodes": [END | {"type": LONG}]},
        {"entry_node_id": LONG},
        {"context_variables": [{"name": "v", "type": "enum", "enum_values": [LONG[:9_000]] * 25}]},
        {"edges": [{"from": "a", "to": "b", "condition": LONG}] * 1},
    ],
    ids=["mocks", "edges", "nodes", "field", "type", "entry", "enum", "condition"],
)
def test_findings_that_repeat_long_texts_are_cut(api: Gateway, part: dict[str, Any]) -> None:
    graph = {"name": "n", "entry_node_id": "a", "nodes": [END]} | part
    url = f"{REVISIONS}/{new_revision(api)}/graph/validate"

    answer = api("POST", url, {"compiled_graph": graph})

    assert answer.status == 200
    findings = answer.json["findings"]
    assert findings
    assert len(dumps(findings)) < 1_000_000
    assert all(len(finding["message"]) <= 1_001 for finding in findings)


def test_revision_beyond_todays_limits_is_still_read(api: Gateway, dynamodb_table: Any) -> None:
    """Stored by an earlier version, which had no limits."""
    model = {"model": "m", "config": {"stop_sequences": ["stop"]}}
    revision = new_revision(api, router_model_settings=model)
    longer = model | {"model": "m" * 5_000, "config": {"stop_sequences": ["x"] * 500}}
    for item in stored_items().values():
        changed = body_text(item).replace(dumps(model)[1:-1], dumps(longer)[1:-1])
        if item["type"]["S"] == "workflow_revision":
            _ = dynamodb_table.put_item(TableName=TABLE, Item=item | {"body": {"S": changed}})

    answers: list[Answer] = [
        api("GET", f"{REVISIONS}/{revision}"),
        api("PUT", f"{REVISIONS}/{revision}", {"name": "n"}),
    ]

    for answer in answers:
        assert answer.status == 200
        assert answer.json["router_model_settings"]["model"] == "m" * 5_000
        assert len(answer.json["router_model_settings"]["config"]["stop_sequences"]) == 500
