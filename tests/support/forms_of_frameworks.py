"""Conversations in the forms of frameworks: the AI SDK, LangChain and LangSmith."""

from tests.support.generated_conversations import Conversation, Json, answered_in_full


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
