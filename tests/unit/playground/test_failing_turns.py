"""Failed turns: the error in the stream, and an unchanged session."""

from typing import Any

import pytest

from tests.support.gateway import Gateway
from tests.support.node_graphs import agent, edge, failure_path, handoff, variable
from tests.support.snapshot import stored_items
from tests.support.sse import frames, last
from tests.unit.playground.conversations import decide, open_session_on, read, say
from tests.unit.playground.graphs import small


def failing(**changes: Any) -> dict[str, Any]:
    """Return a graph whose tool fails without a failure path."""
    graph = small(**changes)
    graph["edges"] = [edge for edge in graph["edges"] if edge["from"] != "look_up"]
    graph["mock_world"] = {"find_parcel": {"error": "no such parcel"}}
    return graph


def test_failed_turn_ends_the_stream_with_an_error_and_changes_nothing(api: Gateway) -> None:
    session = open_session_on(api, failing())
    say(api, session, "Hi")
    say(api, session, "P7")
    before, stored = read(api, session), stored_items()
    assert before["awaiting_approval"]

    answer = decide(api, session, "approve")

    assert answer.status == 200
    stream = frames(answer.text)
    assert stream[-2] == ("signal", {"signal": "node_execution_failed: tool_failed"})
    assert stream[-1] == (
        "error",
        {
            "error": "node_execution_failed: tool_failed",
            "message": "look_up: failed without a failure path to follow; "
            "add an edge with is_failure_path.",
            "retryable": False,
        },
    )
    assert ("delta", {"text": "That did not work."}) in stream
    assert read(api, session) == before
    assert stored_items() == stored
    assert last(decide(api, session, "deny").text)[0] == "complete"


def test_endless_graph_fails_the_turn_with_its_signal(api: Gateway) -> None:
    graph = small(entry_node_id="look_up")
    graph["edges"] = [
        edge("look_up", "look_up", condition="missing(parcel)"),
        edge("look_up", "person", priority=1),
        failure_path("look_up", "person"),
    ]
    graph["nodes"] = [node for node in graph["nodes"] if node["id"] in ("look_up", "person")]
    session = open_session_on(api, graph)

    stream = frames(say(api, session, "Hi").text)

    assert stream[-2] == ("signal", {"signal": "max_steps_exceeded"})
    assert stream[-1][0] == "error"
    assert read(api, session)["step_count"] == 0


def test_values_too_large_to_store_fail_the_turn(api: Gateway) -> None:
    names = [f"v{n}" for n in range(12)]
    graph = small(
        context_variables=[variable(name) for name in names],
        nodes=[agent("ask", *names), handoff("person", "I call a colleague.")],
        edges=[edge("ask", "person"), failure_path("ask", "person")],
        mock_world={},
    )
    session = open_session_on(api, graph)
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
