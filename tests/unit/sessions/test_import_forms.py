"""Forms of captured conversations: fixtures of real programs, and each rule of the reader."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.core.errors import InvalidInput
from shared.core.json import as_text, loads_strict
from shared.sessions.captured_conversations import read_conversation
from shared.sessions.forms.steps import Thought
from shared.sessions.transcript import AssistantSaid, Entry, ToolAnswered, ToolCalled, UserSaid

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "imports"
LINES = [
    loads_strict(line)
    for path in sorted(FIXTURES.glob("*.jsonl"))
    for line in path.read_text().splitlines()
]
TRANSCRIPTS: dict[str, list[str]] = json.loads((FIXTURES / "transcripts.json").read_text())
USER = {"role": "user", "content": "Hello"}
CALL = {"id": "c", "type": "function", "function": {"name": "look", "arguments": '{"n": 1}'}}


def told(entry: Entry | Thought) -> str:
    """Return an entry as a line of transcripts.json."""
    match entry:
        case UserSaid(text):
            return f"user: {text}"
        case AssistantSaid(text):
            return f"agent: {text}"
        case Thought(text):
            return f"thinks: {text}"
        case ToolCalled(call, tool, arguments):
            return f"call {call}: {tool} {as_text(arguments)}"
        case ToolAnswered(call, _, output, None):
            return f"result {call}: {as_text(output)}"
        case ToolAnswered(call, _, _, error):
            return f"error {call}: {error}"
    raise AssertionError(entry)


def read(*messages: Any, key: str = "messages", **fields: Any) -> list[str]:
    found = read_conversation({"id": "i", key: list(messages), **fields})
    return [told(entry) for entry in found.entries]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["id"])
def test_line_of_a_real_program_is_read_completely(line: dict[str, Any]) -> None:
    found = read_conversation(line)

    assert [told(entry) for entry in found.entries] == TRANSCRIPTS[line["id"]]


def test_each_fixture_has_a_transcript() -> None:
    assert sorted(TRANSCRIPTS) == sorted(line["id"] for line in LINES)


# ------------------------------------------------------------------------- nothing is lost
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


# ------------------------------------------------------------- what is unknown is refused
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


# --------------------------------------------------------------------------- other forms
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


def test_hosted_calls_of_responses_are_read_with_their_outputs() -> None:
    found = read(
        USER,
        {"type": "web_search_call", "id": "w", "status": "completed",
         "action": {"type": "search", "query": "x"}},
        {"type": "file_search_call", "id": "f", "status": "completed", "queries": ["y"],
         "results": [{"text": "z"}]},
        {"type": "mcp_call", "id": "m", "name": "look", "arguments": "{}", "server_label": "s",
         "output": None, "error": "gone"},
        {"type": "computer_call", "call_id": "k", "id": "x", "action": {"type": "click"}},
        {"type": "computer_call_output", "call_id": "k", "output": {"type": "shot"}},
        key="items",
    )  # fmt: skip
    assert found[1:] == [
        'call 1: web_search {"type":"search","query":"x"}',
        'call 2: file_search {"queries":["y"]}', "result 2: z",
        'call 3: look {"arguments":"{}","server_label":"s"}', "error 3: gone",
        'call 4: computer {"type":"click"}', 'result 4: {"type":"shot"}',
    ]  # fmt: skip


def test_input_and_output_of_one_response_are_read() -> None:
    line = {"id": "i", "input": "Hello", "output": [{"type": "message", "role": "assistant",
            "content": [{"type": "output_text", "text": "Hi."}]}]}  # fmt: skip
    found = read_conversation(line)
    assert [told(entry) for entry in found.entries] == ["user: Hello", "agent: Hi."]


def test_partial_events_of_adk_are_read_unless_the_complete_one_follows() -> None:
    def event(text: str, *, partial: bool | None = None) -> dict[str, Any]:
        return {"author": "desk", "partial": partial, "content": {"parts": [{"text": text}]}}

    started, whole, cut = event("I", partial=True), event("I see."), event("But", partial=True)

    assert read(started, whole, cut, key="events") == ["agent: I see.", "agent: But"]


def test_error_and_transcription_of_adk_are_read() -> None:
    failed = {"author": "desk", "error_code": "OTHER", "error_message": "cut off"}
    heard = {"author": "user", "input_transcription": {"text": "Hello", "finished": True}}
    assert read(heard, failed, key="events") == ["user: Hello", "agent: [error] OTHER cut off"]


def test_chain_without_model_runs_is_read_from_its_inputs_and_outputs() -> None:
    run = {"run_type": "chain", "inputs": {"q": "Hello"}, "outputs": {"answer": "Hi."}}
    found = read_conversation({"id": "i", **run, "error": "late"})
    assert [told(one) for one in found.entries] == [
        "user: Hello",
        "agent: Hi.",
        "agent: [error] late",
    ]


def test_tool_run_that_no_model_saw_is_read() -> None:
    model = {"run_type": "llm", "inputs": {"messages": [USER]},
             "outputs": {"message": {"role": "assistant", "content": "Hi."}}}  # fmt: skip
    tool = {"run_type": "tool", "name": "look", "inputs": {"n": 1}, "outputs": {"output": "x"}}
    assert read(model, tool, key="runs") == [
        "user: Hello", "agent: Hi.", 'call 1: look {"n":1}', "result 1: x",
    ]  # fmt: skip


def test_text_that_is_cut_in_half_becomes_the_replacement_character() -> None:
    line = b'{"id": "i", "messages": [{"role": "user", "content": "cut \\ud83d"}]}'
    found = read_conversation(loads_strict(line))
    assert found.entries == (UserSaid("cut \ufffd"),)


def test_error_of_a_model_run_is_read_once() -> None:
    inputs = {"messages": [USER]}
    failed = {"run_type": "llm", "inputs": inputs, "outputs": None, "error": "overloaded"}
    retried = {"run_type": "llm", "inputs": inputs, "outputs": {"content": "Hi.", "role": "ai"}}
    chain = {"run_type": "chain", "inputs": {}, "outputs": {}, "error": "overloaded"}
    found = read_conversation({"id": "i", **chain, "child_runs": [failed, retried]})
    assert [told(one) for one in found.entries] == [
        "user: Hello", "agent: [error] overloaded", "agent: Hi.",
    ]  # fmt: skip


def test_results_in_events_are_matched_by_identifier() -> None:
    def event(name: str, **body: Any) -> dict[str, Any]:
        return {"event_name": f"gen_ai.{name}", "body": body, "span_id": "1"}

    calls = [{**CALL, "id": "a"}, {**CALL, "id": "b"}]
    found = read(
        event("user.message", content="Hello"),
        event("assistant.message", tool_calls=calls),
        event("tool.message", id="b", content="second"),
        event("tool.message", id="a", content="first"),
        event("choice", message={"content": "Hi."}),
        key="events",
    )
    assert found[3:] == ["result 2: second", "result 1: first", "agent: Hi."]


def test_agent_is_named_by_its_form() -> None:
    session = {"id": "i", "app_name": "desk", "events": [{"author": "user", "content": "Hello"}]}
    spans = [{"attributes": {"gen_ai.agent.name": name, "gen_ai.input.messages": [USER]}}
             for name in (7, "desk")]  # fmt: skip
    assert read_conversation(session).agent == "desk"
    assert read_conversation({"id": "i", "spans": spans}).agent == "desk"
    assert read_conversation({**session, "agent": "Desk"}).agent == "Desk"
