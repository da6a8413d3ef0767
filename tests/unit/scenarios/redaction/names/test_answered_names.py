"""Names in answers to the question for a name."""

import pytest

from shared.scenarios.redaction.names.answered_names import names_in_answer, with_capitals
from shared.scenarios.redaction.names.vetoes import Vetoes
from shared.scenarios.redaction.reader import Reader
from tests.support.drafting import classify


def _read(answer: str) -> list[str]:
    spans = Reader(classify(), Vetoes([], [])).read_answer(answer)
    return [answer[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("op amin van dooren denk ik", "amin van dooren"),
        ("ta no nome de caio da rosa pimenta", "caio da rosa pimenta"),
        ("no na elżbieta gębura przecież", "elżbieta gębura"),
        ("ну назарова анжела яковлевна", "назарова анжела яковлевна"),
        ("irmtraud finke bitte", "irmtraud finke"),
        ("Fala com Caio da Rosa Pimenta, sou a inquilina", "Caio da Rosa Pimenta"),
    ],
)
def test_name_among_other_words_is_found_as_a_whole(answer: str, name: str) -> None:
    assert _read(answer) == [name]


@pytest.mark.parametrize(
    "answer", ["The Toyota is mine", "wait let me check the card", "Ja, auf meinen Namen", ""]
)
def test_answer_without_name_has_none(answer: str) -> None:
    assert _read(answer) == []


def test_part_that_the_classifier_labels_has_its_neighbors() -> None:
    assert names_in_answer("tu zofia gębura", [(9, 15)]) == [(3, 15)]


def test_common_words_of_an_answer_have_no_capitals() -> None:
    assert with_capitals("op mia van li denk ik") == "op Mia van Li denk ik"
