"""Answers to questions for personal data."""

import pytest

from shared.scenarios.redaction.forms.answers import find_answers
from shared.sessions.transcript import AssistantSaid, UserSaid
from tests.unit.scenarios.redaction.personal import redact


@pytest.mark.parametrize(
    ("question", "answer", "found"),
    [
        ("What is your address?", "157 David Lodge", ["157 David Lodge"]),
        ("Could you tell me your phone number?", "It is 4155552671", ["4155552671"]),
        ("Wat is uw adres?", "Meikebaan 110", ["Meikebaan 110"]),
        ("Quelle est votre adresse ?", "12 rue des Lilas", ["12 rue des Lilas"]),
        ("住所を教えてください。", "021 Matsumoto Street", ["021 Matsumoto Street"]),
        ("Your passport number, please.", "C01X00T47", ["C01X00T47"]),
        ("Your order number and your phone number?", "4155552671", []),
        ("What is your order number?", "4155552671", []),
        ("Which city do you live in?", "Berlin", []),
        ("I have your phone number.", "4155552671", []),
    ],
)  # fmt: skip
def test_answer_is_found_by_its_question(question: str, answer: str, found: list[str]) -> None:
    assert [answer[one.start : one.end] for one in find_answers(answer, question)] == found


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Em qual n\u00famero ligamos?", "54 3894-7438"),
        ("Na jaki numer oddzwoni\u0107?", "22 275 17 50"),
        ("回电打哪个号码?", "16558368805"),
        ("What is your phone number?", "6905434579"),
    ],
)
def test_telephone_number_in_an_answer_is_redacted(question: str, answer: str) -> None:
    assert redact(answer, AssistantSaid(question), UserSaid(answer)) == "<PHONE_1>"
