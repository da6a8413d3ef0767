"""Secrets of a conversation about passwords."""

import pytest

from shared.scenarios.redaction.forms.secret_answers import find_passwords, mentions_password
from shared.sessions.transcript import AssistantSaid, ToolAnswered, ToolCalled, UserSaid
from tests.support.drafting import redactor


@pytest.mark.parametrize("text", ["set it to Maple_4821x then", "ok: Kobalt!77qr", "'Tide-90Roof'"])
def test_word_of_mixed_characters_is_a_password(text: str) -> None:
    [word] = find_passwords(text)

    assert word in text
    assert len(word) > 8


@pytest.mark.parametrize(
    "text",
    [
        "https://Example.org/a_B1c2d3e4",
        "mail me at Ann_Lee-1990@example.org",
        "order A-90312 and INV-2031-77",
        "the file Report_2024.pdf is in src/App_v2/Main_01.py",
        "flight LH-1234 on 2026-05-01",
        "<ID_NUMBER_1>",
    ],
)
def test_other_words_are_no_passwords(text: str) -> None:
    assert find_passwords(text) == []


@pytest.mark.parametrize(
    "text", ["my Passwort", "la contraseña", "el mot de passe", "пароль", "密码"]
)
def test_password_is_mentioned_in_any_language(text: str) -> None:
    assert mentions_password(text)


def test_new_password_is_redacted_where_a_message_is_about_one() -> None:
    found = redactor(
        UserSaid("I cannot log in, which password do I have?"), UserSaid("reset it to Lark_51QRt9")
    )

    assert found.redact("reset it to Lark_51QRt9") == "reset it to <CREDENTIAL_1>"


def test_contact_of_digits_is_a_telephone() -> None:
    call = ToolCalled(0, "open_ticket", {"requester": {"fullName": "X", "contact": "0231692988"}})
    found = redactor(
        AssistantSaid("One moment."), call, ToolAnswered(0, "open_ticket", {"ok": True})
    )

    world = found.pseudonymize(call.arguments, "open_ticket")
    assert world["requester"]["contact"] != "0231692988"
    assert world["requester"]["contact"].isdigit()
