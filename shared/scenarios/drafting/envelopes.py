"""Envelopes: messages of agents that answer with a JSON object around their text."""

from shared.core.json import loads_strict

#: Fields for the text of a message, in order of preference.
_FIELDS = ("message", "response", "reply", "answer", "content", "text", "output", "speech")
#: Characters of a message that is read as JSON.
_MAX = 100_000


def unwrap(text: str) -> str:
    """Return the text in a message such as ``{"message": "…"}``; any other message as it is."""
    bare = text.strip().removeprefix("```json").removesuffix("```").strip()
    if not bare.startswith("{") or len(bare) > _MAX:
        return text
    try:
        content = loads_strict(bare)
    except (ValueError, RecursionError):
        return text
    if not isinstance(content, dict):
        return text
    inner = next((content[name] for name in _FIELDS if name in content), None)
    if isinstance(inner, dict):
        inner = next((inner[name] for name in _FIELDS if name in inner), None)
    return inner if isinstance(inner, str) and inner.strip() else text
