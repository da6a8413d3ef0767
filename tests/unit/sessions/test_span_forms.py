"""Forms of spans: OpenInference, flat attributes, agents around models, tools without ids."""

import json
from typing import Any

import pytest

from shared.sessions.captured_conversations import CapturedConversation, read_conversation
from tests.support.otlp import EXPORTED
from tests.unit.sessions.imported import told

WHOLE = [
    "user: Where are A-17 and A-19?",
    "agent: Let me see.",
    'call 1: get_order {"order_id":"A-17"}',
    'call 2: get_order {"order_id":"A-19"}',
    'result 1: {"status":"late","days":2}',
    "error 2: no such order",
    "agent: A-17 is late. There is no A-19.",
    "user: Thank you!",
    "agent: You are welcome.",
]


def read(*spans: dict[str, Any]) -> list[str]:
    found: CapturedConversation = read_conversation({"id": "i", "spans": list(spans)})
    return [told(one) for one in found.entries]


@pytest.mark.parametrize(
    "name", ["langchain-openinference", "openai-openinference", "openai-v2", "pydantic-ai"]
)
def test_spans_of_instrumented_programs_are_read_whole(name: str) -> None:
    line = json.loads((EXPORTED / f"{name}.json").read_text())
    found = read_conversation({"id": "i", **line})
    # One of them records a message's text behind its calls.
    assert sorted(map(told, found.entries)) == sorted(WHOLE)
    assert [one for one in map(told, found.entries) if "agent: Let" not in one] == [
        one for one in WHOLE if "agent: Let" not in one
    ]
    assert found.instructions == "You look after orders."


def oi(kind: str, at: int, identifier: str, parent: str = "", **fields: Any) -> dict[str, Any]:
    """Return a span of OpenInference; ``__`` in a field's name is a dot."""
    attributes = {key.replace("__", "."): value for key, value in fields.items()}
    return {
        "name": identifier, "span_id": identifier, "parent_span_id": parent,
        "start_time": f"2026-03-01T09:00:{at:02d}Z", "end_time": f"2026-03-01T09:00:{at + 1:02d}Z",
        "attributes": {"openinference.span.kind": kind, **attributes},
    }  # fmt: skip


def model(at: int, identifier: str, *messages: tuple[str, str], parent: str = "") -> dict[str, Any]:
    """Return the span of a model; the last message is its answer."""
    fields = {}
    for number, (role, content) in enumerate(messages[:-1]):
        fields[f"llm.input_messages.{number}.message.role"] = role
        fields[f"llm.input_messages.{number}.message.content"] = content
    fields["llm.output_messages.0.message.content"] = messages[-1][1]
    return oi("LLM", at, identifier, parent, **fields)


def test_parts_reasoning_and_functions_of_openinference_are_read() -> None:
    fields = {
        "llm.input_messages.0.message.contents.0.message_content.type": "text",
        "llm.input_messages.0.message.contents.0.message_content.text": "Look:",
        "llm.input_messages.0.message.contents.1.message_content.type": "image",
        "llm.input_messages.0.message.contents.1.message_content.image.image.url": "x",
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.contents.0.message_content.type": "reasoning",
        "llm.output_messages.0.message.contents.0.message_content.text": "A cat.",
        "llm.output_messages.0.message.function_call_name": "name_it",
        "llm.output_messages.0.message.function_call_arguments_json": '{"it": "cat"}',
        "llm.output_messages.10.message.content": "Tenth.",
        "llm.output_messages.9.message.content": "Ninth.",
    }
    assert read(oi("LLM", 1, "m", **fields)) == [
        "user: Look:\n[image]", "thinks: A cat.", 'call 1: name_it {"it":"cat"}',
        "agent: Ninth.", "agent: Tenth.",
    ]  # fmt: skip


def test_prompts_and_completions_of_openllmetry_are_read() -> None:
    fields = {
        "gen_ai.prompt.0.role": "system", "gen_ai.prompt.0.content": "Be kind.",
        "gen_ai.prompt.1.role": "user", "gen_ai.prompt.1.content": '[{"type":"text","text":"Hi"}]',
        "gen_ai.prompt.2.role": "assistant", "gen_ai.prompt.2.tool_calls.0.id": "c",
        "gen_ai.prompt.2.tool_calls.0.name": "look", "gen_ai.prompt.2.tool_calls.0.arguments": "{}",
        "gen_ai.prompt.3.role": "tool", "gen_ai.prompt.3.tool_call_id": "c",
        "gen_ai.prompt.3.content": '{"found": 1}',
        "gen_ai.completion.0.role": "assistant", "gen_ai.completion.0.content": "One.",
        "gen_ai.completion.0.finish_reason": "stop",
    }  # fmt: skip
    assert read({"span_id": "1", "attributes": fields}) == [
        "user: Hi", "call 1: look {}", 'result 1: {"found":1}', "agent: One.",
    ]  # fmt: skip


