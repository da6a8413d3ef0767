"""LangChain messages: as ``messages_to_dict``, ``dumps`` and ``model_dump`` write them."""

from typing import Any

from shared.sessions.forms import chat
from shared.sessions.forms.steps import Steps, refuse

#: Types of messages, and their classes in serialized objects.
_TYPES = {
    "human": "user",
    "ai": "assistant",
    "system": "system",
    "tool": "tool",
    "function": "function",
    "chat": "",
    "developer": "developer",
}
_CLASSES = {f"{name}message{suffix}": name for name in _TYPES for suffix in ("", "chunk")}
#: Fields that LangChain's OpenAI models repeat outside of a message's own ones.
_REPEATED = ("function_call", "tool_calls", "refusal", "audio", "reasoning_content")


def matches(message: dict[str, Any]) -> bool:
    """Return whether a message is one of LangChain, in any of its three forms."""
    if message.get("lc") is not None or message.get("type") == "constructor":
        return True
    known = _type_of(message.get("type"))
    nested = isinstance(message.get("data"), dict)
    return known is not None and (nested or ("content" in message and "role" not in message))


def read(steps: Steps, path: str, message: dict[str, Any]) -> None:
    """Add a message as one of the chat form."""
    kind: Any = message.get("type")
    fields: Any = message
    if kind == "constructor" or message.get("lc") is not None:
        names, fields = message.get("id"), message.get("kwargs")
        kind = names[-1] if isinstance(names, list) and names else None
        path = f"{path}.kwargs"
    elif isinstance(message.get("data"), dict):
        fields = message["data"]
        path = f"{path}.data"
    found = _type_of(kind)
    if found is None or not isinstance(fields, dict):
        refuse(path, f"must be a message of the types {', '.join(sorted(_TYPES))}")
    role = _TYPES[found] or fields.get("role")
    # A message's own calls are those of its provider, parsed.
    extra = fields.get("additional_kwargs")
    extra = extra if isinstance(extra, dict) else {}
    repeated = {key: extra[key] for key in _REPEATED if extra.get(key) and not fields.get(key)}
    own = {key: value for key, value in fields.items() if key != "type"}
    chat.read(steps, path, {**own, **repeated, "role": role})


def _type_of(name: Any) -> str | None:
    if not isinstance(name, str):
        return None
    return name if name in _TYPES else _CLASSES.get(name.lower())
