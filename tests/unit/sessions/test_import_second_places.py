"""Texts and conversations in a second place: kept, recognized as repeated, or refused."""

from typing import Any

import pytest

from shared.core.errors import InvalidInput
from tests.unit.sessions.imported import CALL, USER, read

ANSWER = {"role": "assistant", "content": "answer"}
RUN = {"run_type": "llm", "inputs": {"messages": [USER]}, "outputs": {"output": "answer"}}


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"content": "I know a lot.", "refusal": "no"}, ["agent: I know a lot.\nno"]),
        ({"content": "I know.\nno", "refusal": "no"}, ["agent: I know.\nno"]),
        ({"content": "a", "text": "b", "message": "c"}, ["agent: a\nb\nc"]),
        ({"content": "", "text": "b"}, ["agent: b"]),
        ({"content": "a", "text": "a"}, ["agent: a"]),
        (
            {"content": [{"type": "text", "text": text} for text in "ab"], "text": "ab"},
            ["agent: a\nb"],
        ),
        ({"parts": [{"text": "I know."}], "content": "no"}, ["agent: I know.\nno"]),
        (
            {"parts": [{"text": "One. "}, {"text": "Two."}], "content": "One. Two."},
            ["agent: One. \nTwo."],
        ),
    ],
)
def test_text_beside_the_content_is_kept_once(message: dict[str, Any], said: list[str]) -> None:
    assert read(USER, {"role": "assistant", **message})[1:] == said


@pytest.mark.parametrize(
    ("message", "thoughts"),
    [
        ({"reasoning_details": [{"type": "reasoning.text", "text": "so"}]}, ["so"]),
        ({"reasoning_details": [{"type": "reasoning.summary", "summary": "so"}]}, ["so"]),
        ({"reasoning_details": [{"type": "reasoning.encrypted", "data": "AA"}]}, []),
        (
            {
                "reasoning": "I think so.",
                "reasoning_details": [{"text": "I think "}, {"text": "so."}],
            },
            ["I think so."],
        ),
        ({"reasoning": "so", "reasoning_details": [{"text": "thus"}]}, ["so", "thus"]),
        ({"thinking_blocks": [{"type": "thinking", "thinking": "so"}]}, ["so"]),
        ({"content": [{"type": "thinking", "thinking": "so"}], "reasoning_content": "so"}, ["so"]),
    ],
)
def test_reasoning_beside_the_content_is_kept_once(
    message: dict[str, Any], thoughts: list[str]
) -> None:
    found = read(USER, {"role": "assistant", **message})
    assert found[1:] == [f"thinks: {text}" for text in thoughts]


def test_part_of_gemini_with_two_contents_is_refused() -> None:
    part = {"text": "Let me look.", "functionCall": {"name": "look", "args": {}}}
    with pytest.raises(InvalidInput, match=r"contents.0.parts.0: must have one of text, function"):
        read({"role": "model", "parts": [part]}, key="contents")


def test_tool_message_with_two_texts_is_refused() -> None:
    answer = {"role": "tool", "tool_call_id": "c", "content": "found"}
    calls = {"role": "assistant", "tool_calls": [CALL]}
    assert read(USER, calls, {**answer, "text": "found"})[-1] == "result 1: found"
    with pytest.raises(InvalidInput, match=r"messages.2.text: must not differ from the content"):
        read(USER, calls, {**answer, "text": "lost"})


def test_instructions_in_two_fields_are_kept() -> None:
    system = {"role": "system", "content": "Be kind.", "text": "Be brief."}
    assert read(system, USER) == ["user: Hello"]


@pytest.mark.parametrize(
    "beside",
    [
        {"output": "answer"},
        {"output": {"text": "answer"}},
        {"input": "Bye"},
        {"items": [ANSWER]},
        {"contents": [{"role": "model", "parts": [{"text": "answer"}]}]},
        {"conversation": [ANSWER]},
        {"events": [{"author": "bot", "content": "answer"}]},
        {"spans": [{"attributes": {"gen_ai.output.messages": [ANSWER]}}]},
        {"items": [{"type": "function_call", "name": "look", "arguments": "{}"}]},
        {"items": [{"type": "widget", "rows": ["one"]}]},
        {"runs": [RUN]},
        RUN,
    ],
)
def test_second_conversation_is_refused_with_both_keys(beside: dict[str, Any]) -> None:
    key = next(iter(beside))
    with pytest.raises(InvalidInput, match=f"^{key}: must not stand beside messages"):
        read(USER, **beside)


@pytest.mark.parametrize(
    "beside",
    [
        {"input": "Hello", "output": "answer"},
        {"output": {"text": "answer"}},
        {"output": ANSWER},
        {"items": [USER, ANSWER]},
        {"items": [], "events": None, "output": ""},
        {"input": 120, "output": 50},
        {"conversation": "conv_1"},
        {"conversation": {"id": "conv_1"}},
        {"spans": [{"name": "GET", "attributes": {"http.method": "GET"}}]},
        RUN,
    ],
)
def test_repeated_conversation_beside_messages_is_no_second_one(beside: dict[str, Any]) -> None:
    assert read(USER, ANSWER, **beside) == ["user: Hello", "agent: answer"]


