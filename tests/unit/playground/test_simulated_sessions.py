"""Workflow target: turns of simulations with workflows, in a recorded world."""

from typing import Any
from uuid import uuid4

import pytest

from shared.core.errors import InvalidInput
from shared.playground.engine.ports import AgentFailed
from shared.playground.simulated_sessions import WorkflowTarget
from shared.playground.simulated_wiring import workflow_target
from shared.playground.speakers.scripted import ScriptedAgent
from shared.simulation.conversation import Called, Said
from shared.simulation.target import SimulatedSession, TargetFailed
from tests.support.gateway import Gateway
from tests.support.node_graphs import action, agent, edge, failure_path, handoff, variable
from tests.support.simulated import simulated
from tests.support.snapshot import stored_items
from tests.unit.playground.conversations import (
    REVISIONS,
    URL,
    new_revision,
    new_revision_with_graph,
    say,
)

GRAPH: dict[str, Any] = {
    "name": "Find orders",
    "entry_node_id": "ask",
    "context_variables": [variable("number"), variable("status")],
    "nodes": [
        agent("ask", "number"),
        action(
            "look",
            {
                "id": "s",
                "kind": "tool_call",
                "tool": "find_order",
                "input": {"id": "number"},
                "output_bindings": {"status": "status"},
            },
            {"id": "t", "kind": "speak", "text": "It was {{status}}."},
            failure_message="That did not work.",
        ),
        agent("more", instructions="Ask for more."),
        handoff("sorry", "A colleague takes over."),
    ],
    "edges": [edge("ask", "look"), failure_path("look", "sorry"), edge("look", "more")],
    "mock_world": {"find_order": {"output": {"status": "the graph's own"}}},
}


@pytest.fixture
def target(api: Gateway) -> WorkflowTarget:
    return workflow_target()


def opened(api: Gateway, target: WorkflowTarget, **reference: Any) -> SimulatedSession:
    session = simulated(api, reference or {"revision_id": new_revision_with_graph(api, GRAPH)})
    target.open(session)
    return session


def test_turn_is_answered_from_the_recorded_world(api: Gateway, target: WorkflowTarget) -> None:
    session = opened(api, target)

    asked = target.send(session, 1, "Hello")
    answer = target.send(session, 2, "A-1")

    assert (asked.end_reason, asked.tool_calls) == (None, 0)
    assert answer.text.startswith("It was shipped.")
    assert answer.tool_calls == 1
    assert answer == target.answer(session, 2)
    assert target.answer(session, 3) is None
    stored = api("GET", f"{URL}/{session.session_id}").json
    assert stored["revision_id"] == session.target["revision_id"]


def test_conversation_has_the_sequences_of_its_events(api: Gateway, target: WorkflowTarget) -> None:
    session = opened(api, target)
    target.send(session, 1, "Hello")
    target.send(session, 2, "B-2")

    found = target.read(session)

    hello, question, asked, called, failed, handed_off = found.entries
    assert hello == Said("user", "Hello", 1)
    assert isinstance(question, Said)
    assert isinstance(asked, Said)
    assert (question.role, asked.role, asked.text) == ("agent", "user", "B-2")
    assert isinstance(called, Called)
    assert (called.tool, called.arguments) == ("find_order", {"id": "B-2"})
    assert (called.output, called.error, called.matched) == (None, "no such order", "exact")
    assert isinstance(failed, Said)
    assert failed.text == "That did not work."
    assert isinstance(handed_off, Said)
    sequences = [entry.sequence for entry in found.entries]
    assert sequences == sorted(sequences, key=lambda one: one or 0)
    assert found.end_reason == "handoff"
    assert (found.totals.turns, found.totals.tool_calls) == (2, 1)


def test_approval_ends_the_conversation(api: Gateway, target: WorkflowTarget) -> None:
    session = opened(api, target, revision_id=new_revision_with_graph(api))
    assert target.send(session, 1, "Hello").end_reason is None
    assert target.send(session, 2, "48143").end_reason == "approval_required"


def test_repeated_operations_change_nothing(api: Gateway, target: WorkflowTarget) -> None:
    session = opened(api, target)
    first = target.send(session, 1, "A-1")
    target.send(session, 2, "Thanks")
    before = stored_items()

    target.open(session)
    assert target.send(session, 1, "A-1") == first
    target.stop(session)

    assert stored_items() == before


def test_session_that_went_on_outside_keeps_the_answers_of_its_turns(
    api: Gateway, target: WorkflowTarget
) -> None:
    session = opened(api, target)
    first = target.send(session, 1, "Hello")
    say(api, str(session.session_id), "Hello again")
    assert target.send(session, 1, "Hello") == first


def test_deleted_session_fails_the_target(api: Gateway, target: WorkflowTarget) -> None:
    session = opened(api, target)
    target.send(session, 1, "Hello")
    assert api("DELETE", f"{URL}/{session.session_id}").status == 204
    target.open(session)
    for operation in (
        lambda: target.send(session, 1, "Hello"),
        lambda: target.send(session, 2, "Hi"),
        lambda: target.read(session),
    ):
        with pytest.raises(TargetFailed, match="deleted"):
            operation()


def test_turn_after_the_end_fails_the_target(api: Gateway, target: WorkflowTarget) -> None:
    session = opened(api, target)
    for turn, text in enumerate(("Hello", "B-2"), 1):
        target.send(session, turn, text)
    with pytest.raises(TargetFailed, match="has ended") as failed:
        target.send(session, 3, "Hello?")
    assert not failed.value.retry


@pytest.mark.parametrize("retryable", [True, False])
def test_failed_turn_is_retried_if_its_reason_passes(
    api: Gateway, target: WorkflowTarget, monkeypatch: pytest.MonkeyPatch, *, retryable: bool
) -> None:
    def fail(*_: Any) -> Any:
        raise AgentFailed("the model is gone", retryable=retryable)

    session = opened(api, target)
    with monkeypatch.context() as patched:
        patched.setattr(ScriptedAgent, "answer", fail)
        with pytest.raises(TargetFailed, match="the model is gone") as failed:
            target.send(session, 1, "Hello")
    assert failed.value.retry is retryable
    assert target.send(session, 1, "Hello").text


def test_revision_that_cannot_run_is_not_opened(api: Gateway, target: WorkflowTarget) -> None:
    with pytest.raises(TargetFailed, match="no graph"):
        target.open(simulated(api, {"revision_id": new_revision(api)}))
    gone = new_revision_with_graph(api, GRAPH)
    assert api("DELETE", f"{REVISIONS}/{gone}").status == 204
    for reference in ({"revision_id": gone}, {"catalog_slug": "gone"}):
        with pytest.raises(TargetFailed, match="was deleted"):
            target.open(simulated(api, reference))


def test_check_names_the_field(api: Gateway, other_api: Gateway, target: WorkflowTarget) -> None:
    revision = new_revision_with_graph(api, GRAPH)
    target.check(api.organization_id, {"revision_id": revision})
    target.check(api.organization_id, {"catalog_slug": "order-status"})
    refused = [
        (api, {"revision_id": str(uuid4())}, "revision_not_found"),
        (api, {"revision_id": "first"}, "revision_not_found"),
        (other_api, {"revision_id": revision}, "revision_not_found"),
        (api, {"revision_id": new_revision(api)}, "graph_not_runnable"),
        (api, {"catalog_slug": "../graph"}, "catalog_not_found"),
    ]
    for gateway, reference, code in refused:
        with pytest.raises(InvalidInput, match=rf"target\.{next(iter(reference))}") as error:
            target.check(gateway.organization_id, reference)
        assert error.value.code == code
