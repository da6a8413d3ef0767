"""Fields of each form with a value of another type: read, or refused by the field."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.agents.sessions.imported_events import imported_events
from shared.core.errors import InvalidInput
from shared.evaluations.sessions.imported_turns import result_events
from shared.sessions.captured_conversations import read_conversation
from tests.unit.sessions.imported import LINES
from tests.unit.sessions.test_import_forms_counted import IMPORTED_AT, SESSION

VALUES: tuple[Any, ...] = (
    None, True, 5, -0.5, "", "text", [], [5], [None], [[]], [{}], {}, {"x": 5}, {"text": 5},
)  # fmt: skip
#: Fields with lists or objects that the fixtures lack, or have in some places only.
FIELDS = (
    "content", "parts", "text", "message", "summary", "thinking", "reasoning", "reasoning_content",
    "reasoning_details", "thinking_blocks", "tool_calls", "invalid_tool_calls", "function_call",
    "function", "custom", "arguments", "args", "input", "output", "outputs", "results", "result",
    "error", "action", "refusal", "audio", "toolInvocations", "toolInvocation", "source", "data",
    "experimental_attachments", "kwargs", "additional_kwargs", "response_metadata", "metadata",
    "child_runs", "inputs", "messages", "generations", "choices", "prompts", "toolUse",
    "toolResult", "reasoningContent", "citationsContent", "guardContent", "functionCall",
    "functionResponse", "executableCode", "codeExecutionResult", "inlineData", "file_data",
    "input_transcription", "outputTranscription", "error_code", "attributes", "body", "context",
    "spans", "events", "scopeLogs", "id", "name", "type", "role", "status", "system", "items",
    "partial", "author", "from", "value", "run_type", "author", "state", "span_id", "lc",
)  # fmt: skip


def _places(value: Any, path: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Yield each place below a value: its path without positions, and its keys."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        own = f"{path}.{key if isinstance(value, dict) else ''}"
        yield own, [key]
        if isinstance(inner, dict | list):
            yield from ((below, [key, *keys]) for below, keys in _places(inner, own))


def _changed(line: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any]:
    line = deepcopy(line)
    holder: Any = line
    for key in keys[:-1]:
        holder = holder[key]
    holder[keys[-1]] = value
    return line


def _assert_read_or_refused(line: dict[str, Any]) -> None:
    try:
        found = read_conversation(line)
    except InvalidInput as error:
        refusal = error.message
    else:
        assert imported_events(SESSION, found, IMPORTED_AT)
        assert result_events(found, IMPORTED_AT)
        return
    assert re.match(r"[\w.]+: .*(must|is unknown|is required)", refusal)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["id"])
def test_field_of_any_type_is_read_or_refused(line: dict[str, Any]) -> None:
    places = dict(_places(line))  # one of each kind
    for keys in places.values():
        for value in VALUES:
            _assert_read_or_refused(_changed(line, keys, value))


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_known_field_in_any_place_is_read_or_refused(data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(LINES))
    fields = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(VALUES), max_size=4)
    objects = [keys for _, keys in _places(line) if isinstance(_at(line, keys), dict)]
    keys = data.draw(st.sampled_from(objects))

    _assert_read_or_refused(_changed(line, keys, {**_at(line, keys), **data.draw(fields)}))


@pytest.mark.parametrize(
    "holder",
    [
        {"type": "reasoning", "summary": [], "content": []}, {"role": "user", "content": "x"},
        {"role": "assistant", "content": "x"}, {"role": "tool", "content": "x"},
        {"role": "system", "content": "x"}, {"author": "bot"}, {"type": "ai", "content": "x"},
        {"type": "web_search_call"}, {"from": "gpt", "value": "x"},
        {"type": "computer_call_output"}, {"role": "user", "content": [{"type": "tool_result"}]},
    ],
)  # fmt: skip
def test_known_field_of_any_message_is_read_or_refused(holder: dict[str, Any]) -> None:
    for field in FIELDS:
        for value in VALUES:
            _assert_read_or_refused({"id": "i", "messages": [{**holder, field: value}]})
            _assert_read_or_refused(
                {"id": "i", "messages": [{"role": "user", "content": [{**holder, field: value}]}]}
            )


@pytest.mark.parametrize("kind", ["llm", "tool", "chain"])
def test_known_field_of_any_run_is_read_or_refused(kind: str) -> None:
    for field in FIELDS:
        for value in VALUES:
            _assert_read_or_refused(
                {"id": "i", "runs": [{"run_type": kind, "inputs": {"q": "x"}, field: value}]}
            )
            for side in ("inputs", "outputs"):
                _assert_read_or_refused(
                    {"id": "i", "runs": [{"run_type": kind, side: {field: value}}]}
                )


def _at(value: Any, keys: list[Any]) -> Any:
    for key in keys:
        value = value[key]
    return value
