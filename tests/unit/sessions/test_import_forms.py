"""Forms of captured conversations: fixtures of real programs, and rules of single forms."""

from typing import Any

import pytest

from shared.sessions.captured_conversations import read_conversation
from tests.unit.sessions.imported import CALL, LINES, TRANSCRIPTS, USER, read, told


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["id"])
def test_line_of_a_real_program_is_read_completely(line: dict[str, Any]) -> None:
    found = read_conversation(line)

    assert [told(entry) for entry in found.entries] == TRANSCRIPTS[line["id"]]


def test_each_fixture_has_a_transcript() -> None:
    assert sorted(TRANSCRIPTS) == sorted(line["id"] for line in LINES)


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
