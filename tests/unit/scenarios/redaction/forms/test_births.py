"""Dates of birth: labels and notations of many languages; other dates stay."""

import pytest

from tests.unit.scenarios.redaction.forms.forms import redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I was born on 3 May 1984", "I was born on <DATE_OF_BIRTH>"),
        ("DOB 1984-05-03", "DOB <DATE_OF_BIRTH>"),
        ("geboren am 3. Mai 1984", "geboren am <DATE_OF_BIRTH>"),
        ("Geburtsdatum: 03.05.84", "Geburtsdatum: <DATE_OF_BIRTH>"),
        ("née le 3 mai 1984", "née le <DATE_OF_BIRTH>"),
        ("date de naissance : 03/05/1984", "date de naissance : <DATE_OF_BIRTH>"),
        ("nací el 3 de mayo de 1984", "nací el <DATE_OF_BIRTH>"),
        ("fecha de nacimiento 3/5/1984", "fecha de nacimiento <DATE_OF_BIRTH>"),
        ("nata il 3 maggio 1984", "nata il <DATE_OF_BIRTH>"),
        ("data di nascita 03-05-1984", "data di nascita <DATE_OF_BIRTH>"),
        ("nasci em 3 de maio de 1984", "nasci em <DATE_OF_BIRTH>"),
        ("geboortedatum 3 mei 1984", "geboortedatum <DATE_OF_BIRTH>"),
        ("urodziłam się 3 maja 1984", "urodziłam się <DATE_OF_BIRTH>"),
        ("ur. 03.05.1984", "ur. <DATE_OF_BIRTH>"),
        ("родилась 3 мая 1984 года", "родилась <DATE_OF_BIRTH> года"),
        ("дата рождения 03.05.1984", "дата рождения <DATE_OF_BIRTH>"),
        ("3 May\u0131s 1984 do\u011fumluyum", "<DATE_OF_BIRTH> do\u011fumluyum"),
        ("1984年5月3日生まれです", "<DATE_OF_BIRTH>生まれです"),
        ("昭和59年5月3日生まれ", "<DATE_OF_BIRTH>生まれ"),
        ("我出生于1984年5月3日", "我出生于<DATE_OF_BIRTH>"),
        ("생년월일은 1984년 5월 3일입니다", "생년월일은 <DATE_OF_BIRTH>입니다"),
        ("मेरा जन्म 3 मई 1984 को हुआ", "मेरा जन्म <DATE_OF_BIRTH> को हुआ"),
        ("tanggal lahir saya 3 Mei 1984", "tanggal lahir saya <DATE_OF_BIRTH>"),
        ("birthday is 05/03/1984", "birthday is <DATE_OF_BIRTH>"),
        ("data de nasc. 3 de maio de 1984", "data de nasc. <DATE_OF_BIRTH>"),
        ("f. nac. 03/05/1984", "f. nac. <DATE_OF_BIRTH>"),
        ("geb.datum 3 mei 1984", "geb.datum <DATE_OF_BIRTH>"),
        ("DDN 03/05/1984", "DDN <DATE_OF_BIRTH>"),
        (
            "my date of birth, for the record, is May 3rd, 1984",
            "my date of birth, for the record, is <DATE_OF_BIRTH>",
        ),
        ("Mein Geburtstag ist der 3. Mai 1984.", "Mein Geburtstag ist der <DATE_OF_BIRTH>."),
        ("date of birth: 19840503", "date of birth: <DATE_OF_BIRTH>"),
    ],
)
def test_date_of_birth_is_found(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "I was in Paris on May 5, 2024",
        "my birthday party is on June 5",
        "table for my birthday on 5 June 2025",
        "Check in 2024-06-01, check out 2024-06-05",
        "I was born in 1985",
        "I'd like to change flight to 7 June",
        "10.10.2024",
        "Ich hätte gern Zimmer 12 am 3. Mai 2025",
        "Der Flug geht am 03.05.2025 um 12:30",
        "Le vol part le 3 mai 2025",
        "Vuelo el 3 de mayo de 2025 a las 12:30",
        "3 мая 2025 вылет",
        "5月3日に出発",
        "2025年5月3日的航班",
    ],
)
def test_date_that_is_no_date_of_birth_stays(text: str) -> None:
    assert redact(text) == text
