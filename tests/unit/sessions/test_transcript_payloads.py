"""Messages of the common model APIs as transcript entries."""

from typing import Any

import pytest

from shared.sessions.transcript import AssistantSaid, Entry, ToolAnswered, ToolCalled, UserSaid
from tests.support.captured_sessions import transcript_of_messages

CALLED = ToolCalled(1, "find_order", {"order": "A-1"})
FOUND = ToolAnswered(1, "find_order", {"state": "sent"})

OPENAI: list[dict[str, Any]] = [
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": "c1",
                "type": "function",
                "function": {"name": "find_order", "arguments": '{"order":"A-1"}'},
            }
        ],
    },
    {"role": "tool", "tool_call_id": "c1", "name": "find_order", "content": '{"state":"sent"}'},
]
OLD_OPENAI = [
    {"role": "assistant", "function_call": {"name": "find_order", "arguments": '{"order":"A-1"}'}},
    {"role": "function", "name": "find_order", "content": '{"state":"sent"}'},
]
RESPONSES = [
    {"type": "function_call", "id": "f", "call_id": "c1", "name": "find_order",
     "arguments": '{"order":"A-1"}'},
    {"type": "function_call_output", "call_id": "c1", "output": '{"state":"sent"}'},
]  # fmt: skip
PARTS = [
    {
        "role": "assistant",
        "content": [
            {"type": "tool_use", "id": "c1", "name": "find_order", "input": {"order": "A-1"}}
        ],
    },
    {
        "role": "user",
        "content": [
            {
                "type": "tool_result",
                "tool_use_id": "c1",
                "content": [{"type": "text", "text": '{"state":"sent"}'}],
            }
        ],
    },
]
AGENT_PARTS = [
    {
        "role": "agent",
        "content": [
            {"type": "tool_call", "id": "c1", "name": "find_order", "arguments": {"order": "A-1"}}
        ],
    },
    {
        "role": "tool_result",
        "content": [{"type": "tool_result", "tool_call_id": "c1", "result": {"state": "sent"}}],
    },
]


def entries(*messages: dict[str, Any]) -> tuple[Entry, ...]:
    return transcript_of_messages(list(messages)).entries


@pytest.mark.parametrize(
    "messages",
    [OPENAI, OLD_OPENAI, RESPONSES, PARTS, AGENT_PARTS],
    ids=["chat", "chat-functions", "responses", "content-parts", "agent-parts"],
)
def test_given_any_api_s_form_then_a_call_and_its_answer_are_told(
    messages: list[dict[str, Any]],
) -> None:
    assert entries(*messages) == (CALLED, FOUND)


def test_given_text_in_parts_then_it_is_joined_and_images_are_named() -> None:
    said = {
        "role": "user",
        "content": [{"type": "text", "text": "Look:"}, {"type": "image_url", "image_url": {}}],
    }
    assert entries(said) == (UserSaid("Look:\n[image]"),)


def test_given_system_messages_and_empty_ones_then_they_are_not_told() -> None:
    assert entries(
        {"role": "system", "content": "Be kind"},
        {"role": "user", "content": " "},
        {"role": "assistant", "content": "Hello"},
        {"content": "no role"},
    ) == (AssistantSaid("Hello"),)


def test_given_an_answer_that_begins_with_error_then_it_is_an_error() -> None:
    told = entries(OPENAI[0], {**OPENAI[1], "content": "Error: no such order"})
    assert told[1] == ToolAnswered(1, "find_order", error="Error: no such order")


@pytest.mark.parametrize(
    "failed",
    [
        {"is_error": True, "content": '{"code": null, "hint": "später"}'},
        {"content": "x", "error": {"code": None, "hint": "später"}},
    ],
)
def test_given_an_error_that_is_an_object_then_it_is_told_as_json(failed: dict[str, Any]) -> None:
    told = entries(OPENAI[0], {**OPENAI[1], "type": "tool_result", **failed})
    assert told[1] == ToolAnswered(1, "find_order", error='{"code":null,"hint":"später"}')


@pytest.mark.parametrize("text", ["255.0", "sent", "", "{not json", '{"n": ' + "9" * 5000 + "}"])
def test_given_an_answer_that_is_no_object_then_its_text_is_kept(text: str) -> None:
    told = entries(OPENAI[0], {**OPENAI[1], "content": text})
    assert told[1] == ToolAnswered(1, "find_order", text)


def test_given_a_number_too_large_to_write_again_then_its_digits_are_kept() -> None:
    told = entries(OPENAI[0], {**OPENAI[1], "content": '{"n":1e999,"m":NaN,"k":1.5}'})
    assert told[1] == ToolAnswered(1, "find_order", {"n": "1e999", "m": "NaN", "k": 1.5})


def test_given_an_identifier_used_for_two_calls_then_each_has_its_own_answer() -> None:
    told = transcript_of_messages(
        [*OPENAI, OPENAI[0], {**OPENAI[1], "content": '{"state":"lost"}'}]
    )
    assert [answer and answer.output for _, answer in told.calls()] == [
        {"state": "sent"},
        {"state": "lost"},
    ]


def test_given_parallel_calls_then_answers_find_theirs_by_identifier_or_by_tool() -> None:
    calls = [
        {"id": "c1", "function": {"name": "a", "arguments": "{}"}},
        {"id": "c2", "function": {"name": "b", "arguments": "{}"}},
        {"function": {"name": "c", "arguments": "{}"}},
        {"function": {"name": "d", "arguments": "not json"}},
    ]
    told = transcript_of_messages(
        [
            {"role": "assistant", "tool_calls": calls},
            {"role": "tool", "tool_call_id": "c2", "content": "2"},
            {"role": "tool", "name": "d", "content": "4"},
            {"role": "tool", "tool_call_id": "c1", "content": "1"},
        ]
    )
    assert [(c.tool, c.arguments, a and a.output) for c, a in told.calls()] == [
        ("a", {}, "1"),
        ("b", {}, "2"),
        ("c", {}, None),
        ("d", "not json", "4"),
    ]


def test_given_an_answer_without_a_call_then_it_brings_its_call_along() -> None:
    told = entries({"role": "tool", "tool_call_id": "x", "name": "lost", "content": "found"})
    assert told == (ToolCalled(1, "lost", {}), ToolAnswered(1, "lost", "found"))
