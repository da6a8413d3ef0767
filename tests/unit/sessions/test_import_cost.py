"""Cost of reading an import: it grows with the line, and not with its square."""

from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time
from typing import Any

import pytest

from shared.evaluations.sessions.imported_turns import result_events
from shared.sessions.captured_conversations import read_conversation

IMPORTED_AT = datetime(2026, 3, 1, tzinfo=UTC)
COUNT = 8_000
ASKED = {"role": "user", "content": "Hello"}


def _call(identifier: str, number: int = 0) -> dict[str, Any]:
    arguments = {"n": number}
    return {"id": identifier, "type": "function",
            "function": {"name": "look", "arguments": arguments}}  # fmt: skip


def _answer(identifier: str | None, name: str | None = None) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": identifier, "name": name, "content": "found"}


def calls_in_two_places(numbers: range) -> dict[str, Any]:
    parts = [{"type": "tool_use", "id": f"a{n}", "name": "look", "input": {}} for n in numbers]
    calls = [_call(f"b{n}") for n in numbers]
    return {"messages": [{"role": "assistant", "content": parts, "tool_calls": calls}]}


def equal_calls_in_two_places(numbers: range) -> dict[str, Any]:
    parts = [{"type": "tool_use", "id": "a", "name": "look", "input": {"n": n}} for n in numbers]
    calls = [_call("a", -n) for n in numbers]
    return {"messages": [{"role": "assistant", "content": parts, "tool_calls": calls}]}


def answers_of_other_calls(numbers: range) -> dict[str, Any]:
    calls = {"role": "assistant", "tool_calls": [_call("a") for _ in numbers]}
    return {"messages": [calls, *(_answer("b") for _ in numbers)]}


def answers_of_other_tools(numbers: range) -> dict[str, Any]:
    calls = {"role": "assistant", "tool_calls": [_call("a") for _ in numbers]}
    return {"messages": [calls, *(_answer("b", "look") for _ in numbers)]}


def answers_without_identifiers(numbers: range) -> dict[str, Any]:
    calls = {"role": "assistant", "tool_calls": [_call("") for _ in numbers]}
    return {"messages": [calls, *(_answer(None) for _ in numbers)]}


def answers_ahead_of_calls(numbers: range) -> dict[str, Any]:
    calls = {"role": "assistant", "tool_calls": [_call("") for _ in numbers]}
    return {"messages": [*(_answer("b") for _ in numbers), calls]}


def texts_between_calls(numbers: range) -> dict[str, Any]:
    calls = [{"type": "tool-invocation", "toolInvocation": {"toolCallId": f"{n}", "toolName": "t"}}
             for n in numbers]  # fmt: skip
    first = [one for n in numbers for one in ({"type": "text", "text": f"a{n}"}, calls[n])]
    second = [one for n in numbers for one in ({"type": "text", "text": f"b{n}"}, calls[n])]
    return {"messages": [{"role": "assistant", "parts": first, "content": second}]}


def user_messages_only(numbers: range) -> dict[str, Any]:
    return {"messages": [ASKED for _ in numbers]}


def tool_runs(numbers: range) -> dict[str, Any]:
    return {
        "runs": [
            {"run_type": "tool", "name": "f", "inputs": {"n": n}, "outputs": {"output": n}}
            for n in numbers
        ]
    }


def tool_spans(numbers: range) -> dict[str, Any]:
    fields = {"gen_ai.tool.call.result": "x", "gen_ai.tool.name": "look"}
    return {"spans": [{"span_id": f"{n}", "attributes": fields} for n in numbers]}


def repeated_history(numbers: range) -> dict[str, Any]:
    def model(messages: list[dict[str, Any]]) -> dict[str, Any]:
        return {"run_type": "llm", "inputs": {"messages": messages}, "outputs": None}

    same = [ASKED for _ in numbers[: COUNT // 2]]
    other = [{"role": "user", "content": "Bye"}]
    return {"runs": [model([*same, *other]), model([*same, *same])]}


def partial_events(numbers: range) -> dict[str, Any]:
    def event(text: str, *, partial: bool) -> dict[str, Any]:
        return {"author": "bot", "partial": partial, "content": {"parts": [{"text": text}]}}

    pieces = [event(f"{n} ", partial=True) for n in numbers]
    return {"events": [*pieces, event("".join(f"{n} " for n in numbers), partial=False)]}


@pytest.mark.parametrize(
    "line",
    [
        calls_in_two_places, equal_calls_in_two_places, answers_of_other_calls,
        answers_of_other_tools, answers_without_identifiers, answers_ahead_of_calls,
        texts_between_calls, user_messages_only, tool_runs, tool_spans, repeated_history,
        partial_events,
    ],
)  # fmt: skip
def test_long_line_is_read_in_linear_time(line: Callable[[range], dict[str, Any]]) -> None:
    value = {"id": "i", **line(range(COUNT))}
    started = process_time()

    result_events(read_conversation(value), IMPORTED_AT)

    # Comparing each step with each other one takes ten seconds and more.
    assert process_time() - started < 2