def test_text_that_looks_like_json_stays_as_it_is() -> None:
    assert read(model(1, "m", ("user", '{"a":  1}'), ("assistant", "[1,  2]"))) == [
        'user: {"a":  1}', "agent: [1,  2]",
    ]  # fmt: skip


def test_model_without_messages_is_read_from_its_values() -> None:
    assert read(oi("LLM", 1, "m", input__value="Hi", output__value="Hello.")) == [
        "user: Hi", "agent: Hello.",
    ]  # fmt: skip


def test_chain_without_models_is_read_from_its_root() -> None:
    root = oi("CHAIN", 1, "root", input__value='{"question": "Hi"}', output__value="Hello.")
    root["end_time"] = "2026-03-01T09:00:09Z"
    inner = oi("CHAIN", 2, "inner", "root", input__value="Hi", output__value="Hel")
    tool = oi("TOOL", 3, "look", "root", input__value='{"n": 1}', output__value="x")
    assert read(root, inner, tool) == [
        "user: Hi", 'call 1: look {"n":1}', "result 1: x", "agent: Hello.",
    ]  # fmt: skip


def test_agent_around_models_adds_what_they_lack() -> None:
    root = oi("AGENT", 1, "root", input__value="Hi", output__value="Hello. (checked)")
    asked = model(2, "m", ("user", "Hi"), ("assistant", "Hello."), parent="root")
    assert read(root, asked) == ["user: Hi", "agent: Hello.", "agent: Hello. (checked)"]


def test_agents_that_alternate_continue_their_own_calls() -> None:
    first = model(1, "1", ("user", "Plan it."), ("assistant", "Asking."))
    helper = model(2, "2", ("user", "Find it."), ("assistant", "Found."))
    second = model(3, "3", ("user", "Plan it."), ("assistant", "Asking."), ("assistant", "Done."))
    assert read(first, helper, second) == [
        "user: Plan it.", "agent: Asking.", "user: Find it.", "agent: Found.", "agent: Done.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "value", ["late", '{"type": "tool", "content": "late", "tool_call_id": "c"}']
)
def test_run_of_a_tool_without_identifier_is_that_of_the_models_call(value: str) -> None:
    fields = {
        "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "Hi",
        "llm.input_messages.1.message.role": "assistant",
        "llm.input_messages.1.message.tool_calls.0.tool_call.id": "c",
        "llm.input_messages.1.message.tool_calls.0.tool_call.function.name": "look",
        "llm.input_messages.1.message.tool_calls.0.tool_call.function.arguments": '{"n": 1}',
        "llm.input_messages.2.message.role": "tool",
        "llm.input_messages.2.message.tool_call_id": "c",
        "llm.input_messages.2.message.content": "late",
    }  # fmt: skip
    tool = oi("TOOL", 1, "t", tool__name="look", input__value="1", output__value=value)
    again = oi("TOOL", 9, "u", tool__name="look", input__value="1", output__value="gone")
    whole = ["user: Hi", 'call 1: look {"n":1}', "result 1: late"]
    assert read(tool, oi("LLM", 2, "m", **fields)) == whole
    assert read(tool, oi("LLM", 2, "m", **fields), again) == [
        *whole, "call 2: look 1", "result 2: gone",
    ]  # fmt: skip


def test_error_of_a_tool_is_that_of_its_exception() -> None:
    failed = oi("TOOL", 1, "look", input__value='{"n": 1}') | {
        "status": {"status_code": "ERROR", "description": "oops"},
        "events": [{"name": "exception", "attributes": {"exception.message": "no such order"}}],
    }
    assert read(failed) == ['call 1: look {"n":1}', "error 1: no such order"]


def test_lists_in_attributes_of_earlier_conventions_are_read() -> None:
    events = [
        {"event.name": "gen_ai.user.message", "content": "Hi", "role": "user", "gen_ai.x": 1},
        {
            "event.name": "gen_ai.choice",
            "index": 0,
            "message": {"content": "Hello.", "role": "assistant"},
        },
    ]
    agent = {"gen_ai.agent.name": "d", "all_messages_events": json.dumps(events)}
    assert read({"attributes": agent}) == ["user: Hi", "agent: Hello."]
    prompt = json.dumps([{"role": "user", "content": "Hi"}])
    assert read({"attributes": {"gen_ai.prompt": prompt}}) == ["user: Hi"]
