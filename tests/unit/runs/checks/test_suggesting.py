"""Suggested checks of a recorded conversation."""

from typing import Any

from shared.runs.checks.api import ScenarioChecksRequest
from shared.runs.checks.evaluation import evaluate_checks
from shared.runs.checks.suggesting import MAX_VALUES, suggest_checks
from shared.simulation.conversation import Called, Conversation
from tests.support.checked import agent, call, conversation, user

HELD = conversation(
    user("Cancel W1."),
    call("get_user", {"email": "ann@example.org", "phone": "555-0100"}, user_id="u"),
    call("cancel_order", "Error: too late", order_id="W1", reason="late"),
    call("cancel_order", order_id="W1", reason="I do not want the order any more"),
    agent("Done, I wrote to ann@example.org."),
)
VALUES = ("ann@example.org", "555-0100")


def suggested(held: Conversation, values: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return the suggestions, which can be set as they are and pass on their recording."""
    checks = suggest_checks(held, values)
    assert list(ScenarioChecksRequest.model_validate({"checks": checks}).documents())
    assert {one.outcome.value for one in evaluate_checks(checks, held)} == {"passed"}
    return checks


def test_changes_ending_and_unsaid_values_are_suggested() -> None:
    assert suggested(HELD, VALUES) == [
        {
            "type": "end_state",
            "calls": [
                {"tool": "cancel_order", "match": "meaning", "arguments": {"order_id": "W1"}}
            ],
            "tools": ["cancel_order"],
        },
        {"type": "ends"},
        {"type": "max_turns", "max": 2},
        {"type": "says_not", "text": "555-0100", "by": "agent"},
    ]


def test_conversation_that_only_reads_suggests_that_nothing_changes() -> None:
    held = conversation(user("Where is W1?"), call("get_order", id="W1"), agent("Here."))
    assert suggested(held)[0] == {"type": "end_state", "calls": [], "tools": []}


def test_handover_at_the_end_is_suggested_as_a_call() -> None:
    held = conversation(user("Help!"), call("transfer_to_human_agents", summary="help"))
    first, second, *_ = suggested(held)
    assert first["calls"] == []
    assert (second["type"], second["tool"]) == ("tool_called", "transfer_to_human_agents")


def test_conversation_without_tools_suggests_its_ending_only() -> None:
    assert [one["type"] for one in suggested(conversation(user("Hi.")))] == ["ends", "max_turns"]


def test_number_of_values_is_limited() -> None:
    values = tuple(f"555-01{n:02}" for n in range(MAX_VALUES + 5))
    found = [one["text"] for one in suggested(HELD, values) if one["type"] == "says_not"]
    assert found == list(values[:MAX_VALUES])


def test_arguments_that_are_no_object_are_not_compared() -> None:
    held = conversation(user("Hi."), Called("cancel_all", "everything", "done"))
    assert suggested(held)[0]["calls"] == [{"tool": "cancel_all", "match": "meaning"}]
