"""Imports of any JSON: read, or refused with a sentence; never another exception."""

from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.agents.sessions.imported_events import imported_events
from shared.core.errors import InvalidInput, TooLarge
from shared.core.ids import SessionId
from shared.core.json import dumps
from shared.evaluations.sessions.imported_turns import result_events
from shared.sessions.captured_conversations import read_conversation
from shared.sessions.capturing import check_size

#: Keys and values that the adapters look at.
_KEYS = st.sampled_from(
    [
        "role", "content", "text", "type", "parts", "tool_calls", "function", "name", "arguments",
        "id", "tool_call_id", "result", "output", "error", "input", "from", "value", "author",
        "data", "kwargs", "lc", "timestamp", "metadata", "toolUse", "toolResult", "functionCall",
        "functionResponse", "toolInvocation", "toolInvocations", "toolName", "args", "refusal",
        "audio", "reasoning", "event_name", "attributes", "body", "message", "run_type",
        "gen_ai.input.messages", "inputs", "outputs", "child_runs", "messages", "generations",
        "start_time",
        "summary", "action", "status", "state", "span_id", "partial", "thought", "json", "events",
    ]
)  # fmt: skip
_TEXTS = st.sampled_from(
    [
        "user", "assistant", "tool", "system", "model", "human", "gpt", "ai", "function_call",
        "observation", "text", "tool_use", "tool_result", "tool-call", "tool-result", "reasoning",
        "tool-invocation", "web_search_call", "function_call_output", "dynamic-tool", "constructor",
        "AIMessage", "gen_ai.choice", "gen_ai.user.message", "llm", "chain", "{}", "[1]", "1", "x",
        "result", "error", "output-error", "image", "file", "thinking", "2026-01-15",
    ]
)  # fmt: skip
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=12,
)
_MESSAGES = st.lists(
    st.dictionaries(_KEYS, _VALUES, min_size=1, max_size=6), min_size=1, max_size=3
)
_LISTS = st.sampled_from(
    ["messages", "conversations", "items", "events", "contents", "runs", "spans", "resourceLogs"]
)
_LINES = st.one_of(
    st.dictionaries(_LISTS, _MESSAGES, min_size=1, max_size=1),
    st.dictionaries(_KEYS, _VALUES, max_size=6),
)
_AT = datetime(2026, 3, 1, tzinfo=UTC)


@settings(max_examples=200, deadline=None)
@given(line=_LINES, fields=st.dictionaries(st.sampled_from(["system", "created_at"]), _VALUES))
def test_any_line_is_read_or_refused(line: dict[str, object], fields: dict[str, object]) -> None:
    try:
        found = read_conversation({**fields, **line, "id": "i", "tags": None, "agent": None})
    except InvalidInput as error:
        refusal = error.message
    else:
        with suppress(TooLarge, InvalidInput):
            found.check_times(_AT)
        for events in (imported_events(SessionId.new(), found, _AT), result_events(found, _AT)):
            check_size(events)
            assert events
            assert dumps([event.data for event in events])
            assert [event.at for event in events] == sorted(event.at or _AT for event in events)
        return
    assert ": " in refusal
