"""Suggested checks of a recorded conversation."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.runs.checks.api import ScenarioChecksRequest
from shared.runs.checks.effects import changing_tools, has_failed
from shared.runs.checks.evaluation import evaluate_checks
from shared.runs.checks.suggesting import MAX_VALUES, suggest_checks
from shared.simulation.conversation import Called, Conversation, Entry
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
        },
        {"type": "ends"},
        {"type": "max_turns", "max": 2},
        {"type": "says_not", "text": "555-0100", "by": "agent"},
    ]


def test_conversation_that_only_reads_suggests_that_nothing_changes() -> None:
    held = conversation(user("Where is W1?"), call("get_order", id="W1"), agent("Here."))
    assert suggested(held)[0] == {"type": "end_state", "calls": []}


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


def test_tools_are_named_where_their_names_do_not_tell_their_effect() -> None:
    held = conversation(user("Hi."), call("boeking", id=1), call("get_order", id=1))
    assert suggested(held)[0]["tools"] == ["boeking"]


def test_change_by_a_tool_that_was_not_recorded_does_not_pass() -> None:
    reading = (user("Where is W1?"), call("get_order", id="W1"))
    state, *_ = suggested(conversation(*reading))
    made = call("cancel_order", id="W1")
    unanswered = Called("cancel_order", {}, None, "no_recorded_answer", None, "none")
    found = [evaluate_checks([state], conversation(*reading, one)) for one in (made, unanswered)]
    assert [one.outcome.value for [one] in found] == ["failed", "undecided"]


TOOLS = ("get_order", "cancel_order", "sendMail", "frobnicate", "transfer_to_human")
ANSWERS = st.sampled_from(["done", "Error: no", None, {"status": "ok"}])
ARGUMENTS = st.dictionaries(
    st.sampled_from("abc"),
    st.none() | st.integers(0, 3) | st.sampled_from(["x", "1", "I do not want it any more"]),
)
CALLS = st.builds(Called, st.sampled_from(TOOLS), ARGUMENTS | st.just("x"), ANSWERS)
WORDS = st.sampled_from([user("Hi."), agent("Done, 555-0100."), agent("Sorry.")])


@given(st.lists(CALLS | WORDS, max_size=12))
def test_suggestions_pass_on_their_conversation_and_fail_without_a_change(
    entries: list[Entry],
) -> None:
    held = conversation(*entries)
    checks = suggested(held, ("555-0100", "555-0199"))

    changing = changing_tools([one for one in entries if isinstance(one, Called)])
    for number, one in enumerate(entries):
        if isinstance(one, Called) and one.tool in changing and not has_failed(one):
            regressed = conversation(*entries[:number], *entries[number + 1 :])
            outcomes = [found.outcome.value for found in evaluate_checks(checks, regressed)]
            assert "failed" in outcomes
