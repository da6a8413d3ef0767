"""Conversations in the forms of OpenAI, Anthropic, Bedrock and Google, and of ShareGPT."""

import json
from collections.abc import Iterator

from tests.support.generated_conversations import Conversation, Json, answered_in_full


def openai_chat(turns: Conversation) -> Json:
    return {"messages": list(chat_messages(turns))}


def early_results(turns: Conversation) -> Json:
    """Return chat messages with each tool message ahead of its call."""
    messages: list[Json] = []
    for turn in answered_in_full(turns):
        own = list(chat_messages([turn]))
        tools = [one for one in own if one["role"] == "tool"]
        messages += own[:1] + tools + [one for one in own[1:] if one["role"] != "tool"]
    return {"messages": messages}


def chat_messages(turns: Conversation) -> Iterator[Json]:
    """Yield the messages of OpenAI's chat completions."""
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
