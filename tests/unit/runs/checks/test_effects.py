"""Effects of tool calls: changes and reads."""

import pytest

from shared.runs.checks.effects import changing_tools, hands_over, has_failed, verb_changes
from tests.support.checked import call


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        ("cancel_order", True),
        ("cancelOrder", True),
        ("CancelOrder", True),
        ("orders.cancel", True),
        ("mcp__shop__cancel_order", True),
        ("user_create_ticket", True),
        ("löschen_auftrag", True),
        ("reservar_mesa", True),
        ("get_order", False),
        ("GetOrderHistory", False),
        ("list-updates", False),
        ("search_bookings", False),
        ("get_cancel_reasons", False),
        ("order_status", False),
        ("orderStatus", False),
        ("order_pizza", True),
        ("update_status", True),
        ("buscar_pedido", False),
        ("frobnicate", None),
        ("", None),
    ],
)
def test_verb_of_the_name_decides(tool: str, expected: bool | None) -> None:
    assert verb_changes(tool) is expected


def test_tool_without_a_verb_reads_if_it_is_repeated_with_the_same_answer() -> None:
    calls = [call("weer", "sun", city="x"), call("weer", "sun", city="x"), call("boeking", 1, id=2)]
    assert changing_tools(calls) == {"boeking"}


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        ("transfer_to_human_agents", True),
        ("escalateToSupervisor", True),
        ("handoff", True),
        ("transfer_money", False),
    ],
)
def test_handover_to_a_person(tool: str, expected: bool) -> None:
    assert hands_over(tool) is expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Error: too late", True),
        (" ERROR : too late", True),
        ('"Error: too late"', True),
        ("# result = 'error: too late'", True),
        ("No error: cancelled", False),
        ("errors: none", False),
        ({"error": "too late"}, False),
    ],
)
def test_answer_that_is_the_text_of_an_error_has_failed(answer: object, expected: bool) -> None:
    assert has_failed(call("cancel_order", answer)) is expected
