"""ShareGPT turns: ``{"from", "value"}``."""

from typing import Any

from shared.sessions.conversation_payloads import parse_json
from shared.sessions.forms import chat
from shared.sessions.forms.fields import answered, read_call
from shared.sessions.forms.parts import text_of_all
from shared.sessions.forms.steps import Instructed, Steps, refuse

_ASSISTANT = chat.ASSISTANT | {"gpt", "chatgpt", "bing", "bard", "claude", "gemini"}
_RESULT = chat.TOOL | {"observation", "function_response", "tool_response"}
_CALL = frozenset({"function_call", "tool_call"})
_ROLES = chat.USER | chat.INSTRUCTIONS | _ASSISTANT | _RESULT | _CALL


def matches(message: dict[str, Any]) -> bool:
    """Return whether a message is a turn of ShareGPT."""
    return "from" in message and "value" in message


def read(steps: Steps, path: str, message: dict[str, Any]) -> None:
    """Add a turn; the value of a call is the JSON of one call, or of a list."""
    role = message["from"].lower() if isinstance(message["from"], str) else ""
    value = message["value"]
    if role not in _ROLES:
        refuse(f"{path}.from", f"must be one of {', '.join(sorted(_ROLES))}")
    if role in _CALL:
        calls = parse_json(value)
        for call in calls if isinstance(calls, list) else [calls]:
            read_call(steps, f"{path}.value", call)
    elif role in _RESULT:
        steps.add(answered("", str(message.get("name") or ""), value))
    elif not isinstance(value, str | list | None):
        refuse(f"{path}.value", "must be a string")
    elif role in chat.INSTRUCTIONS:
        steps.add(Instructed(text_of_all(value)))
    else:
        steps.say(text_of_all(value), by_user=role in chat.USER)
