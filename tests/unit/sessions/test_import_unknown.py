"""Unknown content of imports: refused by the name of its field."""

from typing import Any

import pytest

from shared.core.errors import InvalidInput
from shared.sessions.captured_conversations import read_conversation
from tests.unit.sessions.imported import USER, read


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"function_call": "look"}, "messages.0.function_call: must be an object"),
        ({"function_call": {}}, "messages.0.function_call: must have a function with a name"),
        ({"tool_calls": "look"}, "messages.0.tool_calls: must be a list"),
        ({"tool_calls": ["look"]}, "messages.0.tool_calls.0: must be an object"),
        ({"tool_calls": [{"id": "x"}]}, "messages.0.tool_calls.0: must have a function"),
        ({"content": [{"type": "tool_use", "id": "x"}]}, "messages.0.content.0: must have"),
        ({"content": [{"toolUse": {"toolUseId": "x"}}]}, "messages.0.content.0.toolUse: must"),
        ({"parts": [{"functionCall": {"id": "x"}}]}, "messages.0.parts.0.function_call: must"),
        ({"toolInvocations": [{"state": "call"}]}, "messages.0.toolInvocations.0: must have"),
        ({"toolInvocations": {}}, "messages.0.toolInvocations: must be a list"),
        ({"parts": "x"}, "messages.0.parts: must be a list"),
        ({"refusal": {"text": "x"}}, "messages.0.refusal: must be a string"),
        ({"audio": "x"}, "messages.0.audio: must be an object"),
        ({"data": {"text": "x"}}, "messages.0.data: is unknown"),
        ({"content": "x", "tool_uses": [{}]}, "messages.0.tool_uses: is unknown"),
        ({"body": "Hi."}, "messages.0.body: is unknown; the text of a message is its content"),
        ({"content": 7}, "messages.0.content: must be a string"),
        ({"role": "narrator"}, "messages.0.role: must be one of"),
        ({"role": None}, "messages.0.role: must be one of"),
        ({"content": "x", "timestamp": "yesterday"}, "messages.0.timestamp: must be a time"),
        ({"content": "x", "created_at": -5}, "messages.0.created_at: must not be before 1970"),
        ({"content": "x", "ts": [1]}, "messages.0.ts: must be a time"),
        ({"content": "x", "timestamp": 1e30}, "messages.0.timestamp: must be a time"),
        ({"content": "x", "timestamp": "9" * 5000}, "messages.0.timestamp: must be a time"),
        ({"content": "x", "timestamp": True}, "messages.0.timestamp: must be a time"),
        ({"content": "x", "timestamp": "0001-01-01T00:00:00+10:00"}, "messages.0.timestamp"),
    ],
)
def test_unknown_content_is_refused_by_its_field(message: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read({"role": "assistant", **message})
    assert refused.value.message.startswith(reason)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"conversations": []}, "conversations: must be a non-empty list"),
        ({"events": "x"}, "events: must be a non-empty list"),
        ({"events": [7]}, "events.0: must be an object"),
        ({"conversations": [{"from": "narrator", "value": "x"}]}, "conversations.0.from: must be"),
        ({"conversations": [{"from": "gpt", "value": 7}]}, "conversations.0.value: must be"),
        ({"conversations": [{"from": "function_call", "value": "x"}]}, "conversations.0.value"),
        ({"items": [{"type": "item_reference", "id": "x"}]}, "items.0.type: item_reference is"),
        ({"items": [USER], "events": [USER]}, "events: must not stand beside items"),
        ({"runs": [{"inputs": {}}]}, "runs.0: must be a run with a run_type"),
        ({"messages": [{"lc": 1, "id": ["x", "Odd"], "kwargs": {}}]}, "messages.0.kwargs: must"),
        ({"spans": [{"attributes": {"gen_ai.prompt": "x"}}]}, "spans.0.gen_ai.prompt: is unknown"),
        ({"spans": [{"attributes": {"gen_ai.input.messages": "x"}}]}, "spans.0.gen_ai.input"),
        ({"messages": [{"role": "system", "content": "x" * 270_000}, USER]}, "messages: system"),
    ],
)
def test_unknown_line_is_refused_by_its_field(line: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_conversation({"id": "i", **line})
    assert refused.value.message.startswith(reason)
