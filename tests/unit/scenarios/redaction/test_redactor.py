"""Redaction: placeholders for personal data."""

import re

import pytest

from shared.sessions.transcript import AssistantSaid, Entry, ToolAnswered, ToolCalled, UserSaid
from tests.support.drafting import redactor
from tests.unit.scenarios.redaction.personal import PROFILE_READ, redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to mia.li@mail.test.", "Write to <EMAIL_1>."),
        ("I am at MIA@mail.test or mia@mail.test", "I am at <EMAIL_1> or <EMAIL_1>"),
        ("Call +49 30 901820 or (415) 555-2671!", "Call <PHONE_1> or <PHONE_2>!"),
        ("415.555.2671 and 1-415-555-2671", "<PHONE_1> and <PHONE_1>"),
        ("My phone number is 5551234567.", "My phone number is <PHONE_1>."),
        ("Card 4111-1111-1111-1111, please", "Card <CARD_1>, please"),
        ("IBAN GB82 WEST 1234 5698 7654 32", "IBAN <ACCOUNT_1>"),
        ("my account number is 12345678", "my account number is <ACCOUNT_1>"),
        ("My passport number is X1234567.", "My passport number is <ID_NUMBER_1>."),
        ("SSN 536-90-4399", "SSN <ID_NUMBER_1>"),
        ("The CVV is 123.", "The CVV is <SECRET_1>."),
        ("I live at 975 Sunset Drive, Suite 217", "I live at <ADDRESS_1>"),
        ("Send it to 12 rue de la Paix, Paris", "Send it to <ADDRESS_1>, Paris"),
        ("Ich wohne Hauptstra\u00dfe 12", "Ich wohne <ADDRESS_1>"),
        ("I was born on April 5, 1990.", "I was born on <DATE_OF_BIRTH_1>."),
        ("DOB: 04/05/1990", "DOB: <DATE_OF_BIRTH_1>"),
        ("My name is Mia Li and I fly to Rome.", "My name is <NAME_1> and I fly to Rome."),
        ("my name is mia li. I am mia", "my name is <NAME_1>. I am <NAME_1>"),
        ("Book it for my friend Ivan Smith, please", "Book it for my friend <NAME_1>, please"),
        ("Remove a passenger named Sophia.", "Remove a passenger named <NAME_1>."),
        ("Change it to myself, Omar Rossi.", "Change it to myself, <NAME_1>."),
        ("My user ID is mia_li_3668.", "My user ID is <USER_ID_1>."),
        ("Me llamo Jos\u00e9 Garc\u00eda.", "Me llamo <NAME_1>."),
        ("\u6211\u53eb\u674e\u5a1c\u3002", "\u6211\u53eb<NAME_1>\u3002"),
        ("I'm Angela. Angela needs a room.", "I'm <NAME_1>. <NAME_1> needs a room."),
        ("This is Han the pilot, help!", "This is <NAME_1> the pilot, help!"),
        ("John here... I need a table.", "<NAME_1> here... I need a table."),
        ("Hi there, it's Sofia. A room, please.", "Hi there, it's <NAME_1>. A room, please."),
        ("Angela is my name.", "<NAME_1> is my name."),
        (
            "My name is Mark. Tell Mark it is late.",
            "My name is <NAME_1>. Tell <NAME_1> it is late.",
        ),
        ("Address:12 Elm Street", "Address:<ADDRESS_1>"),
    ],
)
def test_personal_data_is_replaced_by_placeholder(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Flight HAT136 on 2024-05-20 costs $1,234.56, order 4421486.",
        "Order #W2378156, tracking 9400110200881234567890, 2 bags, gate B12.",
        "From New York to San Francisco on May 20th at 10:30, 3-4 hours.",
        "Reservation NO6JO3, ticket 0012345678901, room 217, 152 + 103 = 255.",
        "My user ID is user_17 and my card ends in 7447, credit_card_4421486.",
        "I want a table at Ludwig's German Table, a place called Zaoh, in March.",
        "I'm looking for The Grill. This is Great! It's under $1000.",
        "I'm Canadian. Anyone here? It's Friday.",
        "The name of the restaurant is House of Genji.",
        "Order 1234567812345678 has no checksum.",
        "We are 2 on the way. Take 5 of the best.",
        "\u0623\u0631\u064a\u062f \u0625\u0644\u063a\u0627\u0621 \u0627\u0644\u0637\u0644\u0628",
        "\u05d0\u05e0\u05d9 \u05e8\u05d5\u05e6\u05d4 \u05dc\u05d1\u05d8\u05dc",
        "\u6211\u60f3\u9000\u8d27\u3002",
    ],
)
def test_text_without_personal_data_is_unchanged(text: str) -> None:
    assert redact(text) == text


def test_profile_data_is_redacted_everywhere() -> None:
    session = redactor(*PROFILE_READ)
    assert session.redact("Thank you, Mia. Mia Li, born 04/05/1990, and LI fly.") == (
        "Thank you, <NAME_1>. <NAME_1>, born <DATE_OF_BIRTH_1>, and <NAME_1> fly."
    )
    assert session.redact("975 SUNSET  DRIVE, Austin 78750, 415-555-2671") == (
        "<ADDRESS_1>, Austin <POSTAL_CODE_1>, <PHONE_1>"
    )
    assert session.redact("Amelia Ahmed (5 April 1990), mia_li_3668, April 5th") == (
        "<NAME_2> (<DATE_OF_BIRTH_1>), <USER_ID_1>, April 5th"
    )


