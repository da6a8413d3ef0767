"""Mapping between the port's conversations and Converse's messages."""

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from shared.core.json import as_text
from shared.llm.port import (
    ChatMessage,
    ModelAnswer,
    ModelRequest,
    Part,
    TokenUsage,
    ToolCall,
    ToolSpecification,
)

#: Image formats that Converse accepts, by media type.
_IMAGE_FORMATS = {
    "image/png": "png",
    "image/jpeg": "jpeg",
    "image/jpg": "jpeg",
    "image/gif": "gif",
    "image/webp": "webp",
}
#: Placeholder: Converse rejects an empty text, and a message without content.
_EMPTY = "(nothing)"


def converse_arguments(request: ModelRequest) -> dict[str, Any]:
    """Return the arguments of a ``Converse`` call."""
    arguments: dict[str, Any] = {"modelId": request.model, "messages": _messages(request.messages)}
    if request.system_prompt.strip():
        arguments["system"] = [{"text": request.system_prompt}]
    if request.tools:
        arguments["toolConfig"] = {"tools": [_tool(tool) for tool in request.tools]}
    return arguments


def parse_response(response: dict[str, Any]) -> ModelAnswer:
    """Return the answer in a response of ``Converse``."""
    content = response["output"]["message"]["content"]
    usage = response.get("usage", {})
    return ModelAnswer(
        text="".join(block["text"] for block in content if "text" in block),
        tool_calls=tuple(
            ToolCall(use["toolUseId"], use["name"], use.get("input") or {})
            for use in (block["toolUse"] for block in content if "toolUse" in block)
        ),
        usage=TokenUsage(
            input_tokens=usage.get("inputTokens", 0),
            output_tokens=usage.get("outputTokens", 0),
            cache_read_tokens=usage.get("cacheReadInputTokens", 0),
            cache_creation_tokens=usage.get("cacheWriteInputTokens", 0),
        ),
    )


def _messages(messages: tuple[ChatMessage, ...]) -> list[dict[str, Any]]:
    """Return messages with alternating roles, as Converse requires; tool results are user's."""
    merged: list[dict[str, Any]] = []
    for message in messages:
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
                yield {"text": part["text"] if part["text"].strip() else _EMPTY}
            case "image":
                yield _image(part)
            case "image_file":
                yield {"text": f"[image file {part.get('filename') or part['image_id']}]"}
            case "tool_call":
                use = {"toolUseId": part["id"], "name": part["name"], "input": part["arguments"]}
                yield {"toolUse": use}
            case "tool_result":
                yield {"toolResult": _tool_result(part)}


def _image(part: Part) -> dict[str, Any]:
    image_format = _IMAGE_FORMATS.get(str(part.get("media_type", "image/png")).lower())
    if "base64" not in part:
        return {"text": f"[image at {part['url']}]"}
    try:
        content = base64.b64decode(part["base64"], validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if image_format is None or not content:
        return {"text": "[an image that cannot be read]"}
    return {"image": {"format": image_format, "source": {"bytes": content}}}


def _tool_result(part: Part) -> dict[str, Any]:
    failed = "error" in part
    text = part["error"] if failed else as_text(part.get("result")) or _EMPTY
    return {
        "toolUseId": part["tool_call_id"],
        "content": [{"text": text}],
        "status": "error" if failed else "success",
    }


def _tool(tool: ToolSpecification) -> dict[str, Any]:
    return {
        "toolSpec": {
            "name": tool.name,
            "description": tool.description,
            "inputSchema": {"json": tool.parameters},
        }
    }
