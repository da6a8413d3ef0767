"""Messages of imports: words of every part are kept, and results belong to their calls."""

from typing import Any

import pytest

from shared.core.json import loads_strict
from shared.sessions.captured_conversations import read_conversation
from shared.sessions.transcript import UserSaid
from tests.unit.sessions.imported import CALL, USER, read


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"content": None, "refusal": "I cannot."}, "agent: I cannot."),
        ({"content": [{"type": "refusal", "refusal": "I cannot."}]}, "agent: I cannot."),
        ({"content": None, "audio": {"id": "a", "transcript": "Hi."}}, "agent: Hi."),
        ({"content": None, "audio": {"id": "a"}}, "agent: [audio]"),
        ({"content": [{"type": "widget", "rows": [1]}]}, 'agent: {"type":"widget","rows":[1]}'),
        ({"content": {"text": "Hi."}}, "agent: Hi."),
        ({"text": "Hi."}, "agent: Hi."),
        ({"content": "Hi.", "reasoning_content": "a greeting"}, "agent: Hi."),
        ({"reasoning": [{"x": 1}]}, 'thinks: [{"x":1}]'),
    ],
)
def test_words_of_the_assistant_are_kept(message: dict[str, Any], said: str) -> None:
    assert read(USER, {"role": "assistant", **message})[-1] == said


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ({"type": "input_audio", "input_audio": {"data": "AA", "format": "wav"}}, "[audio]"),
        ({"type": "audio", "transcript": "Where is it?"}, "Where is it?"),
        ({"type": "video_url", "video_url": {"url": "https://example.com/v"}}, "[video]"),
        ({"type": "image_url", "image_url": {"url": "data:,"}}, "[image]"),
        ({"type": "image", "image": "AA"}, "[image]"),
        ({"type": "input_image", "image_url": "data:,"}, "[image]"),
        ({"type": "file", "file": {"file_id": "f"}}, "[file]"),
        ({"type": "input_file", "file_id": "f"}, "[file]"),
        ({"type": "file", "mediaType": "video/mp4", "url": "x"}, "[video]"),
        ({"type": "document", "source": {"type": "text", "data": "A letter"}}, "A letter"),
        ({"image": {"format": "png"}}, "[image]"),
        ({"document": {"format": "pdf"}}, "[file]"),
        ({"inlineData": {"mimeType": "audio/ogg", "data": "AA"}}, "[audio]"),
        ({"file_data": {"mime_type": "application/pdf"}}, "[file]"),
        ({"type": "blob", "modality": "image", "content": "AA"}, "[image]"),
        ({"type": "text", "text": {"value": "Hi.", "annotations": []}}, "Hi."),
        ({"type": "text", "text": 7}, '{"type":"text","text":7}'),
        ({"unknown": {"text": "x"}}, '{"unknown":{"text":"x"}}'),
        ("plain", "plain"),
        (7, "7"),
    ],
)
def test_turn_of_any_part_is_kept(part: Any, text: str) -> None:
    assert read({"role": "user", "content": [part]}) == [f"user: {text}"]


def test_two_calls_with_one_identifier_are_answered_in_order() -> None:
    other = {**CALL, "function": {"name": "find", "arguments": "{}"}}
    results = [{"role": "tool", "tool_call_id": "c", "content": text} for text in ("one", "two")]
    for calls in ([CALL, other], [CALL, CALL]):
        found = read(USER, {"role": "assistant", "tool_calls": calls}, *results)
        assert found[3:] == ["result 1: one", "result 2: two"]


def test_result_ahead_of_its_call_is_matched_by_identifier() -> None:
    early = {"role": "tool", "tool_call_id": "c", "content": "found"}
    calls = [{**CALL, "id": "b"}, CALL]
    found = read(USER, early, {"role": "assistant", "content": "Look.", "tool_calls": calls})
    assert found == [
        "user: Hello", "agent: Look.", 'call 1: look {"n":1}', 'call 2: look {"n":1}',
        "result 2: found",
    ]  # fmt: skip


def test_result_without_a_call_and_second_result_get_calls_of_their_own() -> None:
    results = [
        {"role": "tool", "tool_call_id": "c", "content": "one"},
        {"role": "tool", "tool_call_id": "c", "content": "two", "name": "look"},
        {"role": "tool", "tool_call_id": "x", "content": None},
    ]
    assert read(USER, {"role": "assistant", "tool_calls": [CALL]}, *results)[2:] == [
        "result 1: one", "call 2: look {}", "result 2: two",
        "call 3: unknown_tool {}", "result 3: null",
    ]  # fmt: skip


def test_results_without_identifiers_belong_to_calls_of_their_turn() -> None:
    open_call = {"role": "assistant", "function_call": {"name": "look", "arguments": "{}"}}
    result = {"role": "function", "name": "look", "content": "second"}
    found = read(USER, open_call, USER, open_call, result)
    assert found[-1] == "result 2: second"


def test_error_of_a_result_is_kept_beside_its_content() -> None:
    result = {"role": "tool", "tool_call_id": "c", "content": "half of it", "error": "cut off"}
    found = read(USER, {"role": "assistant", "tool_calls": [CALL]}, result)
    assert found[-1] == "error 1: half of it\ncut off"


@pytest.mark.parametrize(
    ("mark", "told_as"),
    [
        ({"is_error": True}, "error"),
        ({"isError": True}, "error"),
        ({"status": "error"}, "error"),
        ({"error": True}, "error"),
        ({"is_error": False}, "result"),
        ({"status": "success"}, "result"),
        ({}, "result"),
    ],
)
def test_flag_of_the_tool_message_makes_an_error(mark: dict[str, Any], told_as: str) -> None:
    result = {"role": "tool", "tool_call_id": "c", "content": "Error: none", **mark}
    found = read(USER, {"role": "assistant", "tool_calls": [CALL]}, result)
    assert found[-1] == f"{told_as} 1: Error: none"


@pytest.mark.parametrize(
    ("role", "told_as"),
    [
        ("user", "user"), ("human", "user"), ("customer", "user"), ("User", "user"),
        ("assistant", "agent"), ("model", "agent"), ("ai", "agent"), ("agent", "agent"),
        ("bot", "agent"), ("CHATBOT", "agent"),
    ],
)  # fmt: skip
def test_role_is_known_by_its_names(role: str, told_as: str) -> None:
    assert read({"role": role, "content": "Hello"}) == [f"{told_as}: Hello"]


def test_instructions_are_read_from_messages_and_line() -> None:
    messages = [{"role": "system", "content": "One."}, {"role": "developer", "content": "Two."}]
    line = {"id": "i", "messages": [*messages, USER], "system": [{"type": "text", "text": "Zero."}]}
    assert read_conversation(line).instructions == "Zero.\n\nOne.\n\nTwo."


def test_text_that_is_cut_in_half_becomes_the_replacement_character() -> None:
    line = b'{"id": "i", "messages": [{"role": "user", "content": "cut \\ud83d"}]}'
    found = read_conversation(loads_strict(line))
    assert found.entries == (UserSaid("cut \ufffd"),)
