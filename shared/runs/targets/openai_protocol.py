"""Chat Completions: the whole conversation and the world's tools in each request.

The server keeps nothing between turns: its messages are made of the recorded conversation.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from shared.core.json import as_text, dumps, loads_strict
from shared.llm.tool_names import acceptable
from shared.runs.targets.exchange import Exchange, check_text, no_answer, tokens_of
from shared.runs.worlds.domain import WorldTool
from shared.simulation.conversation import Called, Entry, Said
from shared.simulation.target import TargetAnswer

#: Rounds of tool calls in one turn, and calls of one round, at most.
MAX_ROUNDS = 10
MAX_CALLS = 64
#: Model of a request, unless the target names one.
DEFAULT_MODEL = "default"

type Message = dict[str, Any]


def answer_by_openai(exchange: Exchange) -> TargetAnswer:
    """Answer a turn; tool calls are answered by the world, and asked about again."""
    messages = [*messages_of(exchange.history), {"role": "user", "content": exchange.message}]
    request: Message = {"model": exchange.model or DEFAULT_MODEL}
    if exchange.tools:
        request["tools"] = [_tool(one) for one in exchange.tools]
    parts = urlsplit(exchange.url)
    url = parts._replace(path=f"{parts.path.rstrip('/')}/chat/completions").geturl()
    read = written = 0
    for _ in range(MAX_ROUNDS + 1):
        found = exchange.send(url, request | {"messages": messages})
        tokens = tokens_of(found.get("usage"))
        read, written = read + tokens[0], written + tokens[1]
        message = _message_in(found)
        calls = message.get("tool_calls")
        if not calls:
            text = check_text(message.get("content") or "")
            return TargetAnswer(text=text, input_tokens=read, output_tokens=written)
        messages.append(message)
        messages += [_answered(exchange, call) for call in calls]
    raise no_answer(f"it called tools in more than {MAX_ROUNDS} rounds", retry=False)


def messages_of(entries: Iterable[Entry]) -> list[Message]:
    """Return a recorded conversation as messages; calls that follow one another are one's."""
    messages: list[Message] = []
    number = 0
    for is_call, group in groupby(entries, lambda one: isinstance(one, Called)):
        if not is_call:
            roles = {"user": "user", "agent": "assistant"}
            messages += [
                {"role": roles[one.role], "content": one.text}
                for one in group
                if isinstance(one, Said)
            ]
            continue
        calls = [(f"call_{number + n}", one) for n, one in enumerate(group, 1)]
        number += len(calls)
        messages += _called([(name, one) for name, one in calls if isinstance(one, Called)])
    return messages


def _called(calls: Sequence[tuple[str, Called]]) -> list[Message]:
    functions = [
        (name, {"name": acceptable(one.tool), "arguments": dumps(one.arguments)})
        for name, one in calls
    ]
    asked = [{"id": name, "type": "function", "function": one} for name, one in functions]
    answers = [
        {
            "role": "tool",
            "tool_call_id": name,
            "content": as_text(one.output) if one.error is None else one.error,
        }
        for name, one in calls
    ]
    return [{"role": "assistant", "content": None, "tool_calls": asked}, *answers]


def _tool(tool: WorldTool) -> Message:
    function = {
        "name": tool.name,
        "description": f"Calls {tool.recorded_name}.",
        "parameters": tool.input_schema,
    }
    return {"type": "function", "function": function}


def _message_in(found: dict[str, Any]) -> Message:
    """Return the assistant's message in a completion. Raises ``TargetFailed``."""
    match found:
        case {"choices": [{"message": dict(message)}, *_]}:
            content, calls = message.get("content"), message.get("tool_calls") or []
            if isinstance(content, str | None) and isinstance(calls, list):
                if len(calls) > MAX_CALLS:
                    raise no_answer(f"it made more than {MAX_CALLS} calls at once", retry=False)
                if all(_is_call(one) for one in calls):
                    kept: Message = {"role": "assistant", "content": content}
                    return kept | ({"tool_calls": calls} if calls else {})
    raise no_answer("choices[0].message must be an assistant's message", retry=True)


def _is_call(call: object) -> bool:
    match call:
        case {"id": str(), "function": {"name": str()}}:
            return True
    return False


def _answered(exchange: Exchange, call: dict[str, Any]) -> Message:
    """Return the message with the world's answer to a tool call."""
    function = call["function"]
    try:
        text = function.get("arguments") or "{}"
        arguments = loads_strict(text) if isinstance(text, str) else text
    except ValueError:
        arguments = None
    if isinstance(arguments, dict):
        content = exchange.call(function["name"], arguments)
    else:
        content = "Invalid arguments: must be a JSON object."
    return {"role": "tool", "tool_call_id": call["id"], "content": content}
