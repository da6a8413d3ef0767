"""Vetoes: what the classifier labels, and rules know not to be a person."""

from collections.abc import Sequence

import pytest

from shared.scenarios.redaction.classifier import Entity
from shared.scenarios.redaction.names.vetoes import Vetoes, is_thing_with_number
from shared.scenarios.redaction.reader import Reader


def _read(text: str, word: str, label: str, score: float = 0.99) -> list[str]:
    """Read a text of which a classifier labels some words."""

    def classify(texts: Sequence[str]) -> list[list[Entity]]:
        return [
            [Entity(one.index(word), one.index(word) + len(word), label, score)]
            if word in one
            else []
            for one in texts
        ]

    vetoes = Vetoes(["Victoria Sponge", "Santa Clara"], ["get_order", "Airline Desk"])
    return [text[span.start : span.end] for span in Reader(classify, vetoes).read(text)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Cut the Victoria Sponge", "Victoria"),  # product of a tool
        ("I live in Santa Clara", "Santa Clara"),  # place of a tool
        ("The Airline Desk helps", "Airline"),  # the agent
        ("I fly with Delta today", "Delta"),  # company
        ("a jacket of Jack Wolfskin", "Jack Wolfskin"),
        ("We met in Charlotte again", "Charlotte"),  # place
        ("Is the Lincoln Hotel open?", "Lincoln"),
        ("see docs/Kevin/notes", "Kevin"),  # path
        ("Monday is fine", "Monday"),
        ("Your reservation is HATHAT", "HATHAT"),  # code
        ("the lovely neighbour", "neighbour"),  # no capital
    ],
)
def test_label_of_name_is_vetoed(text: str, word: str) -> None:
    assert _read(text, word, "GIVEN_NAME") == []


@pytest.mark.parametrize(
    ("text", "word", "score", "found"),
    [
        ("Thanks, Chase", "Chase", 0.5, ["Chase"]),  # company, but addressed
        ("my friend Delta", "Delta", 0.5, ["Delta"]),
        ("Then Kevin came", "Kevin", 0.99, ["Kevin"]),
        ("Then Kevin came", "Kevin", 0.9, []),  # one word, not supported
        ("Then Kevin Massey came", "Kevin", 0.9, ["Kevin Massey"]),  # further capitalized words
        ("jane chambers", "jane chambers", 0.95, ["jane chambers"]),  # text without capitals
        ("Das ist jane chambers", "jane chambers", 0.95, []),
    ],
)
def test_name_needs_probability_or_support(
    text: str, word: str, score: float, found: list[str]
) -> None:
    assert _read(text, word, "GIVEN_NAME", score) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("My Toyota Camry is late", "Toyota Camry"),
        ("I bought a Stanley Quencher for the trip", "Stanley Quencher"),
        ("Ma Renault Clio est en panne", "Ma Renault Clio"),
        ("Unser Opel Astra ist kaputt", "Opel Astra"),
        ("Le canapé Roche Bobois est grand", "Roche Bobois"),
        ("acheté chez Leroy Merlin hier", "Leroy Merlin"),
        ("Comprei na Magazine Luiza ontem", "Magazine Luiza"),
        ("the Sonata Premier plan", "Sonata Premier"),
        ("Vuelo Iberia IB 3166", "Iberia IB"),
    ],
)
def test_words_where_only_a_thing_can_stand_are_no_name(text: str, words: str) -> None:
    assert _read(text, words, "GIVEN_NAME", 0.95) == []


@pytest.mark.parametrize(
    ("text", "words", "score"),
    [
        ("Añada a Leyre Rius al contrato", "Leyre Rius", 0.95),  # a preposition, no article
        ("My landlord Omar Rossi is away", "Omar Rossi", 0.5),
        ("Techniker Omar Rossi war da", "Omar Rossi", 0.5),
        ("See you,\nOmar Rossi", "Omar Rossi", 0.5),
        ("She lives in Omar Rossi", "Omar Rossi", 0.98),
    ],
)
def test_words_where_a_person_is_expected_are_a_name(text: str, words: str, score: float) -> None:
    assert _read(text, words, "GIVEN_NAME", score) == [words]


def test_name_after_another_in_a_list_needs_less_probability() -> None:
    def classify(texts: Sequence[str]) -> list[list[Entity]]:
        return [
            [
                Entity(one.index(name), one.index(name) + len(name), "GIVEN_NAME", score)
                for name, score in (("Mia Li", 0.99), ("Omar Rossi", 0.5))
                if name in one
            ]
            for one in texts
        ]

    text = "Copy Mia Li and Omar Rossi"
    spans = Reader(classify, Vetoes([], [])).read(text)
    assert [text[span.start : span.end] for span in spans] == ["Mia Li", "Omar Rossi"]


@pytest.mark.parametrize(
    "label", ["TAX_ID", "BANK_ACCOUNT", "DRIVERS_LICENSE", "PASSPORT", "PHONE"]
)
def test_number_is_not_personal_by_classifier_alone(label: str) -> None:
    assert _read("I return order 4711-2231 today", "4711-2231", label) == []


def test_flight_is_no_address() -> None:
    assert _read("no seats on flight HAT229", "HAT229", "STREET_NAME") == []


@pytest.mark.parametrize("text", ["Shoes in size 44", "We sit at gate 12", "Größe 42 passt"])
def test_number_after_word_is_no_address(text: str) -> None:
    word = text.split()[-2]
    assert _read(text, word, "STREET_NAME") == []


@pytest.mark.parametrize(
    "text",
    [
        "We land on [Delta 1482] and need a truck.",
        "The train [Amtrak 2150] was late.",
        "It is on Saturday, [October 18], 2025.",
        "My [Astra 1].4 wants a battery.",
        "Das kostet [642],75 TL.",
        "Am [Oktober 18] kommen wir.",
    ],
)
def test_name_before_a_number_is_no_address(text: str) -> None:
    start, end = text.index("["), text.index("]") - 1

    assert is_thing_with_number(text.replace("[", "").replace("]", ""), start, end)


@pytest.mark.parametrize(
    "text",
    ["Send it to [8984 Horton Pine].", "We live at [Church Street 12].", "Ich wohne [Am Bach 12]."],
)
def test_address_is_no_thing_with_a_number(text: str) -> None:
    start, end = text.index("["), text.index("]") - 1

    assert not is_thing_with_number(text.replace("[", "").replace("]", ""), start, end)
