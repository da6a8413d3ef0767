"""Journey: the steps of a session."""

from typing import Any

import pytest

from shared.scenarios.drafting.journey import render_journey
from shared.scenarios.library.domain import MAX_JOURNEY
from shared.sessions.transcript import (
    ApprovalDecided,
    AssistantSaid,
    Ended,
    Entry,
    HandedOff,
    Signaled,
    ToolCalled,
    UserSaid,
)
from tests.support.captured_sessions import (
    answered_call,
    conversation,
    transcript,
    transcript_of_messages,
)


def journey(*entries: Entry, **fields: Any) -> list[str]:
    return render_journey(transcript(*entries, **fields)).split("\n")


def test_steps_are_rendered_in_order() -> None:
    assert journey(
        UserSaid("Hi, refund me"),
        AssistantSaid("Which order?"),
        UserSaid("Order 17"),
        *answered_call(1, "find_order", {"order": 17}, {"state": "sent"}),
        *answered_call(2, "refund", {}, error="limit exceeded"),
        Signaled("approval_required"),
        ApprovalDecided("approve", "fine"),
        UserSaid("No, actually keep it"),
        UserSaid("Yes, sure"),
        UserSaid("Is that all?"),
        HandedOff(),
        Ended("completed"),
    ) == [
        "The user opens: \u201cHi, refund me\u201d",
        "The assistant asks: \u201cWhich order?\u201d",
        "The user says: \u201cOrder 17\u201d",
        'The assistant calls find_order (order: 17); it answers {"state":"sent"}.',
        "The assistant calls refund; it fails: \u201climit exceeded\u201d",
        "The workflow waits for an approval.",
        "The approval is given with the note \u201cfine\u201d.",
        "The user changes course: \u201cNo, actually keep it\u201d",
        "The user agrees: \u201cYes, sure\u201d",
        "The user asks: \u201cIs that all?\u201d",
        "The conversation is handed over to a person.",
        "The session ends: completed.",
    ]


@pytest.mark.parametrize(
    ("message", "quoted"),
    [
        ('{"message": "How can I help?"}', "How can I help?"),
        ('{"response": {"text": "Gern."}, "done": true}', "Gern."),
        ('```json\n{"thought": "greet", "reply": "안녕하세요"}\n```', "안녕하세요"),
        ('{"order": 17}', '{"order": 17}'),
        ('{"message": 7}', '{"message": 7}'),
        ('{"message": ', '{"message":'),
        ("[1]", "[1]"),
    ],
)
def test_envelope_around_a_message_is_not_quoted(message: str, quoted: str) -> None:
    assert journey(AssistantSaid(message), UserSaid(message))[0].endswith(f"\u201c{quoted}\u201d")
    assert journey(UserSaid(message))[0] == f"The user opens: \u201c{quoted}\u201d"


@pytest.mark.parametrize(
    "message",
    [
        *("Lieber doch nicht.", "Finalement, un échange.", "算了，退款吧。", "やっぱり返金で。"),
        "Olvida el cambio, cancela el vuelo.",
    ],
)
def test_change_of_mind_is_recognized_in_any_language(message: str) -> None:
    lines = journey(UserSaid("A"), UserSaid(message), UserSaid("Don't forget the milk."))
    assert lines[1].startswith("The user changes course: ")
    assert lines[2].startswith("The user says: ")


def test_denied_approval_and_failed_turn_are_rendered() -> None:
    assert journey(UserSaid("Go"), ApprovalDecided("deny"), Signaled("turn failed: no model")) == [
        "The user opens: \u201cGo\u201d",
        "The approval is denied.",
        "The session reports: turn failed: no model.",
        "The session is left open; the last word is the user's.",
    ]


def test_large_answers_are_rendered_by_form() -> None:
    lines = journey(
        UserSaid("Go"),
        *answered_call(1, "a", {"text": "x" * 500}, {f"field_{n}": "x" * 50 for n in range(12)}),
        *answered_call(2, "b", [1, 2], ["x" * 50] * 9),
        *answered_call(3, "c", {}, ""),
        ToolCalled(4, "d", {}),
    )
    assert lines[1].endswith("it answers with field_0, field_1, field_2, field_3, field_4, "
                             "field_5, field_6, field_7 and more.")  # fmt: skip
    assert len(lines[1]) < 300
    assert lines[2] == "The assistant calls b with [1,2]; it answers with a list of 9."
    assert lines[3] == "The assistant calls c; it answers nothing."
    assert lines[4] == "The assistant calls d; no answer is recorded."


def test_missing_events_are_counted_at_their_position() -> None:
    assert journey(UserSaid("a"), UserSaid("b"), events_left_out=70, gap_at=1)[1] == (
        "[70 events of the session are left out here.]"
    )
    assert "[70 events of the session are left out here.]" in journey(
        UserSaid("a"), events_left_out=70, gap_at=1
    )


def test_middle_of_long_session_is_left_out_and_counted() -> None:
    turns = [UserSaid(f"turn {n} " + "word " * 40) for n in range(10_000)]
    text = "\n".join(journey(*turns))
    lines = text.split("\n")
    assert len(text) <= MAX_JOURNEY
    assert "turn 0 " in lines[0]
    assert "turn 9999 " in lines[-2]
    marks = [line for line in lines if line.startswith("[")]
    assert marks == [f"[{10_001 - (len(lines) - 1)} steps are left out here.]"]


def test_quotations_are_shortened_first() -> None:
    turns = [UserSaid(f"turn {n}. " + "word " * 100) for n in range(60)]
    text = "\n".join(journey(*turns))
    assert len(text) <= MAX_JOURNEY
    assert all(f"turn {n}." in text for n in range(60))


def test_recorded_conversation_yields_tools_and_handover() -> None:
    recorded = transcript_of_messages(conversation("airline-004-0")["messages"])
    text = render_journey(recorded)
    assert not [called.tool for called, _ in recorded.calls() if called.tool not in text]
    assert "The assistant hands the conversation over to a person" in text
