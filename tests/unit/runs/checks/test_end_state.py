"""End state: the calls that changed something, and no others."""

from typing import Any

import pytest

from shared.simulation.conversation import Called
from tests.support.checked import call, conversation, outcome, result

FIND = call("find_order", order_id="W1")
CANCEL = call("cancel_order", order_id="W1")
UPDATE = call("update_address", "Error: no such user", user_id="u")


def check(*expected: tuple[str, dict[str, Any] | None], **fields: Any) -> dict[str, Any]:
    calls = [{"tool": tool, "arguments": arguments} for tool, arguments in expected]
    return {"type": "end_state", "calls": calls, **fields}


def test_changes_in_any_order_pass() -> None:
    held = conversation(FIND, call("send_mail", to="a"), CANCEL)
    expected = check(("cancel_order", {"order_id": "w1"}), ("send_mail", None))
    found = result(expected, held)
    assert (found.outcome, found.reason, found.sequence) == ("passed", "2 changes, as expected.", 3)


def test_missing_change_fails_at_the_nearest_call() -> None:
    found = result(check(("cancel_order", {"order_id": "W2"})), conversation(FIND, CANCEL))
    assert (found.outcome, found.sequence) == ("failed", 2)


def test_change_that_was_not_expected_fails_at_its_call() -> None:
    found = result(check(), conversation(FIND, CANCEL))
    assert (found.outcome, found.sequence) == ("failed", 2)
    assert "cancel_order" in found.reason


def test_reads_and_failed_changes_change_nothing() -> None:
    failed = Called("cancel_order", {"order_id": "W1"}, error="too late")
    assert outcome(check(), conversation(FIND, UPDATE, failed)) == "passed"


def test_expected_change_that_failed_is_missing() -> None:
    found = result(check(("update_address", {"user_id": "u"})), conversation(UPDATE))
    assert found.outcome == "failed"
    assert found.reason.endswith("but answered with an error.")


def test_change_without_a_recorded_answer_is_undecided() -> None:
    unknown = Called("cancel_order", {}, error="no_recorded_answer", matched="none")
    found = result(check(), conversation(FIND, unknown))
    assert (found.outcome, found.sequence) == ("undecided", 2)


def test_repeated_change_is_one_too_many() -> None:
    assert outcome(check(("cancel_order", None)), conversation(CANCEL, CANCEL)) == "failed"


def test_only_named_tools_count_as_changes() -> None:
    held = conversation(CANCEL, call("frobnicate"))
    assert outcome(check(tools=[]), held) == "passed"
    assert outcome(check(tools=["frobnicate"]), held) == "failed"


@pytest.mark.parametrize("first", ["narrow", "wide"])
def test_each_call_stands_for_one_expected_change(first: str) -> None:
    """A wide expectation leaves a call to the narrow one that needs it."""
    held = conversation(call("pay", amount=1), call("pay", amount=2))
    expected: list[tuple[str, dict[str, Any] | None]] = [("pay", {"amount": 1}), ("pay", None)]
    assert outcome(check(*(expected if first == "narrow" else expected[::-1])), held) == "passed"
