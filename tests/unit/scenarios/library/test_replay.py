"""Scenario replay: a playground session with the mock world of a captured session."""

from typing import Any
from uuid import uuid4

import pytest

from shared.playground.sessions.documents import PlaygroundSessionCodec
from tests.support.gateway import Answer, Gateway
from tests.support.node_graphs import action, agent, edge, failure_path, handoff, variable
from tests.support.scenarios import SCENARIOS, new_scenario
from tests.support.sse import last
from tests.support.storage import counted_requests
from tests.unit.playground.conversations import URL, new_revision_with_graph, say

TOOL = {"kind": "api", "id": "t", "slug": "find_parcel", "output_bindings": {"where": "where"}}
#: Finds parcels by number.
GRAPH: dict[str, Any] = {
    "name": "Find parcels",
    "entry_node_id": "find",
    "context_variables": [variable("number"), variable("where")],
    "nodes": [
        agent("find", "number"),
        action(
            "look",
            {"id": "s", "kind": "tool_call", "tool": TOOL, "input": {"number": "number"}},
            {"id": "t", "kind": "speak", "text": "It is at {{where}}."},
            failure_message="That did not work.",
        ),
        handoff("sorry", "A colleague takes over."),
    ],
    "edges": [edge("find", "look"), failure_path("look", "sorry")],
    "mock_world": {"find_parcel": {"output": {"where": "the graph's own place"}}},
}
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
    return new_revision_with_graph(api, GRAPH)


def replay(api: Gateway, scenario_id: str, body: Any, **headers: str) -> Answer:
    return api("POST", f"{SCENARIOS}/{scenario_id}/replay", body, headers=headers)


def send(api: Gateway, session_id: str, message: str) -> str:
    """Send a message and return the reply."""
    name, data = last(say(api, session_id, message).text)
    assert name == "complete", data
    return str(data["reply"])


def look_up(api: Gateway, session_id: str, number: str) -> str:
    """Return the reply to a number, after it was requested."""
    assert "number" in send(api, session_id, "Hello!")
    return send(api, session_id, number)


def test_replay_creates_playground_session(api: Gateway) -> None:
    scenario = new_scenario(api, mock_world=ONE_ANSWER)

    answer = replay(api, scenario["id"], {"catalog_slug": "order-status"})

    assert answer.status == 201
    plain = api("POST", URL, {"catalog_slug": "order-status"}).json
    own = ("session_id", "created_at", "context_vars")
    assert answer.json.keys() == plain.keys()
    assert {**answer.json, **{key: plain[key] for key in own}} == plain
    url = f"{URL}/{answer.json['session_id']}"
    assert api("GET", url).json == answer.json


@pytest.mark.parametrize(
    ("world", "number", "reply"),
    [
        (ONE_ANSWER, "A1", "Lyon"),
        # Recorded calls answer by arguments.
        (SEVERAL, "A1", "Lyon"),
        (SEVERAL, "a-1", "Lyon"),
        (SEVERAL, "B2", "That did not work."),
        (SEVERAL, "C3", "That did not work."),
        # The graph's own mock answer is not used.
        ({"another_tool": {"output": 1}}, "A1", "That did not work."),
    ],
)
def test_tools_answer_from_mock_world(
    api: Gateway, revision: str, world: dict[str, Any], number: str, reply: str
) -> None:
    scenario = new_scenario(api, mock_world=world)
    opened = replay(api, scenario["id"], {"revision_id": revision})

    assert reply in look_up(api, opened.json["session_id"], number)


def traced_tool(api: Gateway, session_id: str) -> dict[str, Any]:
    """Return the last tool call in the trace of a session."""
    turns = api("GET", f"{URL}/{session_id}/trace").json["items"]
    found: dict[str, Any] = [
        tool for turn in turns for node in turn["nodes"] for tool in node["tools"]
    ][-1]
    return found


@pytest.mark.parametrize(
    ("world", "on_unmatched", "number", "reply", "traced"),
    [
        (SEVERAL, None, "b2", "That did not work.", ("normalized", 1)),
        (SEVERAL, None, "A1", "Lyon", ("order", 0)),
        (SEVERAL, None, "C3", "That did not work.", ("none", None)),
        (SEVERAL, "error", "C3", "That did not work.", ("none", None)),
        (SEVERAL, "nearest", "A13", "Lyon", ("nearest", 0)),
        (SEVERAL, "last", "C3", "Oslo", ("last", 2)),
        (ONE_ANSWER, None, "C3", "Lyon", ("any", None)),
    ],
)
def test_trace_tells_how_an_answer_was_chosen(
    api: Gateway,
    revision: str,
    world: dict[str, Any],
    on_unmatched: str | None,
    number: str,
    reply: str,
    traced: tuple[str, int | None],
) -> None:
    scenario = new_scenario(api, mock_world=world)
    choice = {"on_unmatched": on_unmatched} if on_unmatched else {}
    session = replay(api, scenario["id"], {"revision_id": revision, **choice}).json["session_id"]

    assert reply in look_up(api, session, number)

    tool = traced_tool(api, session)
    assert (tool["matched"], tool.get("recorded")) == traced
    if traced[0] == "none":
        assert tool["error"].startswith("no_recorded_answer: find_parcel: ")


def test_trace_of_a_graphs_own_answers_has_no_rule(api: Gateway, revision: str) -> None:
    session = api("POST", URL, {"revision_id": revision}).json["session_id"]
    look_up(api, session, "A1")

    assert not {"matched", "recorded"} & traced_tool(api, session).keys()


