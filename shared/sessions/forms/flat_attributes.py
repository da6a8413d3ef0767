"""Messages in flat span attributes, ``….<number>.<field>``: OpenInference and OpenLLMetry."""

import re
from typing import Any

from shared.core.json import as_text
from shared.sessions.conversation_payloads import is_parts, parse_json

type Fields = dict[str, Any]

#: Beginnings of the attributes of messages sent to a model, and of its answers.
INPUTS = ("llm.input_messages.", "gen_ai.prompt.", "llm.prompts.")
OUTPUTS = ("llm.output_messages.", "gen_ai.completion.", "llm.choices.", "llm.completions.")
_NUMBERED = re.compile(r"(\d{1,6})\.(.+)", re.DOTALL)
#: Levels that OpenInference puts around the fields of a message, a part or a call.
_LEVELS = re.compile(r"(message|message_content|tool_call|prompt|completion)\.")


def has_messages(attributes: Fields) -> bool:
    """Return whether attributes have messages in this form."""
    return any(key.startswith((*INPUTS, *OUTPUTS)) for key in attributes)


def messages_in(attributes: Fields, prefixes: tuple[str, ...], role: str) -> list[Fields]:
    """Return the messages under prefixes in the chat form; ``role`` is that of one without."""
    return [
        _message(fields, role)
        for prefix in prefixes
        for _, fields in sorted(_numbered(attributes, prefix).items())
    ]


def _numbered(fields: Fields, prefix: str) -> dict[int, Fields]:
    """Return the fields of each number under a prefix."""
    found: dict[int, Fields] = {}
    for key, value in fields.items():
        match = _NUMBERED.fullmatch(key, len(prefix)) if key.startswith(prefix) else None
        if match:
            name = _LEVELS.sub("", match[2], count=1) if _LEVELS.match(match[2]) else match[2]
            found.setdefault(int(match[1]), {})[name] = value
    return found


def _message(fields: Fields, role: str) -> Fields:
    parts = [_part(one) for _, one in sorted(_numbered(fields, "contents.").items())]
    content = _content(fields.get("content", fields.get("text")))
    calls = [_call(one) for _, one in sorted(_numbered(fields, "tool_calls.").items())]
    if name := fields.get("function_call_name"):
        calls.append(_call({"name": name, "arguments": fields.get("function_call_arguments_json")}))
    message: Fields = {"role": fields.get("role") or role}
    if parts and content:
        parts = [{"type": "text", "text": as_text(content)}, *parts]
    message["content"] = parts or content
    if calls:
        message["tool_calls"] = calls
    for key in ("tool_call_id", "name", "reasoning", "refusal"):
        if isinstance(fields.get(key), str) and fields[key]:
            message[key] = fields[key]
    return message


def _content(value: Any) -> Any:
    """Return a content: the parts that a text has as JSON, else the text."""
    parsed = parse_json(value)
    if is_parts(parsed):
        return parsed
    return None if value is None else as_text(value)


def _part(fields: Fields) -> Fields:
    """Return a part of a content in the chat form."""
    kind = fields.get("type")
    if kind in ("reasoning", "thinking"):
        return {"type": "thinking", "thinking": as_text(fields.get("text") or "")}
    if any(key.startswith("image") for key in fields):
        return {"type": "image_url", "image_url": {"url": as_text(fields.get("image.image.url"))}}
    if any(key.startswith("audio") for key in fields):
        return {"type": "input_audio", "input_audio": {"data": ""}}
    return {"type": "text", "text": as_text(fields.get("text") or "")}


def _call(fields: Fields) -> Fields:
    function = {
        "name": fields.get("function.name") or fields.get("name"),
        "arguments": fields.get("function.arguments", fields.get("arguments")),
    }
    identifier = fields.get("id")
    return {"id": identifier, "function": function} if identifier else {"function": function}
