"""Places where personal data could stay in a draft: fields, keys, tags, numbers, odd texts."""

import json
from typing import Any

import pytest

from shared.scenarios.drafting.domain import Draft
from shared.scenarios.drafting.rules import draft_scenario
from shared.sessions.domain import SessionKind
from shared.sessions.transcript import (
    AssistantSaid,
    Entry,
    ToolAnswered,
    ToolCalled,
    Transcript,
    UserSaid,
)
from tests.support.drafting import classify


def drafted(*entries: Entry, tags: tuple[str, ...] = ()) -> Draft:
    transcript = Transcript(kind=SessionKind.AGENT, entries=entries, tags=tags)
    return draft_scenario(transcript, classify())


def everything(draft: Draft) -> str:
    texts = [draft.name, draft.intent, draft.journey, *draft.tags, *draft.user_turns]
    return "\n".join([*texts, json.dumps(draft.mock_world, ensure_ascii=False)])


@pytest.mark.parametrize("field", ["from", "to", "team", "title", "company", "event", "make"])
def test_person_in_a_field_of_places_and_things_is_redacted(field: str) -> None:
    draft = drafted(
        UserSaid("Ask Carole Whitfield about it, she lives next door."),
        ToolCalled(0, "get_message", {field: "Carole Whitfield"}),
        ToolAnswered(0, "get_message", "Message from Carole Whitfield sent"),
    )

    assert "Whitfield" not in everything(draft)


def test_city_in_a_field_of_places_stays() -> None:
    draft = drafted(
        UserSaid("I want to fly from Las Vegas to San Diego."),
        ToolCalled(0, "find_flights", {"from": "Las Vegas", "to": "San Diego"}),
        ToolAnswered(0, "find_flights", {"from": "Las Vegas", "to": "San Diego", "seats": 4}),
    )

    assert draft.intent == "I want to fly from Las Vegas to San Diego."
    assert draft.mock_world["find_flights"]["output"]["to"] == "San Diego"


def test_personal_data_in_tags_and_names_of_tools_is_replaced() -> None:
    draft = drafted(
        UserSaid("I am Mia Hansen, mia.hansen@mail.example. Cancel it."),
        ToolCalled(0, "mia.hansen@mail.example", {}),
        ToolAnswered(0, "mia.hansen@mail.example", {"ok": True}),
        tags=("vip", "mia.hansen@mail.example", "Mia Hansen"),
    )

    assert "hansen" not in everything(draft).lower()
    assert draft.tags[0] == "vip"


@pytest.mark.parametrize(
    "arguments",
    [{"phone": 4155550123.0}, {"card_number": 4111111111111111.0}, {"password": 12345.5}],
)
def test_personal_number_is_replaced_whatever_its_type(arguments: dict[str, Any]) -> None:
    draft = drafted(
        UserSaid("Check it."), ToolCalled(0, "f", arguments), ToolAnswered(0, "f", {"ok": True})
    )

    [call] = draft.mock_world["f"]["calls"]
    assert call["arguments"] != arguments
    assert call["arguments"].keys() == arguments.keys()


@pytest.mark.parametrize("arguments", [{"token": -12345678}, {"api_key": -1}, {"ip": -1234}])
def test_negative_number_in_a_personal_field_is_drafted(arguments: dict[str, Any]) -> None:
    draft = drafted(
        UserSaid("Check it."), ToolCalled(0, "f", arguments), ToolAnswered(0, "f", {"ok": True})
    )

    assert draft.mock_world["f"]["output"] == {"ok": True}


def test_invisible_characters_hide_nothing() -> None:
    draft = drafted(
        UserSaid("Call me: phone 415\u200b-555\u200b-0199. I am Caro\u200ble Whitf\u00adield.")
    )

    assert "0199" not in everything(draft)
    assert "ield" not in everything(draft)


def test_text_in_the_form_of_a_placeholder_hides_nothing() -> None:
    draft = drafted(UserSaid("My phone is <PHONE_4155550123>, please call."))

    assert "4155550123" not in everything(draft)


def test_call_without_an_answer_is_replayed_as_one() -> None:
    draft = drafted(UserSaid("Check order 1234."), ToolCalled(0, "get_order", {"id": "1234"}))

    [call] = draft.mock_world["get_order"]["calls"]
    assert call == {"arguments": {"id": "1234"}, "error": "No answer was recorded in the session."}
    assert "left out" not in draft.journey


def test_world_of_many_tools_stays_within_its_limit() -> None:
    calls: list[Entry] = []
    for number in range(6_000):
        name = f"tool_{number}_" + "x" * 100
        calls += [ToolCalled(number, name, {}), ToolAnswered(number, name, {})]

    draft = drafted(UserSaid("Check it."), *calls, AssistantSaid("Done."))

    assert len(json.dumps(draft.mock_world)) < 300_000
    assert "tool answers are left out of the mock world" in draft.journey


def test_name_has_no_marks_of_json() -> None:
    draft = drafted(
        UserSaid("Cancel everything please."),
        ToolCalled(0, "cancel", {"a": 10, "b": "x"}),
        ToolAnswered(0, "cancel", {"ok": True}),
    )

    assert "(:" not in draft.name
