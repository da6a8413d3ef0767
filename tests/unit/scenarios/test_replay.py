"""Replaying a scenario: a workflow tried in the world of a captured session."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.support.gateway import Answer, Gateway
from tests.support.scenarios import SCENARIOS, new_scenario
from tests.support.storage import counted_requests

#: Finds a parcel by number as often as it is asked to.
GRAPH: dict[str, Any] = {
    "name": "Find parcels",
    "entry_node_id": "find",
    "context_variables": [
        {"name": "number", "type": "string", "description": "The number"},
        {"name": "where", "type": "string"},
    ],
    "nodes": [
        {"id": "find", "type": "agent", "instructions": "Ask.", "required_writes": ["number"]},
        {
            "id": "look",
            "type": "action",
            "description": "Looks it up.",
            "failure_message": "That did not work.",
            "steps": [
                {
                    "id": "s",
                    "kind": "tool_call",
                    "tool": {
                        "kind": "api", "id": "t", "slug": "find_parcel",
                        "output_bindings": {"where": "where"},
                    },
                    "input": {"number": "number"},
                },
                {"id": "t", "kind": "speak", "text": "It is at {{where}}."},
            ],
        },
        {"id": "sorry", "type": "handoff", "static_text": "A colleague takes over."},
    ],
    "edges": [
        {"from": "find", "to": "look"},
        {"from": "look", "to": "sorry", "is_failure_path": True},
    ],
    "mock_world": {"find_parcel": {"output": {"where": "the graph's own place"}}},
}  # fmt: skip
ONE_ANSWER = {"find_parcel": {"output": {"where": "Lyon"}}}
SEVERAL = {
    "find_parcel": {
        "output": {"where": "Oslo"},
        "calls": [
            {"arguments": {"number": "A1"}, "output": {"where": "Lyon"}},
            {"arguments": {"number": "B2"}, "error": "no such parcel"},
            {"arguments": {"number": "A1"}, "output": {"where": "Oslo"}},
        ],
    }
}


@pytest.fixture
def revision(api: Gateway) -> str:
    workflow = api("POST", "/v1/workflows", {"name": "Parcels"}).json["id"]
    made = api(
        "POST", f"/v1/workflows/{workflow}/revisions", {"name": "r", "instructions": "i"}
    ).json
    put = api("PUT", f"/v1/workflows/revisions/{made['id']}/graph", {"compiled_graph": GRAPH})
    assert put.status == 200, put.text
    return str(made["id"])


def replay(api: Gateway, scenario_id: str, body: Any, **headers: str) -> Answer:
    return api("POST", f"{SCENARIOS}/{scenario_id}/replay", body, headers=headers)


def said(api: Gateway, session_id: str, message: str) -> str:
    answer = api(
        "POST", f"/v1/workflow/playground/sessions/{session_id}/messages", {"message": message}
    )
    assert answer.status == 200, answer.text
    frames = [frame.split("\n") for frame in answer.text.strip().split("\n\n")]
    last = dict(line.split(": ", 1) for line in frames[-1])
    assert last["event"] == "complete", last
    return str(json.loads(last["data"])["reply"])


def found(api: Gateway, session_id: str, number: str) -> str:
    """Return what comes of a number, once it is asked for."""
    assert "number" in said(api, session_id, "Hello!")
    return said(api, session_id, number)


def test_given_a_scenario_when_replayed_on_a_workflow_then_a_session_opens(api: Gateway) -> None:
    scenario = new_scenario(api, mock_world=ONE_ANSWER)

    answer = replay(api, scenario["id"], {"catalog_slug": "order-status"})

    assert answer.status == 201
    plain = api("POST", "/v1/workflow/playground/sessions", {"catalog_slug": "order-status"}).json
    own = ("session_id", "created_at", "context_vars")
    assert answer.json.keys() == plain.keys()
    assert {**answer.json, **{key: plain[key] for key in own}} == plain
    url = f"/v1/workflow/playground/sessions/{answer.json['session_id']}"
    assert api("GET", url).json == answer.json


def test_given_a_world_of_one_answer_when_talked_with_then_its_tools_answer_from_it(
    api: Gateway, revision: str
) -> None:
    scenario = new_scenario(api, mock_world=ONE_ANSWER)
    opened = replay(api, scenario["id"], {"revision_id": revision})

    assert "Lyon" in found(api, opened.json["session_id"], "A1")


@pytest.mark.parametrize(
    ("number", "reply"),
    [("A1", "Lyon"), ("B2", "That did not work."), ("C3", "Lyon")],
)
def test_given_a_world_of_several_answers_then_arguments_choose_and_else_the_order(
    api: Gateway, revision: str, number: str, reply: str
) -> None:
    scenario = new_scenario(api, mock_world=SEVERAL)
    opened = replay(api, scenario["id"], {"revision_id": revision})

    assert reply in found(api, opened.json["session_id"], number)


def test_given_a_tool_that_the_world_lacks_then_the_graphs_own_answer_is_not_taken(
    api: Gateway, revision: str
) -> None:
    scenario = new_scenario(api, mock_world={"another_tool": {"output": 1}})
    opened = replay(api, scenario["id"], {"revision_id": revision})

    assert "That did not work." in found(api, opened.json["session_id"], "A1")


def test_given_a_replay_when_the_scenario_changes_or_goes_then_its_world_stays(
    api: Gateway, revision: str
) -> None:
    scenario = new_scenario(api, mock_world=ONE_ANSWER)
    opened = replay(api, scenario["id"], {"revision_id": revision})
    api("PUT", f"{SCENARIOS}/{scenario['id']}", {"mock_world": {}})
    api("DELETE", f"{SCENARIOS}/{scenario['id']}")

    assert "Lyon" in found(api, opened.json["session_id"], "A1")


def test_given_a_replay_when_drafted_from_then_the_draft_tells_its_scenario(
    api: Gateway, revision: str
) -> None:
    scenario = new_scenario(api, mock_world=ONE_ANSWER)
    opened = replay(api, scenario["id"], {"revision_id": revision}).json["session_id"]
    said(api, opened, "I want to know where my parcel is.")
    said(api, opened, "A1")

    draft = api("POST", f"{SCENARIOS}/draft-from-session", {"session_id": opened}).json

    assert draft["tags"] == [f"scenario:{scenario['id']}", "playground"]
    assert draft["mock_world"]["find_parcel"]["output"] == {"where": "Lyon"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"catalog_slug": "order-status", "revision_id": str(uuid4())},
        {"catalog_slug": ""},
        {"revision_id": "x"},
    ],
)
def test_given_not_exactly_one_source_when_replayed_then_422(
    api: Gateway, body: dict[str, Any]
) -> None:
    scenario = new_scenario(api)

    assert replay(api, scenario["id"], body).status == 422


def test_given_what_does_not_exist_when_replayed_then_404(api: Gateway, other_api: Gateway) -> None:
    own, foreign = new_scenario(api)["id"], new_scenario(other_api)["id"]
    catalog = {"catalog_slug": "order-status"}

    answers = [
        replay(api, foreign, catalog),
        replay(api, str(uuid4()), catalog),
        replay(api, own, {"catalog_slug": "nothing"}),
        replay(api, own, {"revision_id": str(uuid4())}),
    ]

    assert [answer.status for answer in answers] == [404] * 4
    assert [answer.json["error"] for answer in answers] == ["not_found"] * 4
    assert answers[0].json == answers[1].json
    assert replay(api, "nothing", catalog).status == 422


@pytest.mark.parametrize(
    "world",
    [
        {"t": 5},
        {"t": {}},
        {"t": {"calls": 5}},
        {"t": {"calls": [5]}},
        {"t": {"calls": [{"arguments": {}}]}},
        {"t": {"output": 1, "delay_ms": 60_001}},
        {"t": {"output": 1, "delay_ms": "long"}},
    ],
)
def test_given_a_world_no_tool_can_answer_from_when_replayed_then_409_names_the_place(
    api: Gateway, world: dict[str, Any]
) -> None:
    scenario = new_scenario(api, mock_world=world)

    answer = replay(api, scenario["id"], {"catalog_slug": "order-status"})

    assert (answer.status, answer.json["error"]) == (409, "mock_world_not_replayable")
    assert "mock_world.t" in answer.json["message"]


def test_given_the_same_key_when_replayed_again_then_it_is_the_same_session(
    api: Gateway,
) -> None:
    scenario = new_scenario(api, mock_world=ONE_ANSWER)
    key, body = {"Idempotency-Key": "once"}, {"catalog_slug": "order-status"}
    first = replay(api, scenario["id"], body, **key)
    api("DELETE", f"{SCENARIOS}/{scenario['id']}")

    again = replay(api, scenario["id"], body, **key)

    assert (again.status, again.json) == (201, first.json)
    assert again.headers["idempotent-replayed"] == "true"


def test_given_a_world_of_hundreds_of_kilobytes_when_talked_with_under_a_key_then_it_goes(
    api: Gateway, revision: str
) -> None:
    world = ONE_ANSWER | {"other": {"output": "x" * 300_000}}
    scenario = new_scenario(api, mock_world=world)
    body = {"revision_id": revision}
    opened = replay(api, scenario["id"], body, **{"Idempotency-Key": "large"})

    said(api, opened.json["session_id"], "Hello!")

    with counted_requests() as cost:
        assert "Lyon" in said(api, opened.json["session_id"], "A1")

    assert cost["TransactWriteItems"] == 1
    # The session, and once a process the graph and the world.
    assert cost["GetItem"] <= 3


def test_given_a_replay_then_it_costs_one_read_and_two_writes(api: Gateway) -> None:
    scenario = new_scenario(api, mock_world=ONE_ANSWER)

    with counted_requests() as cost:
        replay(api, scenario["id"], {"catalog_slug": "order-status"})

    assert cost == {"GetItem": 1, "PutItem": 2}
