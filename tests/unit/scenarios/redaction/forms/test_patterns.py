"""Recognition by form: which label counts, overlapping values, time on long texts."""

import time
from itertools import pairwise

import pytest

from shared.scenarios.redaction.forms.patterns import find_by_form
from tests.unit.scenarios.redaction.forms.forms import redact

#: Characters that a draft analyzes of a message.
LONG = 4_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Call me at 6905434579 about order 4421486", "Call me at <PHONE> about order 4421486"),
        ("My phone for order 690543-4579", "My phone for order 690543-4579"),
        ("Sipari\u015f numaram 1234567890", "Sipari\u015f numaram 1234567890"),
        ("Mijn dossiernummer is 0612345678", "Mijn dossiernummer is 0612345678"),
        ("Счёт 19008-51298 неверен", "Счёт 19008-51298 неверен"),
        ("Счёт 50601136415066504064", "Счёт <ACCOUNT>"),
        ("Phones: 0171 1234567 and 0171 7654321", "Phones: <PHONE> and <PHONE>"),
        (
            "A parcel is lost.\n\nIngrid\nPolna 5/7, 00-950 Warszawa\nT: 501234567 | i@mail.test",
            "A parcel is lost.\n\nIngrid\n<ADDRESS>, <POSTAL_CODE> Warszawa\nT: <PHONE> | <EMAIL>",
        ),
    ],
)  # fmt: skip
def test_closest_label_decides(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_values_do_not_overlap() -> None:
    text = "IBAN GB82 WEST 1234 5698 7654 32, password=Winter2023, a@mail.test, call 0171 1234567"
    found = sorted(find_by_form(text))
    assert len(found) == 4
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "a",
        "(",
        " ",
        "a@b.",
        "a_key_",
        "ab:cd:",
        "1.2.",
        "Main And ",
        "12 Elm ",
        '"',
        "=:",
        "-1",
    ],
)
def test_long_text_is_read_in_linear_time(piece: str) -> None:
    text = (piece * LONG)[:LONG] + " 12 x@y.test"
    started = time.process_time()
    list(find_by_form(text))
    assert time.process_time() - started < 0.5
