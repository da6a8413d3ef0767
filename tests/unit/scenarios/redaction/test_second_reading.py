"""Second reading of a draft, free texts of tools, and the budgets of the classifier."""

import json
from collections.abc import Sequence

import pytest

from shared.scenarios.drafting.material import Material
from shared.scenarios.redaction.classifier import Entity
from shared.scenarios.redaction.free_texts import MAX_READ, messages_to_read, values_to_read
from shared.scenarios.redaction.redactor import Redactor, Unread
from shared.sessions.transcript import AssistantSaid, ToolCalled, UserSaid
from tests.support.captured_sessions import answered_call, transcript
from tests.support.drafting import classify, draft, redactor

WANTED = UserSaid("I want to cancel my order.")


def test_name_in_finished_text_is_replaced() -> None:
    session = redactor(WANTED, UserSaid("Write to mia.li@mail.test."))
    name, journey = session.redact_again(
        "Refund for Yvonne Brown", "<EMAIL_1> is of my wife Yvonne Brown. Yvonne called."
    )
    assert name == "Refund for <NAME_1>"
    assert journey == "<EMAIL_1> is of my wife <NAME_1>. <NAME_1> called."


def test_value_of_tool_field_in_finished_text_is_replaced() -> None:
    fields = {"email": "mia.li@mail.test", "api_key": "Zk/9+xyzQ17", "phone": "+33 1 40 62 05 00"}
    session = redactor(WANTED, *answered_call(1, "find", fields))
    text = "Call 01 40 62 05 00 with Zk/9+xyzQ17 for mia.li@mail.test"
    assert session.redact_again(text) == ["Call <PHONE_1> with <CREDENTIAL_1> for <EMAIL_1>"]


def test_placeholders_and_phrases_of_a_journey_stay() -> None:
    journey = (
        "The user opens: \u201cI want to fly to Paris in May.\u201d\n"
        "The assistant calls get_order (order: 4711-2231, name: <NAME_1>); it answers nothing.\n"
        "The assistant hands the conversation over to a person: it calls transfer_to_human.\n"
        "[3 steps are left out here.]\nThe session is left open; the last word is the user's."
    )
    session = redactor(WANTED, ToolCalled(1, "get_order", {"order": "4711-2231"}))
    assert session.redact_again(journey) == [journey]


def test_name_that_only_the_finished_texts_reveal_leaves_the_world() -> None:
    material = Material.of(
        transcript(WANTED, *answered_call(1, "find", {"agent": "Yvonne"})), classify()
    )
    written = material.draft(name="Refund", intent="My wife is Yvonne Brown.", journey="Done.")
    assert "Yvonne" not in json.dumps(written.mock_world)


@pytest.mark.parametrize(
    "note",
    [
        "Kevin Massey called, wants callback",
        "left with neighbour Joshua Waters",
        "cc Anna Berg, billing",
        "Заказ оформляла моя жена Феврония Волкова",
        "Paketi eşim Doğannur Sezer alacak",
        "contact 陈丽 <na45@mail.test>",
    ],
)
def test_name_in_free_text_of_tool_is_redacted(note: str) -> None:
    written = draft(
        transcript(WANTED, *answered_call(1, "add_note", {"note": note}, {"text": note}))
    )
    names = ("Massey", "Joshua", "Waters", "Anna", "Berg", "Волкова", "Sezer", "陈丽")
    for text in (written.journey, json.dumps(written.mock_world, ensure_ascii=False)):
        assert not [name for name in names if name in text]


@pytest.mark.parametrize(
    ("question", "answer", "parts"),
    [
        ("Op welke naam staat het contract?", "op amin van dooren denk ik", ("amin", "dooren")),
        ("Claro! Com quem eu falo?", "milena moura", ("milena", "moura")),
        ("Na kogo jest umowa?", "no na elżbieta gębura przecież", ("elżbieta", "gębura")),
        ("Назовите, пожалуйста, ФИО.", "ну назарова анжела яковлевна", ("назарова", "анжела")),
        ("Com quem eu falo?", "Aqui é Isabelly, sobrenome Gonçalves", ("Isabelly", "Gonçalves")),
        ("Jak się Pani nazywa?", "Nazwisko Capiga, imię Mieszko", ("Capiga", "Mieszko")),
    ],
)
def test_answer_to_name_question_is_a_name_as_a_whole(
    question: str, answer: str, parts: tuple[str, ...]
) -> None:
    redacted = redactor(WANTED, AssistantSaid(question), UserSaid(answer)).redact(answer)
    assert not [part for part in parts if part in redacted]


@pytest.mark.parametrize(
    "text", ["mevrouw, Melding CLM-418159", "Pani, Faktura 12", "Meneer, Betaling mislukt"]
)
def test_noun_after_salutation_is_no_name(text: str) -> None:
    assert "<NAME_" not in redactor(UserSaid(text)).redact(text)


def test_answer_beyond_the_budget_is_left_out_of_the_world() -> None:
    texts = [f"Line {n}: The parcel was left at the door of the house." for n in range(2_000)]
    entries = (
        WANTED,
        *answered_call(1, "list_events", {}, texts),
        *answered_call(2, "list_events", {}, ["Done with it."]),
    )
    session = redactor(*entries)
    with pytest.raises(Unread):
        session.pseudonymize(texts)
    assert session.pseudonymize(["Done with it."]) == ["Done with it."]
    assert "[1 tool answer is left out" in draft(transcript(*entries)).journey


def test_texts_to_read_are_bounded_and_from_both_ends() -> None:
    messages = [AssistantSaid(f"Message {n} " + "of a long session " * 20) for n in range(1_000)]
    read = list(messages_to_read(transcript(WANTED, *messages)))
    assert read[0] == WANTED.text
    assert read[-1] == messages[-1].text
    assert sum(map(len, read)) < MAX_READ + 2 * len(messages[0].text)


def test_values_of_last_calls_are_read_first() -> None:
    entries = (
        WANTED,
        *answered_call(1, "find", {"q": "First Call here"}),
        *answered_call(2, "find", {"q": "Last Call here"}),
    )
    assert list(values_to_read(transcript(*entries))) == ["Last Call here", "First Call here"]


def test_classifier_reads_no_text_twice() -> None:
    read: list[str] = []

    def count(texts: Sequence[str]) -> list[list[Entity]]:
        read.extend(texts)
        return [[] for _ in texts]

    note = {"note": "the parcel of Mr Moss"}
    Redactor.of(
        transcript(WANTED, WANTED, ToolCalled(1, "t", note), ToolCalled(2, "t", note)), count
    )
    assert read == [WANTED.text, note["note"]]
