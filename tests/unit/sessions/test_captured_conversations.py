"""Captured conversations: parsing and validation."""

from typing import Any

import pytest

from shared.core.errors import InvalidInput, TooLarge
from shared.core.json import fingerprint
from shared.sessions.captured_conversations import read_conversation
from shared.sessions.capturing import check_size
from shared.sessions.domain import NewEvent
from shared.sessions.transcript import AssistantSaid, ToolAnswered, ToolCalled, UserSaid

HELLO = [{"role": "user", "content": "Hello"}]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "expected an object"),
        ([], "expected an object"),
        ("text", "expected an object"),
        ({"messages": HELLO}, "id: is required"),
        ({"id": None, "messages": HELLO}, "id: is required"),
        ({"id": 7, "messages": HELLO}, "id: must be a non-blank string"),
        ({"id": " ", "messages": HELLO}, "id: must be a non-blank string"),
        ({"id": "i" * 256, "messages": HELLO}, "id: must have at most 255"),
        ({"id": "i"}, "messages: must be a non-empty list"),
        ({"id": "i", "messages": []}, "messages: must be a non-empty list"),
        ({"id": "i", "messages": {"role": "user"}}, "messages: must be a non-empty list"),
        ({"id": "i", "messages": ["Hello"]}, "messages.0: must be an object"),
        ({"id": "i", "messages": [*HELLO, {"content": "x"}]}, "messages.1.role"),
        ({"id": "i", "messages": [{"role": "narrator", "content": "x"}]}, "messages.0.role"),
        ({"id": "i", "messages": [{"role": ["user"], "content": "x"}]}, "messages.0.role"),
        ({"id": "i", "messages": [{"role": "user", "content": 7}]}, "messages.0.content"),
        ({"id": "i", "messages": [{"role": "user", "content": ""}]}, "must contain"),
        ({"id": "i", "messages": [{"role": "system", "content": "Be kind."}]}, "must contain"),
        ({"id": "i", "messages": [{"role": "assistant", "tool_calls": {}}]}, "tool_calls"),
        (
            {"id": "i", "messages": [{"role": "assistant", "tool_calls": [{"id": "x"}]}]},
            "messages.0.tool_calls.0",
        ),
        ({"id": "i", "messages": HELLO, "agent": ""}, "agent: must be a non-blank string"),
        ({"id": "i", "messages": HELLO, "agent": 7}, "agent: must be a non-blank string"),
        ({"id": "i", "messages": HELLO, "agent": "a" * 256}, "agent: must have at most 255"),
        ({"id": "i", "messages": HELLO, "tags": "web"}, "tags: must be a list"),
        ({"id": "i", "messages": HELLO, "tags": [1]}, "tags: must be a list"),
        ({"id": "i", "messages": HELLO, "tags": ["t"] * 51}, "tags: must be at most 50"),
        ({"id": "i", "messages": HELLO, "tags": ["t" * 129]}, "tags: must be at most 50"),
    ],
)
def test_invalid_conversation_is_rejected_with_field(value: Any, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_conversation(value)

    assert reason in refused.value.message


def test_conversation_is_parsed_completely() -> None:
    call = {"id": "x", "type": "function", "function": {"name": "look", "arguments": '{"n": 1}'}}
    found = read_conversation(
        {
            "id": "i",
            "agent": "Desk",
            "tags": ["a"],
            "source": "elsewhere",
            "messages": [
                {"role": "system", "content": "Be kind."},
                {"role": "user", "content": [{"type": "text", "text": "Hello"}]},
                {"role": "assistant", "content": "Let me see.", "tool_calls": [call]},
                {"role": "tool", "tool_call_id": "x", "content": "[1]"},
                {"role": "developer", "content": "Be brief."},
            ],
        }
    )

    assert (found.id, found.agent, found.tags) == ("i", "Desk", ("a",))
    assert found.instructions == "Be kind.\n\nBe brief."
    assert found.entries == (
        UserSaid("Hello"),
        AssistantSaid("Let me see."),
        ToolCalled(1, "look", {"n": 1}),
        ToolAnswered(1, "look", [1]),
    )


def test_fingerprint_is_equal_only_for_equal_conversations() -> None:
    first = {"id": "i", "messages": HELLO, "tags": [], "source": "here"}
    second = {"tags": None, "messages": [{"content": "Hello", "role": "user"}], "id": "j"}
    third = {"id": "i", "messages": [{"role": "user", "content": "Hello!"}]}

    prints = [read_conversation(value).fingerprint for value in (first, second, third)]

    assert prints[0] == prints[1] != prints[2]


def test_event_beyond_item_limit_is_named() -> None:
    small = NewEvent(type="input.message", data={"text": "ä" * 1000})
    large = NewEvent(type="tool.completed", data={"text": "ä" * 200_000})

    check_size([small])
    with pytest.raises(TooLarge, match=r"event 2 \(tool.completed\)"):
        check_size([small, large])


def test_fingerprint_of_messages_is_that_of_every_release_so_far() -> None:
    first = {"id": "i", "messages": HELLO}
    later = {**first, "created_at": "2026-01-15T09:30:00Z", "source": "elsewhere"}
    instructed = {**first, "system": "Be kind."}  # which earlier releases did not read

    prints = [read_conversation(value).fingerprint for value in (first, later, instructed)]

    assert prints == [fingerprint([HELLO, None, []])] * 3


def test_fingerprint_of_another_form_depends_on_instructions() -> None:
    first = {"id": "i", "items": HELLO}
    prints = [
        read_conversation(value).fingerprint
        for value in (first, {**first, "created_at": 1.7e9}, {**first, "system": "Be kind."})
    ]

    assert prints[0] == prints[1] != prints[2]


@pytest.mark.parametrize("key", ["messages", "conversations", "items", "contents", "events"])
def test_source_of_a_line_is_read_as_the_same_conversation(key: str) -> None:
    line = {"id": "i", key: HELLO, "app_name": "desk", "system": "Be kind.", "created_at": 1.7e9}

    first = read_conversation(line)
    again = read_conversation({"id": "i", **first.source})

    assert again == first
