"""Pseudonyms: values of the same form, consistent within a session."""

import json
import re
from typing import Any

import pytest

from shared.scenarios.drafting.rules import draft_scenario
from shared.scenarios.redaction.checksums import is_card, is_iban
from shared.sessions.transcript import AssistantSaid, ToolCalled, UserSaid
from tests.support.captured_sessions import answered_call, transcript
from tests.unit.scenarios.redaction.personal import PROFILE, PROFILE_READ, redactor


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
    session = redactor(*PROFILE_READ)
    pseudonyms = session.pseudonymize(PROFILE, "get_user_details")
    first, last = pseudonyms["name"]["first_name"], pseudonyms["name"]["last_name"]
    assert pseudonyms["email"].startswith(f"{first}.{last}".lower())
    identifier = session.pseudonymize({"user_id": "mia_li_3668"})["user_id"]
    assert identifier.startswith(f"{first}_{last}_".lower())
    text = session.pseudonymize("Mia Li, born on 1990-04-05")
    assert text == f"{first} {last}, born on {pseudonyms['dob']}"
    assert pseudonyms["address"]["city"] == "Austin"
    assert pseudonyms["reservations"] == PROFILE["reservations"]
    words = set(json.dumps(pseudonyms).split('"'))
    assert words.isdisjoint({"Mia", "Li", "Amelia", "Ahmed", "78750"})


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
    draft = draft_scenario(transcript(*entries))
    words = f"{draft.name}\n{draft.intent}\n{draft.journey}"
    for piece in ("Mia", "Li", "Amelia", "Ahmed", "mia_li", "@", "1990", "Sunset", "3668"):
        assert re.search(rf"(?<![a-z]){piece}(?![a-z])", words) is None, piece
    assert "fly with <NAME_2>" in draft.intent or "fly with <NAME_1>" in draft.intent
    name = draft.mock_world["get_user_details"]["output"]["name"]
    assert draft.mock_world["book"]["error"] == (
        f"{name['first_name']} {name['last_name']} may not fly"
    )
    assert draft_scenario(transcript(*entries)) == draft
