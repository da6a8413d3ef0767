"""Pseudonyms: values of the same form, consistent within a session."""

import json
import re
from typing import Any

import pytest

from shared.scenarios.redaction.forms.checksums import is_card, is_iban
from shared.sessions.transcript import AssistantSaid, ToolCalled, UserSaid
from tests.support.captured_sessions import answered_call, transcript
from tests.support.drafting import draft as draft_session
from tests.support.drafting import redactor
from tests.unit.scenarios.redaction.personal import PROFILE, PROFILE_READ


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ({"email": "mia.li3818@mail.test"}, r"[a-z]+\.[a-z]+\d{4}@example\.com"),
        ({"phone": "(415) 555-2671"}, r"\(\d{3}\) 555-\d{4}"),
        ({"phone": 4155552671}, r"\d{10}"),
        ({"dob": "1990-04-05"}, r"\d{4}-\d\d-\d\d"),
        ({"dob": "5 April 1990"}, r"\d{1,2} [A-Z][a-z]+ \d{4}"),
        ({"dob": "04/05/1990"}, r"\d\d/\d\d/\d{4}"),
        ({"address1": "975 Sunset Drive"}, r"\d{3} [A-Z][a-z]+ Drive"),
        ({"address2": "Suite 217"}, r"Suite \d{3}"),
        ({"zip": "78750"}, r"\d{5}"),
        ({"user_id": "mia_li_3668"}, r"[a-z]+_[a-z]+_\d{4}"),
        ({"passport": "X1234567"}, r"[A-Z]\d{7}"),
        ({"ip": "84.17.32.9"}, r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}"),
        ({"ip": "2a02:810d:8a40::1f:3"}, r"2001:db8::[\da-f]{1,4}"),
        ({"mac_address": "3c:22:fb:aa:bb:1c"}, r"00:00:5e:00:53:[\da-f]{2}"),
        ({"api_key": "k9f8e7d6c5b4a"}, "redacted-credential-1"),
        ({"token": 12345678}, r"\d{8}"),
        ({"phone": "0351575767"}, r"0\d{9}"),
        ({"phone": "718-447-9061x2529"}, r"\d{3}-\d{3}-\d{4}x\d{4}"),
        ({"dob": "5 lipca 1990"}, r"\d{1,2} [a-z\u015b\u017a]+ \d{4}"),
        ({"dob": "1990\u5e744\u67085\u65e5"}, r"\d{4}\u5e74\d{1,2}\u6708\d{1,2}\u65e5"),
        ({"first_name": "MIA"}, r"[A-Z]+"),
        ({"full_name": "Mia van der Li"}, r"[A-Z][a-z]+ van der [A-Z][a-z]+"),
    ],
)
def test_pseudonym_has_form_of_value(value: dict[str, Any], form: str) -> None:
    pseudonyms = redactor(UserSaid("Hi"), ToolCalled(1, "find", value)).pseudonymize(value)
    (old,), (new,) = value.values(), pseudonyms.values()
    assert new != old
    assert type(new) is type(old)
    assert re.fullmatch(form, str(new)), new


def test_pseudonym_of_checked_number_has_valid_checksum() -> None:
    session = redactor(UserSaid("Hi"))
    values = {"card": "4111-1111-1111-1111", "to": "GB82WEST12345698765432"}
    pseudonyms = session.pseudonymize(values)
    assert is_card(pseudonyms["card"].replace("-", ""))
    assert pseudonyms["card"][0] == "4"
    assert len(pseudonyms["card"]) == 19
    assert is_iban(pseudonyms["to"])
    assert pseudonyms["to"][:2] == "GB"
    assert "12345698765432" not in pseudonyms["to"]


def test_pseudonyms_of_profile_are_consistent() -> None:
    note = "Mia Li, born on 1990-04-05"
    session = redactor(*PROFILE_READ, *answered_call(2, "add_note", {"note": note}))
    pseudonyms = session.pseudonymize(PROFILE, "get_user_details")
    first, last = pseudonyms["name"]["first_name"], pseudonyms["name"]["last_name"]
    assert pseudonyms["email"].startswith(f"{first}.{last}".lower())
    identifier = session.pseudonymize({"user_id": "mia_li_3668"})["user_id"]
    assert identifier.startswith(f"{first}_{last}_".lower())
    text = session.pseudonymize(note)
    assert text == f"{first} {last}, born on {pseudonyms['dob']}"
    assert pseudonyms["address"]["city"] == "Austin"
    assert pseudonyms["reservations"] == PROFILE["reservations"]
    words = set(json.dumps(pseudonyms).split('"'))
    assert words.isdisjoint({"Mia", "Li", "Amelia", "Ahmed", "78750"})


def test_credentials_are_numbered_within_the_session() -> None:
    value = {"api_key": "k9f8e7d6c5b4a", "note": "token=q1w2e3r4t5y6u7i8, k9f8e7d6c5b4a"}
    session = redactor(UserSaid("Hi"), ToolCalled(1, "find", value))
    assert session.pseudonymize(value) == {
        "api_key": "redacted-credential-1",
        "note": "token=redacted-credential-2, redacted-credential-1",
    }


def test_people_have_different_pseudonyms() -> None:
    people = [{"first_name": f"Mia{'abcdefghij'[n % 10] * (n // 10 + 1)}"} for n in range(500)]
    session = redactor(UserSaid("Hi"), ToolCalled(1, "list", {"passengers": people}))
    pseudonyms = session.pseudonymize({"passengers": people}, "list")["passengers"]
    assert len({person["first_name"] for person in pseudonyms}) == 500


def test_names_of_products_and_places_stay() -> None:
    value = {
        "items": [{"name": "Action Camera", "price": 12}],
        "restaurant_name": "Big 4",
        "city": "Paris",
        "name": "Wool Socks",
        "user_id": "C-1024",
    }
    assert redactor(UserSaid("Hi"), ToolCalled(1, "get_order", value)).pseudonymize(value) == value


def test_draft_texts_have_no_personal_data() -> None:
    entries = (
        *PROFILE_READ,
        UserSaid("I want to fly with Amelia Ahmed. I'm Mia Li, mia.li3818@mail.test."),
        AssistantSaid("Dear Mia Li, born 1990-04-05, of 975 Sunset Drive: done."),
        *answered_call(
            2,
            "book",
            {"passengers": [{"first_name": "Mia", "last_name": "Li"}]},
            error="Mia Li may not fly",
        ),
    )
    draft = draft_session(transcript(*entries))
    words = f"{draft.name}\n{draft.intent}\n{draft.journey}"
    for piece in ("Mia", "Li", "Amelia", "Ahmed", "mia_li", "@", "1990", "Sunset", "3668"):
        assert re.search(rf"(?<![a-z]){piece}(?![a-z])", words) is None, piece
    assert "fly with <NAME_" in draft.journey
    name = draft.mock_world["get_user_details"]["output"]["name"]
    assert draft.mock_world["book"]["error"] == (
        f"{name['first_name']} {name['last_name']} may not fly"
    )
    assert draft_session(transcript(*entries)) == draft