def test_output_beside_items_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"^output: must not stand beside items"):
        read(USER, key="items", output="answer")


# ---------------------------------------------------------------------- parts of one form
def test_second_tool_run_of_a_tool_has_its_arguments() -> None:
    def run(number: int) -> dict[str, Any]:
        inputs = {"input": f'{{"q":{number}}}'}
        return {"run_type": "tool", "name": "f", "inputs": inputs,
                "outputs": {"output": f"r{number}"}}  # fmt: skip

    assert read(run(0), run(1), key="runs") == [
        'call 1: f {"q":0}', "result 1: r0", 'call 2: f {"q":1}', "result 2: r1",
    ]  # fmt: skip


def test_output_of_a_trace_within_a_word_of_an_answer_is_kept() -> None:
    outputs = {"message": {"role": "assistant", "content": "I know."}}
    model = {"run_type": "llm", "inputs": {"messages": [USER]}, "outputs": outputs}
    trace = {"run_type": "chain", "inputs": {"q": "Hello"}, "child_runs": [model]}
    assert read({**trace, "outputs": {"a": "no"}}, key="runs")[1:] == [
        "agent: I know.",
        "agent: no",
    ]
    assert read({**trace, "outputs": {"a": "know"}}, key="runs")[1:] == ["agent: I know."]


def test_tool_run_belongs_to_the_open_call_of_a_model() -> None:
    model = {"run_type": "llm", "inputs": {"messages": [USER]},
             "outputs": {"message": {"role": "assistant", "tool_calls": [CALL]}}}  # fmt: skip
    tool = {"run_type": "tool", "name": "look", "inputs": {"n": 2}, "outputs": {"output": "x"}}
    again = {**tool, "outputs": {"output": "y"}}
    assert read(model, tool, again, key="runs")[1:] == [
        'call 1: look {"n":1}', "result 1: x", 'call 2: look {"n":2}', "result 2: y",
    ]  # fmt: skip


def _event(author: str, text: str, **fields: Any) -> dict[str, Any]:
    return {"author": author, "content": {"parts": [{"text": text}]}, **fields}


@pytest.mark.parametrize(
    ("events", "told"),
    [
        (
            [_event("user", "q"), _event("bot", "half one", partial=True), _event("user", "q2"),
             _event("bot", "final")],
            ["user: q", "agent: half one", "user: q2", "agent: final"],
        ),
        (
            [_event("bot", "no", partial=True, invocation_id="a"),
             _event("bot", "I know", invocation_id="b")],
            ["agent: no", "agent: I know"],
        ),
        (
            [_event("user", "q"), _event("bot", "no", partial=True), _event("user", "q2"),
             _event("bot", "I know")],
            ["user: q", "agent: no", "user: q2", "agent: I know"],
        ),
        (
            [_event("bot", "half", partial=True), _event("bot", "An ", partial=True),
             _event("bot", "answer", partial=True), _event("bot", "An answer")],
            ["agent: half", "agent: An answer"],
        ),
        (
            [_event("bot", "An ", partial=True), _event("bot", "An answer", partial=True),
             _event("bot", "An answer")],
            ["agent: An answer"],
        ),
        (
            [_event("a", "One", partial=True), _event("b", "Two", partial=True),
             _event("a", "One."), _event("b", "Two.")],
            ["agent: One.", "agent: Two."],
        ),
    ],
)  # fmt: skip
def test_partial_event_is_left_out_if_its_turn_repeats_it(
    events: list[dict[str, Any]], told: list[str]
) -> None:
    assert read(*events, key="events") == told


@pytest.mark.parametrize(
    ("part", "thought"),
    [
        ({"summary": [], "content": "I think"}, "I think"),
        ({"summary": [], "text": "I think"}, "I think"),
        ({"summary": "I think", "content": None}, "I think"),
        ({"summary": ["I", {"text": "think"}]}, "I\nthink"),
        ({"content": [{"type": "reasoning_text", "text": "I think"}]}, "I think"),
    ],
)
def test_reasoning_is_read_from_text_and_lists(part: dict[str, Any], thought: str) -> None:
    assert read(USER, {"type": "reasoning", **part}, key="items")[-1] == f"thinks: {thought}"


@pytest.mark.parametrize("other", [5, True, 0.5])
def test_other_type_in_place_of_a_list_is_refused(other: Any) -> None:
    for key in ("summary", "content"):
        with pytest.raises(InvalidInput, match=rf"items.0.{key}: must be a string or a list"):
            read({"type": "reasoning", "summary": [], key: other}, key="items")
    with pytest.raises(InvalidInput, match=r"runs.0.child_runs: must be a list"):
        read({"run_type": "chain", "child_runs": other}, key="runs")
