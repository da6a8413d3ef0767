"""Turns that fail: what the stream tells, and that the session stays as it was."""

from typing import Any

import pytest

from tests.support.gateway import Gateway
from tests.support.sse import frames, last
from tests.unit.playground.conversations import (
    decide,
    items,
    opened_on,
    read,
    say,
)
from tests.unit.playground.graphs import small


def failing(**changes: Any) -> dict[str, Any]:
    """A graph whose tool fails, and no failure path leads on."""
    graph = small(**changes)
    graph["edges"] = [edge for edge in graph["edges"] if edge["from"] != "look_up"]
    graph["mock_world"] = {"find_parcel": {"error": "no such parcel"}}
    return graph


def test_given_a_turn_that_fails_then_an_error_ends_the_stream_and_the_session_is_as_before(
    api: Gateway,
) -> None:
    session = opened_on(api, failing())
    say(api, session, "Hi")
    say(api, session, "P7")
    before, stored = read(api, session), items()
    assert before["awaiting_approval"]

    answer = decide(api, session, "approve")

    assert answer.status == 200
    told = frames(answer.text)
    assert told[-2] == ("signal", {"signal": "node_execution_failed: tool_failed"})
    assert told[-1] == (
        "error",
        {
            "error": "node_execution_failed: tool_failed",
            "message": "'look_up' failed, and no failure path leads on.",
            "retryable": False,
        },
    )
    assert ("delta", {"text": "That did not work."}) in told
    assert read(api, session) == before
    assert items() == stored
    assert last(decide(api, session, "deny").text)[0] == "complete"


def test_given_a_graph_that_never_waits_then_the_turn_fails_with_its_signal(api: Gateway) -> None:
    graph = small(entry_node_id="look_up")
    graph["edges"] = [
        {"from": "look_up", "to": "look_up", "condition": "missing(parcel)"},
        {"from": "look_up", "to": "person", "priority": 1},
        {"from": "look_up", "to": "person", "is_failure_path": True},
    ]
    graph["nodes"] = [node for node in graph["nodes"] if node["id"] in ("look_up", "person")]
    session = opened_on(api, graph)

    told = frames(say(api, session, "Hi").text)

    assert told[-2] == ("signal", {"signal": "max_steps_exceeded"})
    assert told[-1][0] == "error"
    assert read(api, session)["step_count"] == 0


def test_given_values_too_large_to_store_then_the_turn_fails_and_the_session_stays(
    api: Gateway,
) -> None:
    names = [f"v{n}" for n in range(12)]
    graph = small(
        context_variables=[
            {"name": name, "type": "string", "description": f"part {name}"} for name in names
        ],
        entry_node_id="ask",
        nodes=[
            {"id": "ask", "type": "agent", "instructions": "Ask.", "required_writes": names},
            {"id": "person", "type": "handoff", "static_text": "I call a colleague."},
        ],
        edges=[
            {"from": "ask", "to": "person"},
            {"from": "ask", "to": "person", "is_failure_path": True},
        ],
        mock_world={},
    )
    session = opened_on(api, graph)
    say(api, session, "Hi")

    for number in range(12):
        before = read(api, session)
        # Four bytes a character.
        name, data = last(say(api, session, "\U0001d538" * 50_000).text)
        if name == "error":
            assert data["error"] == "turn_too_large"
            assert read(api, session) == before
            return
        assert number < 11
    pytest.fail("nothing was too large")
