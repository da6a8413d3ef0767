"""People: parts of a name are learned together and found in every spelling."""

import pytest

from shared.scenarios.redaction.kinds import without_overlaps
from shared.scenarios.redaction.names.people import People


def _redacted(text: str, *names: str) -> str:
    people = People(names, places=())
    for span in reversed(without_overlaps([*people.find_spans(text)])):
        text = f"{text[: span.start]}<{span.value}>{text[span.end :]}"
    return text


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Benjamin Green", "Benjamin's parcel", "<benjamin green>'s parcel"),
        ("Benjamin Green", "GREEN, BENJAMIN called", "<benjamin green> called"),
        ("Benjamin Green", "Mr. Green called", "Mr. <benjamin green> called"),
        ("Mirte van den Bosch", "mevrouw van den Bosch", "mevrouw <mirte bosch>"),
        ("Hans-Gerd Hiller", "Gerd hat angerufen", "<hans-gerd hiller> hat angerufen"),
        ("Işıkay İnönü", "Sayın İNÖNÜ, hoş geldiniz", "Sayın <işıkay inönü>, hoş geldiniz"),
        ("吉田七夏", "吉田様、ありがとう", "<吉田七夏>様、ありがとう"),
        ("舒军", "谢谢您，舒女士。舒服吗", "谢谢您，<舒军>女士。舒服吗"),
        ("桃子 林", "林桃子です", "<桃子 林>です"),
        ("山下 浩", "山下 浩様、山下浩さん", "<山下 浩>様、<山下 浩>さん"),
        ("김민수", "민수 씨", "<김민수> 씨"),
        ("Mia Li", "Write to mia.li3@x.test, Mia", "Write to <mia.li3>@x.test, <mia li>"),
    ],
)
def test_part_of_name_is_found(name: str, text: str, expected: str) -> None:
    assert _redacted(text, name) == expected


def test_added_name_is_found_like_first_one() -> None:
    people = People(["Mia Li"], places=())
    people.add(["Omar Rossi"])
    assert [span.value for span in people.find_spans("Mia and Omar")] == ["mia li", "omar rossi"]
    assert people.known_names == 2