@pytest.mark.parametrize(
    ("question", "answer", "text", "expected"),
    [
        (
            "Could I have your full name, please?",
            "mia li",
            "This is for mia li.",
            "This is for <NAME_1>.",
        ),
        (
            "Your full name, and the material and colour that you want?",
            "Mia Li here it is, and for the material: medium, polyester, in light grey, thanks",
            "The polyester one, in light grey",
            "The polyester one, in light grey",
        ),
        ("What is your PIN?", "7402", "7402", "<SECRET_1>"),
        (
            "What was your mother's maiden name?",
            "Miller, I think",
            "Miller, I think",
            "<SECRET_1>, I think",
        ),
        ("What is your date of birth?", "31/06/1996", "31/06/1996", "<DATE_OF_BIRTH_1>"),
    ],
)
def test_answer_to_personal_question_is_redacted(
    question: str, answer: str, text: str, expected: str
) -> None:
    assert redact(text, AssistantSaid(question), UserSaid(answer)) == expected


@pytest.mark.parametrize(
    ("entry", "text", "expected"),
    [
        (
            AssistantSaid("Thank you, Aarav. What else?"),
            "A seat for Aarav, to Rome",
            "A seat for <NAME_1>, to Rome",
        ),
        # A phone number is recognized without its country code.
        (
            ToolAnswered(1, "find", {"phone": "+33 1 40 62 05 00"}),
            "Call 1 40 62 05 00 or +33 1 40 62 05 00",
            "Call <PHONE_1> or <PHONE_1>",
        ),
        # Only the quotations of an expression are names.
        (
            ToolCalled(1, "find", {"driver_name": 'is_one_of(["Mark","Ella"])'}),
            "This is one of two: Mark drives",
            "This is one of two: <NAME_1> drives",
        ),
        (ToolCalled(1, "book", {"customer_name": "Tyler Jones"}), "Tyler Jones", "<NAME_1>"),
        (ToolCalled(1, "book", {"UserName": "Tyler Jones"}), "Tyler Jones", "<NAME_1>"),
        (ToolCalled(1, "book", {"account_name": "Tyler Jones"}), "Tyler Jones", "<NAME_1>"),
    ],
)
def test_data_of_another_entry_is_redacted(entry: Entry, text: str, expected: str) -> None:
    assert redact(text, UserSaid("Hello"), entry) == expected


def test_name_that_is_a_word_is_redacted_where_unambiguous() -> None:
    entries = (
        UserSaid("A table for two"),
        ToolCalled(1, "book", {"customer_name": "Mark", "HostName": "April"}),
    )
    session = redactor(*entries)
    assert session.redact("Mark") == "<NAME_1>"
    assert session.redact("Mark is late; please mark it.") == "<NAME_1> is late; please mark it."
    assert session.redact("April hosts it on April 5th, in April") == (
        "<NAME_2> hosts it on April 5th, in April"
    )
    assert "Mark" not in str(session.pseudonymize({"customer_name": "Mark"}, "book"))


def test_secret_fields_and_mistyped_birth_date_are_redacted_everywhere() -> None:
    fields = {"SecurityAnswer1": "Miller", "pin": "9503", "DateOfBirth": "31/06/1996"}
    session = redactor(UserSaid("Hello"), ToolCalled(1, "verify", fields))
    assert session.redact("Miller, 9503, born 31/06/1996") == (
        "<SECRET_1>, <SECRET_2>, born <DATE_OF_BIRTH_1>"
    )
    pseudonyms = session.pseudonymize(fields)
    assert pseudonyms.keys() == fields.keys()
    assert not set(pseudonyms.values()) & set(fields.values())
    assert re.fullmatch(r"\d\d/\d\d/\d{4}", pseudonyms["DateOfBirth"])


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Sussex Gardens", "<ADDRESS_1>"),
        ("12 Elm Street, Austin, TX 78750", "<ADDRESS_1>, Austin, TX <POSTAL_CODE_1>"),
        ("East Side, 58, Jalan Ang Seng", "<ADDRESS_1>"),
        ("Gilroy, California 95020, US", "Gilroy, California <POSTAL_CODE_1>, US"),
        ("Chicago", "Chicago"),
    ],
)  # fmt: skip
def test_address_field_is_redacted_except_city(address: str, expected: str) -> None:
    session = redactor(UserSaid("Hello"), ToolAnswered(1, "find", {"address": address}))
    assert session.redact_value({"address": address}) == {"address": expected}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Will May", "Will you fly in May? Will it rain?"),
        ("Ann Brown", "a brown bag"),
        ("Paris Young", "I fly to Paris."),
    ],
)
def test_word_equal_to_name_stays(name: str, text: str) -> None:
    first, last = name.split()
    entries = (
        UserSaid("Hi"),
        ToolCalled(1, "find", {"destination_city": "Paris"}),
        ToolAnswered(1, "find", {"first_name": first, "last_name": last}),
    )
    session = redactor(*entries)
    assert session.redact(text) == text
    assert session.redact(f"It is {name}.") == "It is <NAME_1>."
    assert session.redact(f"Thank you, {first}!") == "Thank you, <NAME_1>!"
