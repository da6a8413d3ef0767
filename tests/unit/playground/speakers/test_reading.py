"""Values that the scripted agent extracts from messages."""

from typing import Any

import pytest

from shared.playground.graph import Variable
from shared.playground.speakers.reading import MAX_READ, find_unambiguous, read_answer
from tests.support.work import processor_time


def text(name: str, description: str = "") -> Variable:
    return Variable(name=name, type="string", description=description)


ALTERNATIVE = Variable(
    name="alternative", type="enum", enum_values=("store_credit", "credit", "exchange", "nothing")
)


@pytest.mark.parametrize(
    ("kind", "answer", "value"),
    [
        ("int", "I have 3 of them", 3),
        ("int", "1,250", 1250),
        ("int", "2.5", None),
        ("int", "three", None),
        ("int", "9" * 40, None),
        ("float", "129.90", 129.9),
        ("float", "129,90 euros", 129.9),
        ("float", "1.250,50 €", 1250.5),
        ("float", "1,250.50", 1250.5),
        ("float", "1'250", 1250),
        ("float", "-3", -3),
        ("float", "free", None),
        ("float", "1e999", None),
        ("bool", "Yes, please", True),
        ("bool", "no, not yet", False),
        ("bool", "That is not right", False),
        ("bool", "correct", True),
        ("bool", "maybe", None),
        ("bool", "I know nothing", None),
    ],
)
def test_answer_follows_variable_type(kind: Any, answer: str, value: Any) -> None:
    found = read_answer(Variable(name="x", type=kind), answer)

    assert found == value
    assert isinstance(found, bool) == isinstance(value, bool)


@pytest.mark.parametrize(
    ("variable", "answer", "value"),
    [
        (ALTERNATIVE, "store_credit", "store_credit"),
        (ALTERNATIVE, "Store credit, please", "store_credit"),
        (ALTERNATIVE, "an EXCHANGE!", "exchange"),
        (ALTERNATIVE, "exchange or nothing", None),
        (ALTERNATIVE, "something", None),
        (ALTERNATIVE, "", None),
        (text("word"), "x" * 50_000, "x" * 50_000),
        (text("word"), "x" * 50_001, None),
        (text("email"), "It's Ada.Byron@Example.org, thanks", "Ada.Byron@Example.org"),
        (text("email"), "I have none", None),
        (text("contact", "The e-mail address of the order"), "a@b.example", "a@b.example"),
        (text("order_number"), "the number is HP-20417.", "HP-20417"),
        (text("order_number"), "I lost it", None),
        (text("it", "The order number, for example HP-1"), "that would be HP-7", "HP-7"),
        (text("street", "Street and house number"), "Harbour Street 12", "Harbour Street 12"),
        (text("birthday"), "It was on 3 March 1990", "1990-03-03"),
        (text("moving_date"), "March 3rd, 2026", "2026-03-03"),
        (text("moving_date"), "3.3.2026", "2026-03-03"),
        (text("moving_date"), "2026-02-30", None),
        (text("preferred_date"), "next Tuesday", "next Tuesday"),
        (text("phone"), "call +44 20 7946 0018 after six", "+44 20 7946 0018"),
        (text("phone"), "none", None),
        (text("zip"), "It is 48143.", "48143"),
        (text("postcode"), "SW1A 1AA", "SW1A 1AA"),
        (text("postcode"), "I live where the postcode is 48143 I think", "48143"),
        (text("last_name"), "My last name is Lindqvist.", "Lindqvist"),
        (text("last_name"), "I don't know", None),
        (text("last_name"), "…", None),
        (text("last_name"), "Nguyễn", "Nguyễn"),
    ],
)
def test_text_answer_follows_name_description_and_enum_values(
    variable: Variable, answer: str, value: str | None
) -> None:
    assert read_answer(variable, answer) == value


@pytest.mark.parametrize(
    ("variable", "message", "value"),
    [
        (text("email"), "I am ada@example.org", "ada@example.org"),
        (text("order_number"), "Where is HP-20417?", "HP-20417"),
        (text("order_number"), "I ordered 2 shelves in 2025", None),
        (text("last_name"), "Hello there", None),
        (ALTERNATIVE, "I want an exchange", None),
    ],
)
def test_unprompted_message_yields_unambiguous_values_only(
    variable: Variable, message: str, value: str | None
) -> None:
    assert find_unambiguous(variable, message) == value


@pytest.mark.parametrize(
    "answer", ["a" * 1_000_000, "1" * 1_000_000, "@" * 1_000_000, "- " * 500_000]
)  # each continues with a valid answer
@pytest.mark.parametrize("name", ["email", "phone", "order_number", "zip", "birthday", "word"])
def test_only_beginning_of_huge_answer_counts(name: str, answer: str) -> None:
    with processor_time(5):
        found = read_answer(
            text(name), f"{answer} ada@example.org, +49 170 5551234, HP-20417, 3.3.2026"
        )

    assert found is None or (len(found) <= MAX_READ and answer.startswith(found))
