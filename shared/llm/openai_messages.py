"""Mapping of the port's requests to Chat Completions."""

import base64
from collections.abc import Iterable, Iterator
from typing import Any

from shared.core.json import as_text, dumps
from shared.llm.conversations import with_all_results
from shared.llm.images import UNREADABLE, decode_image
from shared.llm.port import ChatMessage, ModelRequest, Part, ToolSpecification

#: Placeholder: servers reject a message without content.
_EMPTY = "(nothing)"
#: Name of an ``output_schema``, which the protocol requires.
_SCHEMA_NAME = "answer"
#: Forms of a request for structured output, from the strictest to the one that every server takes.
SCHEMA, ANY_JSON, PROMPT_ONLY = "json_schema", "json_object", "prompt"

type Message = dict[str, Any]


def request_body(request: ModelRequest, unsupported: Iterable[str] = ()) -> dict[str, Any]:
    """Return the body of a request, without the features that the server does not support.

    ``unsupported`` has names of fields (``reasoning_effort``, ``stream``, ``stream_options``)
    and forms of structured output (``json_schema``, ``json_object``).
    """
    left_out = set(unsupported)
    form = next(one for one in (SCHEMA, ANY_JSON, PROMPT_ONLY) if one not in left_out)
    body: dict[str, Any] = {"model": request.model, "messages": list(_messages(request, form))}
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
    if request.effort and "reasoning_effort" not in left_out:
        body["reasoning_effort"] = request.effort
    if request.output_schema is not None and form != PROMPT_ONLY:
        body["response_format"] = _response_format(request.output_schema, form)
    if request.on_text is not None and "stream" not in left_out:
        body["stream"] = True
        if "stream_options" not in left_out:
            body["stream_options"] = {"include_usage": True}
    return body


def _response_format(schema: dict[str, Any], form: str) -> dict[str, Any]:
    if form == ANY_JSON:
        return {"type": ANY_JSON}
    # Strict schemas must close every object and require every property.
    strict = schema.get("additionalProperties") is False and set(schema.get("required", ())) == set(
        schema.get("properties", ())
    )
    named = {"name": _SCHEMA_NAME, "schema": schema, "strict": strict}
    return {"type": SCHEMA, "json_schema": named}


def _messages(request: ModelRequest, form: str) -> list[Message]:
    messages: list[Message] = []
    if system := _system(request, form):
        messages.append({"role": "system", "content": system})
    for message in with_all_results(request.messages):
        for mapped in _mapped(message):
            _append(messages, mapped)
    return messages


def _system(request: ModelRequest, form: str) -> str:
    """Return the system prompt; without a schema in the request, it has the schema."""
    parts = [request.system_prompt.strip()]
    if request.output_schema is not None and form != SCHEMA:
        schema = dumps(request.output_schema)
        parts.append(f"Answer with one JSON object of this schema and nothing else: {schema}")
    return "\n\n".join(filter(None, parts))


def _append(messages: list[Message], message: Message) -> None:
    """Append a message; texts of the same role are one: chat templates require alternation."""
    last = messages[-1] if messages else None
    if (
        last is not None
        and last["role"] == message["role"] != "tool"
        and "tool_calls" not in last
        and isinstance(last["content"], str)
        and isinstance(message["content"], str)
    ):
        texts = [text for text in (last["content"], message["content"]) if text != _EMPTY]
        messages[-1] = {**message, "content": "\n\n".join(texts) or _EMPTY}
    else:
        messages.append(message)


def _mapped(message: ChatMessage) -> Iterator[Message]:
    if message.role == "tool_result":
        for part in message.content:
            identifier = part["tool_call_id"]
            yield {"role": "tool", "tool_call_id": identifier, "content": _tool_result(part)}
    elif message.role == "agent":
        yield _agent_message(message.content)
    else:
        yield {"role": "user", "content": _user_content(message.content)}


def _agent_message(content: tuple[Part, ...]) -> Message:
    text = "\n".join(part["text"] for part in content if part["type"] == "text")
    calls = [_tool_call(part) for part in content if part["type"] == "tool_call"]
    if calls:
        return {"role": "assistant", "content": text, "tool_calls": calls}
    return {"role": "assistant", "content": text if text.strip() else _EMPTY}


def _tool_call(part: Part) -> dict[str, Any]:
    function = {"name": part["name"], "arguments": dumps(part["arguments"])}
    return {"id": part["id"], "type": "function", "function": function}


def _user_content(content: tuple[Part, ...]) -> str | list[dict[str, Any]]:
    """Return one text, which every server takes, or parts if there is an image."""
    parts = [part for part in map(_user_part, content) if part is not None]
    if any(part["type"] == "image_url" for part in parts):
        return parts
    text = "\n".join(part["text"] for part in parts)
    return text if text.strip() else _EMPTY


def _user_part(part: Part) -> dict[str, Any] | None:
    match part["type"]:
        case "text":
            return {"type": "text", "text": part["text"] if part["text"].strip() else _EMPTY}
        case "image":
            return _image(part)
        case "image_file":
            name = part.get("filename") or part["image_id"]
            return {"type": "text", "text": f"[image file {name}]"}
    return None


def _image(part: Part) -> dict[str, Any]:
    if "base64" not in part:
        return {"type": "image_url", "image_url": {"url": part["url"]}}
    image = decode_image(part)
    if image is None:
        return {"type": "text", "text": UNREADABLE}
    image_format, content = image
    encoded = base64.b64encode(content).decode()
    return {
        "type": "image_url",
        "image_url": {"url": f"data:image/{image_format};base64,{encoded}"},
    }


def _tool_result(part: Part) -> str:
    if "error" in part:
        return f"Error: {part['error']}"
    return as_text(part.get("result")) or _EMPTY


def _tool(tool: ToolSpecification) -> dict[str, Any]:
    # Some servers reject the schema of an object without properties.
    parameters = {"properties": {}, **tool.parameters}
    function = {"name": tool.name, "description": tool.description, "parameters": parameters}
    return {"type": "function", "function": function}