def test_replay_of_an_earlier_version_answers_every_call(
    api: Gateway, revision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session that was stored without ``on_unmatched`` goes on without errors."""
    to_state = PlaygroundSessionCodec.to_state
    monkeypatch.setattr(
        PlaygroundSessionCodec,
        "to_state",
        lambda *its: {name: v for name, v in to_state(*its).items() if name != "on_unmatched"},
    )
    scenario = new_scenario(api, mock_world=SEVERAL)
    session = replay(api, scenario["id"], {"revision_id": revision}).json["session_id"]

    assert "Oslo" in look_up(api, session, "C3")


def test_draft_of_a_replay_can_be_replayed(api: Gateway, revision: str) -> None:
    scenario = new_scenario(api, mock_world=SEVERAL)
    session = replay(api, scenario["id"], {"revision_id": revision}).json["session_id"]
    look_up(api, session, "A1")
    draft = api("POST", f"{SCENARIOS}/draft-from-session", {"session_id": session}).json
    stored = api("POST", SCENARIOS, draft)
    assert stored.json["mock_world"] == draft["mock_world"]

    again = replay(api, stored.json["id"], {"revision_id": revision}).json["session_id"]
    other = replay(api, stored.json["id"], {"revision_id": revision}).json["session_id"]

    assert draft["mock_world"]["find_parcel"]["output"]["where"] in look_up(api, again, "a1")
    assert "That did not work." in look_up(api, other, "B2")


def test_replay_keeps_mock_world_after_update_and_delete(api: Gateway, revision: str) -> None:
    scenario = new_scenario(api, mock_world=ONE_ANSWER)
    opened = replay(api, scenario["id"], {"revision_id": revision})
    api("PUT", f"{SCENARIOS}/{scenario['id']}", {"mock_world": {}})
    api("DELETE", f"{SCENARIOS}/{scenario['id']}")

    assert "Lyon" in look_up(api, opened.json["session_id"], "A1")


def test_draft_from_replay_names_its_scenario(api: Gateway, revision: str) -> None:
    scenario = new_scenario(api, mock_world=ONE_ANSWER)
    opened = replay(api, scenario["id"], {"revision_id": revision}).json["session_id"]
    send(api, opened, "I want to know where my parcel is.")
    send(api, opened, "A1")

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
        {"catalog_slug": "order-status", "on_unmatched": "order"},
    ],
)
def test_invalid_replay_is_refused(api: Gateway, body: dict[str, Any]) -> None:
    scenario = new_scenario(api)

    assert replay(api, scenario["id"], body).status == 422


def test_replay_of_unknown_scenario_or_workflow_returns_404(
    api: Gateway, other_api: Gateway
) -> None:
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
        {"t": {"calls": []}},
        {"t": {"calls": [5]}},
        {"t": {"calls": [{"arguments": {}}]}},
        {"t": {"output": 1, "delay_ms": 60_001}},
        {"t": {"output": 1, "delay_ms": "long"}},
    ],
)
def test_malformed_mock_world_returns_409_with_its_path(
    api: Gateway, world: dict[str, Any]
) -> None:
    scenario = new_scenario(api, mock_world=world)

    answer = replay(api, scenario["id"], {"catalog_slug": "order-status"})

    assert (answer.status, answer.json["error"]) == (409, "mock_world_not_replayable")
    assert "mock_world.t" in answer.json["message"]


def test_repeated_replay_with_same_key_returns_same_session(api: Gateway) -> None:
    scenario = new_scenario(api, mock_world=ONE_ANSWER)
    key, body = {"Idempotency-Key": "once"}, {"catalog_slug": "order-status"}
    first = replay(api, scenario["id"], body, **key)
    api("DELETE", f"{SCENARIOS}/{scenario['id']}")

    again = replay(api, scenario["id"], body, **key)

    assert (again.status, again.json) == (201, first.json)
    assert again.headers["idempotent-replayed"] == "true"


def test_large_mock_world_costs_no_extra_writes(api: Gateway, revision: str) -> None:
    world = ONE_ANSWER | {"other": {"output": "x" * 300_000}}
    scenario = new_scenario(api, mock_world=world)
    body = {"revision_id": revision}
    opened = replay(api, scenario["id"], body, **{"Idempotency-Key": "large"})

    send(api, opened.json["session_id"], "Hello!")

    with counted_requests() as cost:
        assert "Lyon" in send(api, opened.json["session_id"], "A1")

    assert cost["TransactWriteItems"] == 1
    # The session, and once a process the graph and the world.
    assert cost["GetItem"] <= 3


def test_world_of_many_short_calls_is_replayed(api: Gateway, revision: str) -> None:
    world = {"find_parcel": {"output": 0, "calls": [{"output": {"where": "Lyon"}}] * 12_000}}
    scenario = new_scenario(api, mock_world=world)

    opened = replay(api, scenario["id"], {"revision_id": revision})

    assert opened.status == 201
    assert "Lyon" in look_up(api, opened.json["session_id"], "A1")


def test_error_of_a_world_shows_the_beginning_of_a_long_name(api: Gateway) -> None:
    scenario = new_scenario(api, mock_world={"t" * 100_000: 5})

    answer = replay(api, scenario["id"], {"catalog_slug": "order-status"})

    assert answer.status == 409
    assert len(answer.text) < 500
