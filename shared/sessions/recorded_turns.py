"""Messages of recorded turns: the inputs and outputs of an evaluation session's client.

Inputs and outputs are the client's own JSON: text, an object with text or messages in it, or
the answer of a model API. Those of an import are known exactly.
"""

from typing import Any
from uuid import UUID

from shared.core.ids import ApiKeyId
from shared.core.json import dumps
from shared.sessions.conversation_payloads import is_parts, parse_json, text_of, to_text

#: Key of turns that no key recorded, since they were imported (the Nil UUID of RFC 9562).
NO_KEY = ApiKeyId(UUID(int=0))
#: Keys of the user's text in an input object, in order of preference.
_TEXT = ("user_message", "userMessage", "message", "query", "question", "prompt", "text", "input")
#: Keys of a conversation in an object.
_CONVERSATION = ("messages", "conversation", "conversationTurns", "turns", "history")


class RecordedTurns:
    """Messages of successive turns, without those that an earlier turn contained.

    Many clients send the whole conversation so far with each turn.
    """

    def __init__(self) -> None:
        self._recorded: list[str] = []

    def new_messages(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the messages that a turn has beyond the earlier ones; none of a deleted one."""
        if data.get("deletedAt"):
            return []
        new = _imported_messages(data) if data.get("userId") == str(NO_KEY) else None
        if new is None:
            messages = _input_messages(data.get("input"))
            new = messages[self._overlap(messages) :] + _output_messages(data.get("actualOutput"))
        self._recorded += map(_fingerprint, new)
        return new

    def _overlap(self, messages: list[dict[str, Any]]) -> int:
        """Count the leading messages that equal the last recorded ones."""
        prints = [_fingerprint(message) for message in messages]
        for length in range(min(len(self._recorded), len(prints)), 0, -1):
            if self._recorded[-length:] == prints[:length]:
                return length
        return 0


def _imported_messages(data: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Return the messages of an imported turn, which repeats no earlier one.

    None if its input was changed to one that no import writes.
    """
    found: list[dict[str, Any]] = []
    match data.get("input"):
        case None:
            pass
        case {"user_message": str(text), **others} if not others:
            found.append({"role": "user", "content": text})
        case {"messages": list(messages), **others} if not others:
            if not all(isinstance(message, dict) for message in messages):
                return None
            found += messages
        case _:
            return None
    if isinstance(output := data.get("actualOutput"), str):
        found.append({"role": "assistant", "content": output})
    return found


def _input_messages(value: Any) -> list[dict[str, Any]]:
    """Return an input as messages: text, an object around it, or a conversation."""
    messages = _find_conversation(value)
    text = value
    if isinstance(value, dict):
        text = next((value[key] for key in _TEXT if value.get(key)), None)
        if text is None and not messages and value:
            text = value
    elif messages:
        return messages
    if not messages and (inner := _find_conversation(text)):
        return inner
    if text in (None, "") or (messages and to_text(text) == text_of(messages[-1].get("content"))):
        return messages
    return [*messages, {"role": "user", "content": to_text(text)}]


def _output_messages(value: Any) -> list[dict[str, Any]]:
    """Return an output as messages; text with a model API's answer in it is parsed."""
    content = parse_json(value)
    messages = _find_conversation(content)
    if messages:
        return messages
    if isinstance(content, dict):
        choices = content.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], dict):
            content = choices[0].get("message") or content
        if isinstance(content, dict) and (
            content.get("tool_calls") or is_parts(content.get("content"))
        ):
            return [{**content, "role": "assistant"}]
    if value in (None, ""):
        return []
    return [{"role": "assistant", "content": to_text(value)}]


def _find_conversation(value: Any) -> list[dict[str, Any]]:
    """Return the messages in a value, without system prompts; none if it has no conversation."""
    value = parse_json(value)
    if isinstance(value, dict):
        if "role" in value and ("content" in value or "tool_calls" in value):
            value = [value]
        else:
            value = next((value[key] for key in _CONVERSATION if value.get(key)), None)
            value = parse_json(value)
    if not isinstance(value, list):
        return []
    messages = [m for m in value if isinstance(m, dict) and (m.get("role") or m.get("type"))]
    if len(messages) != len(value):
        return []
    return [m for m in messages if m.get("role") not in ("system", "developer")]


def _fingerprint(message: dict[str, Any]) -> str:
    content = {key: message[key] for key in ("content", "tool_calls") if message.get(key)}
    role = "user" if message.get("role") in ("user", "human") else message.get("role")
    return dumps([role, content])
