"""Messages of the common model APIs as transcript entries."""

from typing import Any

import pytest

from shared.sessions.conversation_payloads import parse_json
from shared.sessions.transcript import AssistantSaid, Entry, ToolAnswered, ToolCalled, UserSaid
from tests.support.captured_sessions import transcript_of_messages

CALLED = ToolCalled(1, "find_order", {"order": "A-1"})
FOUND = ToolAnswered(1, "find_order", {"state": "sent"})

FUNCTION = {"name": "find_order", "arguments": '{"order":"A-1"}'}
TOOL_CALL = {"id": "c1", "type": "function", "function": FUNCTION}
OPENAI: list[dict[str, Any]] = [
    {"role": "assistant", "content": None, "tool_calls": [TOOL_CALL]},
    {"role": "tool", "tool_call_id": "c1", "name": "find_order", "content": '{"state":"sent"}'},
]
OLD_OPENAI = [
    {"role": "assistant", "function_call": FUNCTION},
    {"role": "function", "name": "find_order", "content": '{"state":"sent"}'},
]
RESPONSES = [
    {"type": "function_call", "id": "f", "call_id": "c1", **FUNCTION},
    {"type": "function_call_output", "call_id": "c1", "output": '{"state":"sent"}'},
]
TOOL_USE = {"type": "tool_use", "id": "c1", "name": "find_order", "input": {"order": "A-1"}}
SENT = [{"type": "text", "text": '{"state":"sent"}'}]
PARTS = [
    {"role": "assistant", "content": [TOOL_USE]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": SENT}]},
]
CALL = {"type": "tool_call", "id": "c1", "name": "find_order", "arguments": {"order": "A-1"}}
RESULT = {"type": "tool_result", "tool_call_id": "c1", "result": {"state": "sent"}}
AGENT_PARTS = [
    {"role": "agent", "content": [CALL]},
    {"role": "tool_result", "content": [RESULT]},
]


TRACEBACK = (
    "Traceback (most recent call last):\n  File \"tool.py\", line 3, in <module>\nKeyError: 'A-1'\n"
)


STACK = "TypeError: x is no function\n    at run (a.js:1:2)"


def entries(*messages: dict[str, Any]) -> tuple[Entry, ...]:
    return transcript_of_messages(list(messages)).entries


@pytest.mark.parametrize(
    "messages",
    [OPENAI, OLD_OPENAI, RESPONSES, PARTS, AGENT_PARTS],
    ids=["chat", "chat-functions", "responses", "content-parts", "agent-parts"],
)
def test_call_and_answer_in_any_api_form_are_recorded(messages: list[dict[str, Any]]) -> None:
    assert entries(*messages) == (CALLED, FOUND)


def test_text_parts_are_joined_and_images_named() -> None:
    content = [{"type": "text", "text": "Look:"}, {"type": "image_url", "image_url": {}}]
    assert entries({"role": "user", "content": content}) == (UserSaid("Look:\n[image]"),)


def test_system_and_empty_messages_are_skipped() -> None:
    assert entries(
        {"role": "system", "content": "Be kind"},
        {"role": "user", "content": " "},
        {"role": "assistant", "content": "Hello"},
        {"content": "no role"},
    ) == (AssistantSaid("Hello"),)


@pytest.mark.parametrize(
    "text",
    [
        "Error codes of the WX-200: E42 means that the door is open.",
        "Error: no such order",
        "The log says:\nTraceback (most recent call last):\n  File ...",
        '{"error": null}',
        '{"error": "E42", "meaning": "door open"}',
        '{"status": 200}',
        '{"status": "open", "code": 404}',
        '[{"error": "E42"}]',
    ],
)
def test_answer_about_errors_is_recorded_as_success(text: str) -> None:
    recorded = entries(OPENAI[0], {**OPENAI[1], "content": text})
    assert isinstance(recorded[1], ToolAnswered)
    assert recorded[1].error is None
    assert recorded[1].output == parse_json(text)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('{"error": "no such order"}', "no such order"),
        ('{"is_error": true, "text": "x"}', '{"is_error":true,"text":"x"}'),
        ('{"isError": true, "content": []}', '{"isError":true,"content":[]}'),
        ('{"status": "error", "reason": "x"}', '{"status":"error","reason":"x"}'),
        ('{"status": 404}', '{"status":404}'),
        ('{"statusCode": 503, "body": "busy"}', '{"statusCode":503,"body":"busy"}'),
        (TRACEBACK, TRACEBACK),
        (STACK, STACK),
    ],
)  # fmt: skip
def test_answer_with_structure_of_an_error_is_recorded_as_error(text: str, error: str) -> None:
    recorded = entries(OPENAI[0], {**OPENAI[1], "content": text})
    assert recorded[1] == ToolAnswered(1, "find_order", error=error)


@pytest.mark.parametrize(
    "failed",
    [
        {"is_error": True, "content": '{"code": null, "hint": "später"}'},
        {"content": "x", "error": {"code": None, "hint": "später"}},
    ],
)
def test_error_object_is_recorded_as_json(failed: dict[str, Any]) -> None:
    recorded = entries(OPENAI[0], {**OPENAI[1], "type": "tool_result", **failed})
    assert recorded[1] == ToolAnswered(1, "find_order", error='{"code":null,"hint":"später"}')


@pytest.mark.parametrize("text", ["255.0", "sent", "", "{not json", '{"n": ' + "9" * 5000 + "}"])
def test_answer_without_json_object_stays_text(text: str) -> None:
    recorded = entries(OPENAI[0], {**OPENAI[1], "content": text})
    assert recorded[1] == ToolAnswered(1, "find_order", text)


def test_number_beyond_json_range_stays_text() -> None:
    recorded = entries(OPENAI[0], {**OPENAI[1], "content": '{"n":1e999,"m":NaN,"k":1.5}'})
    assert recorded[1] == ToolAnswered(1, "find_order", {"n": "1e999", "m": "NaN", "k": 1.5})


def test_reused_identifier_matches_each_answer_with_its_call() -> None:
    recorded = transcript_of_messages(
        [*OPENAI, OPENAI[0], {**OPENAI[1], "content": '{"state":"lost"}'}]
    )
    assert [answer and answer.output for _, answer in recorded.calls()] == [
        {"state": "sent"},
        {"state": "lost"},
    ]


def test_parallel_answers_are_matched_by_identifier_or_tool() -> None:
    calls = [
        {"id": "c1", "function": {"name": "a", "arguments": "{}"}},
        {"id": "c2", "function": {"name": "b", "arguments": "{}"}},
        {"function": {"name": "c", "arguments": "{}"}},
        {"function": {"name": "d", "arguments": "not json"}},
    ]
    recorded = transcript_of_messages(
        [
            {"role": "assistant", "tool_calls": calls},
            {"role": "tool", "tool_call_id": "c2", "content": "2"},
            {"role": "tool", "name": "d", "content": "4"},
            {"role": "tool", "tool_call_id": "c1", "content": "1"},
        ]
    )
    assert [(c.tool, c.arguments, a and a.output) for c, a in recorded.calls()] == [
        ("a", {}, "1"),
        ("b", {}, "2"),
        ("c", {}, None),
        ("d", "not json", "4"),
    ]


def test_answer_without_call_records_the_call() -> None:
    recorded = entries({"role": "tool", "tool_call_id": "x", "name": "lost", "content": "found"})
    assert recorded == (ToolCalled(1, "lost", {}), ToolAnswered(1, "lost", "found"))
