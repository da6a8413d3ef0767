"""What stands for personal data: a value of the same form, the same one everywhere."""

import json
import re
from typing import Any

import pytest

from shared.scenarios.drafting import draft_scenario
from shared.scenarios.redaction.checksums import is_card, is_iban
from shared.sessions.transcript import (
    AssistantSaid,
    ToolAnswered,
    ToolCalled,
    UserSaid,
)
from tests.unit.scenarios.personal import PROFILE, PROFILE_READ, redaction, transcript


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
def test_given_personal_data_in_a_tool_then_a_synthetic_value_has_its_form(
    value: dict[str, Any], form: str
) -> None:
    entries = (UserSaid("Hi"), ToolCalled(1, "find", value))
    made = redaction(*entries).replayed(value)
    (old,), (new,) = value.values(), made.values()
    assert new != old
    assert type(new) is type(old)
    assert re.fullmatch(form, str(new)), new


def test_given_numbers_with_checksums_then_synthetic_ones_have_them_too() -> None:
    hidden = redaction(UserSaid("Hi"))
    made = hidden.replayed({"card": "4111-1111-1111-1111", "to": "GB82WEST12345698765432"})
    assert is_card(made["card"].replace("-", ""))
    assert made["card"][0] == "4"
    assert len(made["card"]) == 19
    assert is_iban(made["to"])
    assert made["to"][:2] == "GB"
    assert "12345698765432" not in made["to"]


def test_given_a_profile_then_its_synthetic_values_fit_together() -> None:
    hidden = redaction(*PROFILE_READ)
    made = hidden.replayed(PROFILE, "get_user_details")
    first, last = made["name"]["first_name"], made["name"]["last_name"]
    assert made["email"].startswith(f"{first}.{last}".lower())
    made_id = hidden.replayed({"user_id": "mia_li_3668"})["user_id"]
    assert made_id.startswith(f"{first}_{last}_".lower())
    assert hidden.replayed("Mia Li, born on 1990-04-05") == f"{first} {last}, born on {made['dob']}"
    assert made["address"]["city"] == "Austin"
    assert made["reservations"] == PROFILE["reservations"]
    assert set(json.dumps(made).split('"')).isdisjoint({"Mia", "Li", "Amelia", "Ahmed", "78750"})


def test_given_many_people_then_no_two_get_the_same_name() -> None:
    people = [{"first_name": f"Mia{'abcdefghij'[n % 10] * (n // 10 + 1)}"} for n in range(500)]
    hidden = redaction(UserSaid("Hi"), ToolCalled(1, "list", {"passengers": people}))
    made = hidden.replayed({"passengers": people}, "list")["passengers"]
    assert len({person["first_name"] for person in made}) == 500


def test_given_products_and_places_then_they_keep_their_names() -> None:
    value = {
        "items": [{"name": "Action Camera", "price": 12}],
        "restaurant_name": "Big 4",
        "city": "Paris",
        "name": "Wool Socks",
        "user_id": "C-1024",
    }
    assert redaction(UserSaid("Hi"), ToolCalled(1, "get_order", value)).replayed(value) == value


def test_given_a_session_then_its_draft_has_nothing_personal_in_its_words() -> None:
    entries = (
        *PROFILE_READ,
        UserSaid("I want to fly with Amelia Ahmed. I'm Mia Li, mia.li3818@mail.test."),
        AssistantSaid("Dear Mia Li, born 1990-04-05, of 975 Sunset Drive: done."),
        ToolCalled(2, "book", {"passengers": [{"first_name": "Mia", "last_name": "Li"}]}),
        ToolAnswered(2, "book", error="Mia Li may not fly"),
    )
    draft = draft_scenario(transcript(*entries))
    words = f"{draft.name}\n{draft.intent}\n{draft.journey}"
    for piece in ("Mia", "Li", "Amelia", "Ahmed", "mia_li", "@", "1990", "Sunset", "3668"):
        assert re.search(rf"(?<![a-z]){piece}(?![a-z])", words) is None, piece
    assert "fly with <NAME_2>" in draft.intent or "fly with <NAME_1>" in draft.intent
    stand_in = draft.mock_world["get_user_details"]["output"]["name"]
    assert draft.mock_world["book"]["error"] == (
        f"{stand_in['first_name']} {stand_in['last_name']} may not fly"
    )
    assert draft_scenario(transcript(*entries)) == draft
