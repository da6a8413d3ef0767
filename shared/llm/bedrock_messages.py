"""Mapping between the port's conversations and Converse's messages."""

from collections.abc import Iterator
from typing import Any

from shared.core.json import as_text, dumps
from shared.llm.conversations import with_all_results
from shared.llm.images import UNREADABLE, decode_image
from shared.llm.port import (
    ChatMessage,
    ModelAnswer,
    ModelFailed,
    ModelRequest,
    Part,
    TokenUsage,
    ToolCall,
    ToolSpecification,
)

#: Tool whose arguments are a structured answer.
ANSWER_TOOL = "answer"
_WITHHELD = ("content_filtered", "guardrail_intervened")
_ANSWER_TASK = f"Give your answer by calling the tool {ANSWER_TOOL}."
#: Description of a tool that was called and is not offered any more.
_FORMER = "Not available any more; do not call it."
#: Placeholder: Converse rejects an empty text, and a message without content.
_EMPTY = "(nothing)"


def converse_arguments(request: ModelRequest, *, forced: bool = True) -> dict[str, Any]:
    """Return the arguments of a ``Converse`` call.

    Structured output is a tool that the model must call; ``forced`` is false for models that
    cannot be forced. With other tools in the request, the model chooses.
    """
    arguments: dict[str, Any] = {"modelId": request.model, "messages": _messages(request.messages)}
    tools = [_tool(tool) for tool in request.tools]
    system = request.system_prompt
    if request.output_schema is not None:
        answer = ToolSpecification(ANSWER_TOOL, "Gives the answer.", request.output_schema)
        tools.append(_tool(answer))
        system = f"{system}\n\n{_ANSWER_TASK}"
    if not tools:
        tools = [_tool(tool) for tool in _former_tools(request.messages)]
    if system.strip():
        arguments["system"] = [{"text": system}]
    if tools:
        arguments["toolConfig"] = {"tools": tools}
    if request.output_schema is not None and forced and not request.tools:
        arguments["toolConfig"]["toolChoice"] = {"tool": {"name": ANSWER_TOOL}}
    return arguments


def parse_response(response: dict[str, Any], request: ModelRequest) -> ModelAnswer:
    """Return the answer in a response of ``Converse``.

    Raises ``ModelFailed`` for an answer that a filter withholds.
    """
    reason = response.get("stopReason")
    if reason in _WITHHELD:
        raise ModelFailed("The model's content filter withheld the answer.", retryable=False)
    content = response["output"]["message"]["content"]
    text = "".join(block["text"] for block in content if "text" in block)
    calls = [_call(block["toolUse"]) for block in content if "toolUse" in block]
    if request.output_schema is not None:
        structured = [call for call in calls if call.name == ANSWER_TOOL]
        calls = [call for call in calls if call.name != ANSWER_TOOL]
        text = dumps(structured[0].arguments) if structured else text
    return ModelAnswer(
        text=text,
        tool_calls=tuple(calls),
        usage=_usage(response.get("usage", {})),
        is_cut=reason == "max_tokens",
    )


def _call(use: dict[str, Any]) -> ToolCall:
    """Return a tool call; its input is text where a stream had no valid JSON."""
    arguments = use.get("input") or {}
    if isinstance(arguments, dict):
        return ToolCall(use["toolUseId"], use["name"], arguments)
    error = "the arguments are no JSON object; call the tool again with one"
    return ToolCall(use["toolUseId"], use["name"], {}, error)


def _usage(usage: dict[str, Any]) -> TokenUsage:
    return TokenUsage(
        input_tokens=usage.get("inputTokens", 0),
        output_tokens=usage.get("outputTokens", 0),
        cache_read_tokens=usage.get("cacheReadInputTokens", 0),
        cache_creation_tokens=usage.get("cacheWriteInputTokens", 0),
    )


def _messages(messages: tuple[ChatMessage, ...]) -> list[dict[str, Any]]:
    """Return messages with alternating roles, as Converse requires; tool results are user's."""
    merged: list[dict[str, Any]] = []
    for message in with_all_results(messages):
        role = "assistant" if message.role == "agent" else "user"
        blocks = list(_blocks(message)) or [{"text": _EMPTY}]
        if merged and merged[-1]["role"] == role:
            merged[-1]["content"] += blocks
        else:
            merged.append({"role": role, "content": blocks})
    return merged


def _blocks(message: ChatMessage) -> Iterator[dict[str, Any]]:
    for part in message.content:
        match part["type"]:
            case "text":
                yield _text(part["text"])
            case "image":
                yield _image(part)
            case "image_file":
                yield {"text": f"[image file {part.get('filename') or part['image_id']}]"}
            case "tool_call":
                use = {"toolUseId": part["id"], "name": part["name"], "input": part["arguments"]}
                yield {"toolUse": use}
            case "tool_result":
                yield {"toolResult": _tool_result(part)}


def _text(text: str) -> dict[str, Any]:
    return {"text": text if text.strip() else _EMPTY}


def _image(part: Part) -> dict[str, Any]:
    if "base64" not in part:
        return {"text": f"[image at {part['url']}]"}
    image = decode_image(part)
    if image is None:
        return {"text": UNREADABLE}
    image_format, content = image
    return {"image": {"format": image_format, "source": {"bytes": content}}}


def _tool_result(part: Part) -> dict[str, Any]:
    failed = "error" in part
    text = part["error"] if failed else as_text(part.get("result"))
    return {
        "toolUseId": part["tool_call_id"],
        "content": [_text(text)],
        "status": "error" if failed else "success",
    }


def _former_tools(messages: tuple[ChatMessage, ...]) -> list[ToolSpecification]:
    """Return a tool for each name that was called: without any, Converse rejects the calls."""
    parts = [part for message in messages for part in message.content]
    names = dict.fromkeys(part["name"] for part in parts if part["type"] == "tool_call")
    return [ToolSpecification(name, _FORMER, {"type": "object"}) for name in names]


def _tool(tool: ToolSpecification) -> dict[str, Any]:
    return {
        "toolSpec": {
            "name": tool.name,
            "description": tool.description if tool.description.strip() else tool.name,
            "inputSchema": {"json": tool.parameters},
        }
    }
