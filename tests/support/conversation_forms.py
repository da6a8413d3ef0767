"""Conversations, generated, in every form that an import reads.

Each text, name, argument and result is a token of its own, so that a test can count them.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from hypothesis import strategies as st


@dataclass(frozen=True)
class Call:
    """A tool call; ``result`` is None if it was never answered."""

    identifier: str
    tool: str
    argument: str
    result: str | None
    failed: bool = False


@dataclass(frozen=True)
class Turn:
    """A user message, what the assistant did, and its answer."""

    asked: str
    said: str | None
    thought: str | None
    calls: tuple[Call, ...]
    answer: str


type Conversation = list[Turn]
type Json = dict[str, Any]


def _tokens(turns: Conversation) -> Conversation:
    """Return turns whose texts are tokens: each occurs once."""
    numbers = count(1)

    def token(letter: str, given: str | None) -> Any:
        return None if given is None else f"{letter}{next(numbers)}."

    return [
        Turn(
            token("u", turn.asked),
            token("s", turn.said) if turn.calls else None,
            token("t", turn.thought),
            tuple(
                replace(
                    call,
                    # An identifier that is used twice is that of the first call.
                    identifier=call.identifier if call.result is not None else "open",
                    tool=token("n", call.tool),
                    argument=token("a", call.argument),
                    result=token("r", call.result),
                )
                for call in turn.calls
            ),
            token("e", turn.answer),
        )
        for turn in turns
    ]


_CALLS = st.builds(
    Call,
    identifier=st.sampled_from(["c1", "c2", "c3"]),
    tool=st.just(""),
    argument=st.just(""),
    result=st.sampled_from(["", "", "", None]),
    failed=st.booleans(),
)
_TURNS = st.builds(
    Turn,
    asked=st.just(""),
    said=st.sampled_from(["", None]),
    thought=st.sampled_from(["", None]),
    calls=st.lists(_CALLS, max_size=3).map(tuple),
    answer=st.just(""),
)
CONVERSATIONS = st.lists(_TURNS, min_size=1, max_size=3).map(_tokens)


def answered_in_full(turns: Conversation) -> Conversation:
    """Return a conversation without unanswered calls, with identifiers of their own."""
    numbers = count(1)
    return [
        replace(
            turn,
            calls=tuple(
                replace(call, identifier=f"c{next(numbers)}") for call in turn.calls if call.result
            ),
        )
        for turn in turns
    ]


# ------------------------------------------------------------------------------- the forms
def openai_chat(turns: Conversation) -> Json:
    return {"messages": list(_chat(turns))}


def early_results(turns: Conversation) -> Json:
    """Return chat messages with each tool message ahead of its call."""
    messages: list[Json] = []
    for turn in answered_in_full(turns):
        own = list(_chat([turn]))
        tools = [one for one in own if one["role"] == "tool"]
        messages += own[:1] + tools + [one for one in own[1:] if one["role"] != "tool"]
    return {"messages": messages}


def _chat(turns: Conversation) -> Iterator[Json]:
    for turn in turns:
        yield {"role": "user", "content": turn.asked}
        thought = {"reasoning_content": turn.thought} if turn.thought else {}
        if turn.calls or turn.said:
            calls = [
                {
                    "id": call.identifier,
                    "type": "function",
                    "function": {"name": call.tool, "arguments": json.dumps({"x": call.argument})},
                }
                for call in turn.calls
            ]
            message = {"role": "assistant", "content": turn.said, "tool_calls": calls}
            yield message | thought
            thought = {}
        for call in turn.calls:
            if call.result:
                mark = {"is_error": True} if call.failed else {}
                message = {"role": "tool", "tool_call_id": call.identifier, "content": call.result}
                yield message | mark
        yield {"role": "assistant", "content": None, "refusal": turn.answer} | thought


def openai_functions(turns: Conversation) -> Json:
    messages: list[Json] = []
    for turn in turns:
        messages.append({"role": "user", "content": turn.asked})
        for call in turn.calls:
            function = {"name": call.tool, "arguments": json.dumps({"x": call.argument})}
            message = {"role": "assistant", "content": None, "function_call": function}
            messages.append(message)
            if call.result:
                result = {"role": "function", "name": call.tool, "content": call.result}
                messages.append(result)
        texts = filter(None, (turn.said, turn.thought, turn.answer))
        messages += [{"role": "assistant", "content": text} for text in texts]
    return {"messages": messages}


def openai_responses(turns: Conversation) -> Json:
    items: list[Json] = []
    for turn in turns:
        items.append({"role": "user", "content": [{"type": "input_text", "text": turn.asked}]})
        if turn.thought:
            summary = [{"type": "summary_text", "text": turn.thought}]
            items.append({"type": "reasoning", "id": "rs", "summary": summary})
        for call in turn.calls:
            arguments = json.dumps({"x": call.argument})
            items.append(
                {
                    "type": "function_call",
                    "id": "fc",
                    "call_id": call.identifier,
                    "name": call.tool,
                    "arguments": arguments,
                }
            )
        items += [
            {"type": "function_call_output", "call_id": call.identifier, "output": call.result}
            for call in turn.calls
            if call.result
        ]
        for text in filter(None, (turn.said, turn.answer)):
            content = [{"type": "output_text", "text": text, "annotations": []}]
            items.append({"type": "message", "role": "assistant", "content": content})
    return {"items": items}


def anthropic(turns: Conversation) -> Json:
    messages: list[Json] = []
    for turn in turns:
        messages.append({"role": "user", "content": turn.asked})
        blocks: list[Json] = []
        if turn.thought:
            blocks.append({"type": "thinking", "thinking": turn.thought, "signature": "x"})
        if turn.said:
            blocks.append({"type": "text", "text": turn.said})
        for call in turn.calls:
            block = {"id": call.identifier, "name": call.tool, "input": {"x": call.argument}}
            blocks.append({"type": "tool_use", **block})
        if turn.calls:
            messages.append({"role": "assistant", "content": blocks})
            blocks = []
        results = [
            {
                "type": "tool_result",
                "tool_use_id": call.identifier,
                "content": [{"type": "text", "text": call.result}],
                "is_error": call.failed,
            }
            for call in turn.calls
            if call.result
        ]
        if results:
            messages.append({"role": "user", "content": results})
        blocks.append({"type": "text", "text": turn.answer})
        messages.append({"role": "assistant", "content": blocks})
    return {"messages": messages}


def bedrock_converse(turns: Conversation) -> Json:
    messages: list[Json] = []
    for turn in turns:
        messages.append({"role": "user", "content": [{"text": turn.asked}]})
        blocks: list[Json] = []
        if turn.thought:
            blocks.append({"reasoningContent": {"reasoningText": {"text": turn.thought}}})
        if turn.said:
            blocks.append({"text": turn.said})
        for call in turn.calls:
            use = {
                "toolUseId": call.identifier, "name": call.tool, "input": {"x": call.argument},
            }  # fmt: skip
            blocks.append({"toolUse": use})
        if turn.calls:
            messages.append({"role": "assistant", "content": blocks})
            blocks = []
        results = [
            {
                "toolResult": {
                    "toolUseId": call.identifier,
                    "content": [{"json": {"x": call.result}}],
                    "status": "error" if call.failed else "success",
                }
            }
            for call in turn.calls
            if call.result
        ]
        if results:
            messages.append({"role": "user", "content": results})
        blocks.append({"text": turn.answer})
        messages.append({"role": "assistant", "content": blocks})
    return {"messages": messages}


def ai_sdk_4(turns: Conversation) -> Json:
    messages: list[Json] = []
    for turn in turns:
        messages.append({"role": "user", "content": turn.asked})
        invocations = [
            {
                "state": "result" if call.result else "call",
                "toolCallId": call.identifier,
                "toolName": call.tool,
                "args": {"x": call.argument},
            }
            | ({"result": call.result} if call.result else {})
            for call in turn.calls
        ]
        parts: list[Json] = []
        if turn.thought:
            parts.append({"type": "reasoning", "reasoning": turn.thought})
        if turn.said:
            parts.append({"type": "text", "text": turn.said})
        parts += [{"type": "tool-invocation", "toolInvocation": one} for one in invocations]
        parts.append({"type": "text", "text": turn.answer})
        messages.append(
            {
                "role": "assistant",
                "content": turn.answer,
                "toolInvocations": invocations,
                "parts": parts,
            }
        )
    return {"messages": messages}


def ai_sdk_4_without_parts(turns: Conversation) -> Json:
    messages = ai_sdk_4(turns)["messages"]
    for message in messages:
        texts = [part for part in message.pop("parts", ()) if "toolInvocation" not in part]
        said = [part["text"] for part in texts if "text" in part]
        if said:
            message["content"] = "\n".join(said)
        message["reasoning"] = next((p["reasoning"] for p in texts if "reasoning" in p), None)
    return {"messages": messages}


def ai_sdk_5(turns: Conversation) -> Json:
    messages: list[Json] = []
    for turn in turns:
        messages.append({"role": "user", "parts": [{"type": "text", "text": turn.asked}]})
        parts: list[Json] = [{"type": "step-start"}]
        if turn.thought:
            parts.append({"type": "reasoning", "text": turn.thought})
        if turn.said:
            parts.append({"type": "text", "text": turn.said})
        for call in turn.calls:
            answer: Json = {"state": "input-available"}
            if call.result:
                answer = {"state": "output-available", "output": {"x": call.result}}
            if call.result and call.failed:
                answer = {"state": "output-error", "errorText": call.result}
            parts.append(
                {
                    "type": f"tool-{call.tool}",
                    "toolCallId": call.identifier,
                    "input": {"x": call.argument},
                }
                | answer
            )
        parts.append({"type": "text", "text": turn.answer, "state": "done"})
        messages.append({"role": "assistant", "parts": parts})
    return {"messages": messages}


def ai_sdk_5_model(turns: Conversation) -> Json:
    messages: list[Json] = []
    for turn in turns:
        messages.append({"role": "user", "content": turn.asked})
        texts = [("reasoning", turn.thought), ("text", turn.said)]
        parts: list[Json] = [{"type": kind, "text": text} for kind, text in texts if text]
        for call in turn.calls:
            own = {"toolCallId": call.identifier, "toolName": call.tool}
            parts.append({"type": "tool-call", **own, "input": {"x": call.argument}})
        messages.append({"role": "assistant", "content": parts})
        results = [
            {
                "type": "tool-result",
                "toolCallId": call.identifier,
                "toolName": call.tool,
                "output": {"type": "error-text" if call.failed else "text", "value": call.result},
            }
            for call in turn.calls
            if call.result
        ]
        messages += [{"role": "tool", "content": results}] if results else []
        messages.append({"role": "assistant", "content": [{"type": "text", "text": turn.answer}]})
    return {"messages": messages}


def langchain_flat(turns: Conversation) -> Json:
    messages: list[Json] = []
    for turn in turns:
        messages.append({"type": "human", "content": turn.asked})
        thought = [{"type": "reasoning", "reasoning": turn.thought}] if turn.thought else []
        content = [*thought, *([{"type": "text", "text": turn.said}] if turn.said else [])]
        calls = [
            {"name": call.tool, "args": {"x": call.argument}, "id": call.identifier}
            for call in turn.calls
        ]
        messages.append({"type": "ai", "content": content, "tool_calls": calls})
        messages += [
            {
                "type": "tool",
                "content": call.result,
                "tool_call_id": call.identifier,
                "status": "error" if call.failed else "success",
            }
            for call in turn.calls
            if call.result
        ]
        messages.append({"type": "ai", "content": turn.answer, "tool_calls": []})
    return {"messages": messages}


def langchain_dict(turns: Conversation) -> Json:
    return {
        "messages": [
            {"type": one["type"], "data": one} for one in langchain_flat(turns)["messages"]
        ]
    }


def langchain_dumps(turns: Conversation) -> Json:
    return {"messages": [_serialized(one) for one in langchain_flat(turns)["messages"]]}


def _serialized(message: Json) -> Json:
    names = {"human": "HumanMessage", "ai": "AIMessage", "tool": "ToolMessage"}
    path = ["langchain", "schema", "messages", names[message["type"]]]
    return {"lc": 1, "type": "constructor", "id": path, "kwargs": message}


def langsmith(turns: Conversation) -> Json:
    """Return the run of an agent: each model run has the history, each tool run its result."""
    messages = [_serialized(one) for one in langchain_flat(answered_in_full(turns))["messages"]]
    runs: list[Json] = []
    for position, message in enumerate(messages):
        if message["id"][-1] == "AIMessage":
            inputs = {"messages": [messages[:position]]}
            outputs = {"generations": [[{"text": "", "message": message}]]}
            runs.append({"run_type": "llm", "inputs": inputs, "outputs": outputs})
        elif message["id"][-1] == "ToolMessage":
            inner = {**message["kwargs"]}
            runs.append({"run_type": "tool", "inputs": {}, "outputs": {"output": inner}})
    for number, run in enumerate(runs):
        run |= {"id": f"r{number}", "name": "step", "start_time": f"2026-01-15T09:{number:02}:00Z"}
    own = {"inputs": {"q": turns[0].asked}, "outputs": {"a": turns[-1].answer}}
    times = {"start_time": "2026-01-15T09:00:00Z", "end_time": "2026-01-15T10:00:00Z"}
    return {"name": "agent", "run_type": "chain", "child_runs": runs, **own, **times}


def google_adk(turns: Conversation) -> Json:
    events: list[Json] = []

    def add(author: str, role: str, *parts: Json) -> None:
        content = {"role": role, "parts": list(parts)}
        events.append({"author": author, "content": content, "timestamp": 1768469400.5})

    for turn in turns:
        add("user", "user", {"text": turn.asked})
        thought = [{"text": turn.thought, "thought": True}] if turn.thought else []
        said = [{"text": turn.said}] if turn.said else []
        calls = [
            {
                "function_call": {
                    "id": call.identifier,
                    "name": call.tool,
                    "args": {"x": call.argument},
                }
            }
            for call in turn.calls
        ]
        add("desk", "model", *thought, *said, *calls)
        results = [
            {
                "function_response": {
                    "id": call.identifier,
                    "name": call.tool,
                    "response": {"error" if call.failed else "x": call.result},
                }
            }
            for call in turn.calls
            if call.result
        ]
        if results:
            add("desk", "user", *results)
        add("desk", "model", {"text": turn.answer})
    return {"app_name": "desk", "events": events}


def gemini(turns: Conversation) -> Json:
    events = google_adk(turns)["events"]
    return {"contents": [event["content"] for event in events]}


def sharegpt(turns: Conversation) -> Json:
    said: list[Json] = []
    for turn in turns:
        said.append({"from": "human", "value": turn.asked})
        for call in turn.calls:
            if call.result is None and call is not turn.calls[-1]:
                continue  # without identifiers its answer would be the next one
            value = json.dumps({"name": call.tool, "arguments": {"x": call.argument}})
            said.append({"from": "function_call", "value": value})
            if call.result:
                said.append({"from": "observation", "value": call.result})
        texts = filter(None, (turn.said, turn.thought, turn.answer))
        said += [{"from": "gpt", "value": text} for text in texts]
    return {"conversations": said}


def opentelemetry_events(turns: Conversation) -> Json:
    """Return the events of each model call: its history, and a choice."""
    messages = [
        {**one, "content": one["content"] or one.get("refusal")}
        for one in _chat([replace(turn, thought=None) for turn in answered_in_full(turns)])
    ]
    events: list[Json] = []
    for position, message in enumerate(messages):
        if message["role"] == "assistant":
            span = {"span_id": f"0x{position}", "attributes": {"gen_ai.system": "x"}}
            history = messages[:position]
            for one in history:
                body = {"content": one["content"], "id": one.get("tool_call_id")}
                if one.get("tool_calls"):
                    body = {"tool_calls": one["tool_calls"]}
                if one.get("is_error"):
                    body["is_error"] = True
                events.append({"event_name": f"gen_ai.{one['role']}.message", "body": body, **span})
            body = {"index": 0, "finish_reason": "stop", "message": message}
            events.append({"event_name": "gen_ai.choice", "body": body, **span})
    return {"events": events}


def opentelemetry_spans(turns: Conversation) -> Json:
    """Return spans with the messages of each model call as their attributes."""
    messages: list[Json] = []
    spans: list[Json] = []

    def answer(*parts: Json) -> None:
        output = [{"role": "assistant", "parts": list(parts), "finish_reason": "stop"}]
        attributes = {
            "gen_ai.input.messages": json.dumps(messages),
            "gen_ai.output.messages": json.dumps(output),
        }
        spans.append({"name": "chat", "span_id": str(len(spans)), "attributes": attributes})
        messages.append(output[0])

    for turn in answered_in_full(turns):
        messages.append({"role": "user", "parts": [{"type": "text", "content": turn.asked}]})
        thought = [{"type": "reasoning", "content": turn.thought}] if turn.thought else []
        said = [{"type": "text", "content": turn.said}] if turn.said else []
        calls = [
            {
                "type": "tool_call",
                "id": call.identifier,
                "name": call.tool,
                "arguments": {"x": call.argument},
            }
            for call in turn.calls
        ]
        if turn.calls:
            answer(*thought, *said, *calls)
            thought = []
        for call in turn.calls:
            part = {"type": "tool_call_response", "id": call.identifier, "response": call.result}
            messages.append({"role": "tool", "parts": [part]})
        answer(*thought, {"type": "text", "content": turn.answer})
    return {"spans": spans}


FORMS: dict[str, Callable[[Conversation], Json]] = {
    form.__name__: form
    for form in (
        openai_chat, early_results, openai_functions, openai_responses, anthropic,
        bedrock_converse, ai_sdk_4, ai_sdk_4_without_parts, ai_sdk_5, ai_sdk_5_model,
        langchain_flat, langchain_dict, langchain_dumps, langsmith, google_adk, gemini, sharegpt,
        opentelemetry_events, opentelemetry_spans,
    )
}  # fmt: skip
